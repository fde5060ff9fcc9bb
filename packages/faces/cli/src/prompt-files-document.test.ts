/** Holds docs/prompt-files.md to the truth: each of its files is the prompt, or ends in the error, that follows it. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliWorld, openWorld } from "./cli-world.fixture.ts";

const DOCUMENT = readFileSync(new URL("../../../../docs/prompt-files.md", import.meta.url), "utf8");

interface Example {
  readonly path: string;
  readonly source: string;
  /** YAML of the same prompt, or the words of an error. */
  readonly outcome: "yaml" | "error";
  readonly expected: string;
}

function examples(): readonly Example[] {
  const fences = [...DOCUMENT.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)];
  return fences.flatMap(([, language, path = "", source = ""], index) => {
    if (language !== "handlebars") return [];
    const [, kind, , expected = ""] = fences[index + 1] ?? [];
    return [{ path, source, outcome: kind === "yaml" ? "yaml" : "error", expected } as const];
  });
}

let world: CliWorld;
beforeAll(async () => {
  world = openWorld();
  await world.run(["init"]);
});
afterAll(() => world.close());

test.each(examples())("$path ends as docs/prompt-files.md says ($outcome)", async (example) => {
  const { path, source, outcome, expected } = example;
  world.write(path, source);
  const file = await world.run(["register", path, "--json"]);
  if (outcome === "error") {
    expect([file.code, file.err]).toEqual([2, expect.stringContaining(expected.trim())]);
    return;
  }
  expect([file.code, file.err]).toEqual([0, ""]);
  expect(file.json()).toMatchObject({ version: 1, created: true });
  const same = await world.run(["register", "-", "--json"], { input: expected });
  expect(same.json()).toEqual({ ...file.json(), created: false, metadataChanged: false });
});

test("a file outside of a folder prompts has to say its name", async () => {
  const front = "---\nmodel: gpt-5-mini\n";
  world.write("triage.prompt", `${front}---\nSort the ticket.\n`);
  const nameless = await world.run(["register", "triage.prompt"]);
  expect([nameless.code, nameless.err]).toEqual([2, expect.stringContaining("name is missing")]);
  world.write("triage.prompt", `${front}name: team/triage\n---\nSort the ticket.\n`);
  expect((await world.run(["register", "triage.prompt", "--json"])).json()).toMatchObject({
    key: "team/triage",
  });
});

test("a candidate's file has the key that the command names, unless it says another", async () => {
  world.write("prompts/support/mood.prompt", "---\nmodel: gpt-5-mini\n---\nName the mood.\n");
  await world.run(["register", "prompts/support/mood.prompt"]);
  world.write("idea.prompt", "---\nmodel: gpt-5-mini\n---\nName the mood in one word.\n");
  const add = ["candidate", "add", "support.mood", "idea.prompt", "--rationale", "shorter", "--json"];
  expect((await world.run(add)).json()).toMatchObject({ key: "support.mood", candidate: 1, created: true });
  world.write("idea.prompt", "---\nname: other\nmodel: gpt-5-mini\n---\nName the mood.\n");
  const other = await world.run(add);
  expect([other.code, other.err]).toEqual([2, expect.stringContaining("idea.prompt is about other")]);
});

test("a prompt file that is not there is no file", async () => {
  const ran = await world.run(["register", "prompts/none.prompt"]);
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("prompts/none.prompt is not there")]);
});
