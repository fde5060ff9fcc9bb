/** Media variables on the command line: registered in a contract, rendered, and sent by a batch. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, openWorld } from "./cli-world.fixture.ts";

let world: CliWorld;
let simulator: RunningSimulator | undefined;
beforeEach(() => {
  world = openWorld();
});
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
  world.close();
});

const LOOK = `
key: look
model: gpt-5-mini
body: "{{question}} {{photo}}{{#each pages}}{{this}}{{/each}}"
input:
  type: object
  properties:
    question: { type: string }
    photo: { x-media: true }
    pages: { type: array, items: { x-media: true } }
  required: [question, photo]
`;
const photo = { url: "https://img.example/cat.png?sig=topsecret", mediaType: "image/png" };

async function register(file: string, text: string) {
  world.write(file, text);
  return world.run(["register", file]);
}

test("a file says in its contract what is a medium, and render shows where it stands", async () => {
  expect((await register("look.yaml", LOOK)).code).toBe(0);
  world.write("vars.json", { question: "Which animal?", photo, pages: [{ fileId: "file-7" }] });
  const rendered = await world.run(["render", "look@v1", "--vars", "vars.json"]);
  expect(rendered.out).toContain("Which animal? [photo][pages]");
  const { messages } = (await world.run(["render", "look@v1", "--vars", "vars.json", "--json"])).json();
  expect(messages).toEqual([
    {
      role: "user",
      content: "Which animal? [photo][pages]",
      parts: [
        { type: "text", text: "Which animal? " },
        {
          type: "media",
          media: { name: "photo", source: { url: photo.url }, mediaType: "image/png", filename: null },
        },
        {
          type: "media",
          media: { name: "pages", source: { fileId: "file-7" }, mediaType: null, filename: null },
        },
      ],
    },
  ]);
});

test.each([
  ["a text", "cat.png", "photo is no medium: pass { url }, { fileId } or { bytes, mediaType }"],
  ["bytes, which JSON has none of", { bytes: "AAAA", mediaType: "image/png" }, "photo has bytes that are no"],
  ["a data address", { url: "data:image/png;base64,AAAA" }, "photo is a data: address: pass its bytes"],
])("render refuses %s in the place of a medium", async (_, wrong, sentence) => {
  await register("look.yaml", LOOK);
  world.write("vars.json", { question: "Which?", photo: wrong });
  const { code, err } = await world.run(["render", "look@v1", "--vars", "vars.json"]);
  expect(code).not.toBe(0);
  expect(err).toContain(sentence);
});

test.each([
  {
    what: "a medium as JSON",
    from: "{{photo}}",
    to: "{{json photo}}",
    sentence: "photo is a medium; write {{photo}}",
  },
  {
    what: "a medium in a system message",
    from: '"{{question}}',
    to: '"{{role \\"system\\"}}{{question}}',
    sentence: "a message of role system holds only text",
  },
  {
    what: "a fenced medium",
    from: "model:",
    to: "untrusted: [photo]\nmodel:",
    sentence: "only texts are fenced",
  },
  {
    what: "the keyword in the depth",
    from: "question: { type: string }",
    to: "question: { type: string }\n    card: { type: object, properties: { photo: { x-media: true } } }",
    sentence:
      "properties.card.properties.photo has x-media; only a whole variable or the items of a list can be media",
  },
])("register refuses $what", async ({ from, to, sentence }) => {
  const { code, err } = await register("look.yaml", LOOK.replace(from, to));
  expect(code).not.toBe(0);
  expect(err).toContain(sentence);
});

test("a batch sends media by address, and its rows have their hashes under a key", async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  await register("look.yaml", LOOK);
  await world.run(["release", "look@v1", "--env", "staging", "--reason", "first"]);
  world.write(
    "in.jsonl",
    [photo, photo].map((one) => JSON.stringify({ question: "Which?", photo: one })).join("\n"),
  );
  const args = ["batch", "look", "--input", "in.jsonl", "--out", "out.jsonl", "--model", "gpt-5-nano"];
  const more = ["--base-url", simulator.baseUrl, "--env", "staging", "--json"];
  const ran = await world.run([...args, ...more]);
  expect(ran.err).toBe("");
  expect(ran.json()).toMatchObject({ lines: 2, finished: 2, errors: 0 });
  interface Row {
    readonly parts: readonly { readonly kind: string; readonly name: string; readonly hash: string }[];
  }
  const rows = (await world.run(["ledger", "--json", "--env", "staging"])).rows<Row>();
  expect(rows.map((row) => row.parts)).toEqual([
    [
      expect.objectContaining({
        kind: "media",
        name: "photo",
        hash: expect.stringMatching(/^[0-9a-f]{32}$/),
      }),
    ],
    [expect.objectContaining({ kind: "media", name: "photo", hash: rows[0]?.parts[0]?.hash })],
  ]);
  expect(readFileSync(join(world.folder, ".colophon", "store.db"), "latin1")).not.toContain("topsecret");
  expect((await world.run(["verify"])).code).toBe(0);
});

test("a batch stops before it sends anything at a line whose medium is none", async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  await register("look.yaml", LOOK);
  await world.run(["release", "look@v1", "--env", "staging", "--reason", "first"]);
  world.write("in.jsonl", JSON.stringify({ question: "Which?", photo: { path: "cat.png" } }));
  const args = ["batch", "look", "--input", "in.jsonl", "--out", "out.jsonl", "--model", "gpt-5-nano"];
  const { code, err } = await world.run([...args, "--base-url", simulator.baseUrl, "--env", "staging"]);
  expect(code).not.toBe(0);
  expect(err).toContain("photo has neither url, fileId nor bytes");
  expect(simulator.requests).toHaveLength(0);
});
