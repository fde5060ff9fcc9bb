/** Gives the command line everything it must refuse: one sentence, the right exit code, and nothing written. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld, promptFile, type Ran } from "./cli-world.fixture.ts";

let world: CliWorld;

/** One line on stderr that ends as a sentence ends, nothing on stdout, no stack. */
function expectSentence({ out, err }: Ran): void {
  expect(out).toBe("");
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(err.trimEnd()).toMatch(/[.?]$/);
  expect(err).not.toMatch(/\n\s+at |Error:/);
}

async function revision(): Promise<number> {
  const harness = await world.open();
  try {
    return await harness.records.revision();
  } finally {
    await harness.close();
  }
}

const REFUSED: readonly (readonly [string, readonly string[], string])[] = [
  ["a misspelt command", ["relase", `${KEY}@v1`], "did you mean release?"],
  ["a misspelt flag", ["release", `${KEY}@v1`, "--reson", "x"], "did you mean --reason?"],
  ["a flag without its value", ["release", `${KEY}@v1`, "--reason"], "--reason"],
  ["an argument too many", ["list", "all"], "Too many arguments"],
  ["an argument too few", ["show"], "Missing required argument"],
  ["a misspelt key", ["release", "support.triag@v1", "--reason", "x"], "did you mean support.triage?"],
  ["a key that is none", ["show", "support triage"], "support triage"],
  ["@latest", ["release", `${KEY}@latest`, "--reason", "x"], "there is no latest"],
  ["a version that is none", ["release", `${KEY}@7`, "--reason", "x"], "write it as v7"],
  ["a version that is not there", ["release", `${KEY}@v9`, "--reason", "x"], "its newest is v2"],
  ["no version at all", ["release", KEY, "--reason", "x"], "names no version"],
  ["no reason", ["release", `${KEY}@v2`, "--env", "production"], "--reason"],
  ["a blank reason", ["rollback", KEY, "--env", "production", "--reason", " "], "--reason"],
  [
    "a misspelt environment",
    ["release", `${KEY}@v1`, "--env", "prodution", "--reason", "x"],
    "did you mean production",
  ],
  ["a list of a misspelt environment", ["list", "--env", "prodution"], "did you mean production"],
  ["a prompt in an environment of no name", ["show", KEY, "--env", ""], "There is no environment"],
  ["the ledger of an unknown environment", ["ledger", "--env", "prodution"], "did you mean production"],
  ["the ledger of an unknown prompt", ["ledger", "--prompt", "support.triag"], "did you mean support.triage"],
  ["the ledger of an unknown version", ["ledger", "--prompt", KEY, "--version", "v9"], "its newest is v2"],
  ["a trace that is none", ["ledger", "--trace", "xyz"], "32 hexadecimal digits"],
  ["a resolution in the future", ["resolve", KEY, "--at", "2099-01-01"], "still to come"],
  ["two kinds of sides", ["diff", KEY, "v1", "v2", "--env", "staging..production"], "either two versions"],
  ["nothing to roll back", ["rollback", KEY, "--env", "staging", "--reason", "x"], "nothing to go back to"],
  ["a bad date", ["resolve", KEY, "--at", "yesterday"], "no date"],
  ["a day that no calendar has", ["ledger", "--since", "2026-02-30"], "no date"],
  ["times the wrong way round", ["ledger", "--since", "2026-02-02", "--until", "2026-02-01"], "swap them"],
  ["a minute to come", ["at", "23:59", KEY], "still to come"],
  ["a time that is none", ["at", "noon", KEY], "no time"],
  ["a limit of nothing", ["ledger", "--limit", "0"], "--limit"],
  ["a version without its prompt", ["ledger", "--version", "v1"], "--prompt"],
  ["an override for nobody", ["override", "set", `${KEY}@v1`], "--user"],
  ["an override for two", ["override", "set", `${KEY}@v1`, "--user", "a", "--tenant", "b"], "at once"],
  [
    "an override that is over",
    ["override", "set", `${KEY}@v1`, "--user", "a", "--expires", "2020-01-01"],
    "no time to come",
  ],
  ["an override to no version", ["override", "set", KEY, "--user", "a"], "names no version"],
  [
    "an execution id that is none",
    ["outcome", "42", "--name", "thumbs", "--value", "true"],
    "no an execution id",
  ],
  [
    "an outcome of the wrong type",
    ["outcome", "019bc2f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "--name", "thumbs", "--value", "3"],
    "true or false",
  ],
  [
    "an outcome of an unknown call",
    ["outcome", "019bc2f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "--name", "thumbs", "--value", "true"],
    "no execution",
  ],
  [
    "an unknown source",
    [
      "outcome",
      "019bc2f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
      "--name",
      "thumbs",
      "--value",
      "true",
      "--source",
      "me",
    ],
    "--source takes",
  ],
  ["one side of a comparison", ["diff", KEY, "v1"], "Two sides"],
  ["nobody to erase", ["erase"], "--user"],
  ["nowhere to write a snapshot", ["snapshot"], "-o"],
  ["a name that no environment has", ["env", "add", "Bad Name"], "small letters"],
  ["a gate that is none", ["env", "protect", "staging", "--gate", "perhaps"], "--gate takes"],
  ["a file that is not there", ["register", "nope.yaml"], "is not there"],
  ["no file at all", ["register"], "--declared"],
  ["variables that are missing", ["render", KEY, "--env", "production"], 'needs the variable "ticket"'],
  ["a port that is none", ["simulator", "--port", "web"], "--port"],
  ["a batch without input", ["batch", KEY, "--out", "o.jsonl", "--model", "m"], "--input"],
];

describe("On a store with two versions", () => {
  // One store for all of them: whatever is refused must leave it as it was.
  beforeAll(async () => {
    world = openWorld();
    await fillWorld(world);
  });
  afterAll(() => world.close());

  test.each(REFUSED)("%s is refused with one sentence, exit 2 and no record", async (_name, args, words) => {
    const before = await revision();
    const ran = await world.run(args);
    expectSentence(ran);
    expect(ran.err).toContain(words.replace("no an", "not an"));
    expect(ran.code).toBe(2);
    expect(await revision()).toBe(before);
  });

  const FILES: readonly (readonly [string, string, string | object, string])[] = [
    ["an unclosed brace", "a.json", '{"key": "a",\n "body": }', "line 2, column 10"],
    ["a key given twice", "a.yaml", "key: a\nkey: b\n", "line 2, column 1"],
    ["a JSON key given twice", "a.json", '{"key": "a",\n "key": "b"}', "line 2"],
    ["bad indentation", "a.yaml", "key: a\n  body: b\n c: d", "line"],
    ["an empty file", "a.yaml", "\n", "is empty"],
    ["a list", "a.yaml", "- a\n- b", "holds no prompt"],
    ["a misspelt field", "a.json", promptFile("x {{ticket}}", { modell: "gpt-5" }), "did you mean model?"],
    ["no body", "a.json", { key: "a", model: "gpt-5" }, "body is missing"],
    ["body and messages", "a.json", promptFile("x {{ticket}}", { messages: [] }), "keep one"],
    [
      "a body that does not fit",
      "a.json",
      promptFile("{{ticket}} {{customer}}"),
      "{{customer}} is not in the contract",
    ],
    [
      "a variable that nobody reads",
      "a.json",
      promptFile("Hello"),
      "ticket is required, but no placeholder reads it",
    ],
    ["a template that is none", "a.json", promptFile("{{#if ticket}} {{ticket}}"), "{{#if"],
    ["a key with a version", "a.json", promptFile("{{ticket}}", { key: "a@v1" }), "leave the version out"],
    ["a partial that is not there", "a.json", promptFile("{{ticket}} {{> shared.tone@v1}}"), "shared.tone"],
  ];

  test.each(FILES)("a file with %s is refused with one sentence, exit 2 and no record", async (...given) => {
    const [, name, content, words] = given;
    world.write(name, content);
    const before = await revision();
    const ran = await world.run(["register", name]);
    expectSentence(ran);
    expect(ran.err).toContain(words);
    expect(ran.code).toBe(2);
    expect(await revision()).toBe(before);
  });

  const VARIABLES: readonly (readonly [string, string, string])[] = [
    ["an extra one", '{"ticket": "x", "tone": "y"}', 'no variable "tone"'],
    ["one of the wrong type", '{"ticket": 4}', "ticket must be string"],
    ["a list", '["ticket"]', "holds no variables"],
    ["broken JSON", '{"ticket": ', "malformed at line 1"],
  ];

  test.each(VARIABLES)("variables with %s are refused", async (_name, content, words) => {
    world.write("vars.json", content);
    const ran = await world.run(["render", KEY, "--vars", "vars.json", "--env", "production"]);
    expectSentence(ran);
    expect(ran.err).toContain(words);
    expect(ran.code).toBe(2);
  });

  test("with --json the sentence is followed by the error as JSON, on stderr alone", async () => {
    const ran = await world.run(["show", "support.triag", "--json"]);
    expect(ran.out).toBe("");
    const [sentence, json] = ran.err.trimEnd().split("\n");
    expect(JSON.parse(json ?? "")).toEqual({ error: { code: "key-unknown", message: sentence } });
  });

  test("a store held by another writer is told as busy, and nothing is written", async () => {
    const before = await revision();
    const other = new DatabaseSync(join(world.folder, ".colophon", "store.db"));
    other.exec("BEGIN IMMEDIATE");
    try {
      const ran = await world.run(["release", `${KEY}@v2`, "--env", "production", "--reason", "better"]);
      expectSentence(ran);
      expect(ran.code).toBe(5);
      expect((await world.run(["resolve", KEY, "--env", "production", "--json"])).json()).toMatchObject({
        version: 1,
      });
    } finally {
      other.exec("ROLLBACK");
      other.close();
    }
    expect(await revision()).toBe(before);
  });
});

describe("Without a usable store", () => {
  beforeEach(() => {
    world = openWorld();
  });
  afterEach(() => world.close());

  test("a read makes none and says how to", async () => {
    for (const args of [["list"], ["show", KEY], ["ledger"], ["verify"], ["doctor"], ["at", "14:00", KEY]]) {
      const ran = await world.run(args);
      expectSentence(ran);
      expect(ran.err).toContain("colophon init");
      expect(ran.code).toBe(5);
    }
  });

  test("a file that is no store is left alone", async () => {
    const file = join(world.folder, "notes.db");
    writeFileSync(file, "these are my notes, not a database, and they are quite long: ".repeat(100));
    for (const args of [["list"], ["env", "add", "preview"]]) {
      const ran = await world.run([...args, "--store", file]);
      expectSentence(ran);
      expect(ran.code).toBe(5);
    }
  });

  test("a database of something else is left alone", async () => {
    const file = join(world.folder, "other.db");
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE mine (x)");
    other.close();
    const ran = await world.run(["env", "add", "preview"], { env: { COLOPHON_STORE: file } });
    expectSentence(ran);
    expect(ran.code).toBe(5);
  });

  test("servers are told to be out of reach", async () => {
    const env = { COLOPHON_API_KEY: "clp_none" };
    for (const store of ["postgres://localhost/colophon", "http://127.0.0.1:9"]) {
      const ran = await world.run(["list", "--store", store], { env });
      expectSentence(ran);
      expect(ran.code).toBe(5);
    }
  });

  test.each([["watch", "--once"], ["init"], ["score", KEY]])(
    "%s says that it needs the store itself, or a server's key",
    async (...line) => {
      const ran = await world.run([...line, "--store", "https://prompts.example.com"]);
      expectSentence(ran);
      const wanted = line[0] === "score" ? "COLOPHON_API_KEY" : "This works on a store itself";
      expect(ran.err).toContain(wanted);
    },
  );

  test("a server is not asked without a key", async () => {
    const ran = await world.run(["list", "--store", "https://colophon.example"]);
    expectSentence(ran);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("COLOPHON_API_KEY")]);
  });
});
