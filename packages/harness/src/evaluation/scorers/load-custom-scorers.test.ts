/** Tests of loading scorers out of files, and of scoring by them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createScorers, type ScoreInput, scorerFiles } from "@colophon/evaluation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCustomScorers } from "./load-custom-scorers.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-scorers-"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("words.mjs", "export const score = ({ text }, { most }) => text.split(' ').length <= most;");
  write("..half.mjs", "export default async () => ({ score: 0.5, why: 'half' });");
  write("none.mjs", "export const other = 1;");
  write("broken.mjs", "export const = ;");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answer: ScoreInput = {
  variables: {},
  expected: { kind: "none" },
  text: "three short words",
  toolCalls: [],
  refused: false,
  latency: 1,
  cost: null,
};

test("Functions of files score with the parameters of their spec", async () => {
  const specs = [
    { scorer: "custom", options: { file: "words.mjs", parameters: { most: 3 } } },
    { scorer: "custom", options: { file: "words.mjs", parameters: { most: 2 } } },
    { scorer: "custom", options: { file: "..half.mjs" } },
    { scorer: "exact" },
  ];
  const files = scorerFiles(specs);
  expect(files).toEqual(["words.mjs", "..half.mjs"]);
  const scorers = createScorers({
    checkerOf: () => () => undefined,
    custom: await loadCustomScorers(files, folder),
  });
  expect(specs.map((spec) => scorers.lacks(spec))).toEqual([undefined, undefined, undefined, undefined]);
  const outcomes = await Promise.all(specs.slice(0, 3).map((spec) => scorers.score(spec, answer)));
  expect(outcomes).toEqual([
    { ok: true, value: 1 },
    { ok: true, value: 0 },
    { ok: true, value: 0.5, why: "half" },
  ]);
});

test.each([
  ["none.mjs", "exports no function"],
  ["broken.mjs", "cannot be loaded"],
  ["missing.mjs", "cannot be loaded"],
  ["../elsewhere.mjs", "lies outside of the folder"],
  ["/etc/elsewhere.mjs", "lies outside of the folder"],
])("A file that is no scorer is refused: %s %s", async (file, why) => {
  await expect(loadCustomScorers([file], folder)).rejects.toMatchObject({
    code: "input-malformed",
    message: expect.stringContaining(why),
  });
});
