/** Tests of what runs keep in files: journals, answers, locks. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeptAnswer, ScoredGroup } from "@colophon/evaluation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAnswerStore } from "./answer-store.ts";
import { openFileJournal } from "./file-journal.ts";
import { lockRun } from "./run-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-runs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function group(name: string, repeat = 0): ScoredGroup {
  const line = { case: name, cluster: null, repeat, score: 1, slice: [] };
  return { case: name, repeat, lines: { challenger: line } };
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const one of items) list.push(one);
  return list;
}

test("a journal knows what is finished, and cuts off what was torn", async () => {
  const file = join(folder, "run.journal.jsonl");
  const first = await openFileJournal(file);
  first.append(group("ä one"));
  first.append(group("two", 3));
  first.close();
  appendFileSync(file, '{"case":"three","repeat":0,"li');
  const second = await openFileJournal(file);
  expect([
    second.has("ä one", 0),
    second.has("two", 3),
    second.has("two", 0),
    second.has("three", 0),
  ]).toEqual([true, true, false, false]);
  second.append(group("three"));
  second.close();
  expect((await all(second.groups())).map((one) => one.case)).toEqual(["ä one", "two", "three"]);
});

test("a file that is no journal is refused, and left as it is", async () => {
  const file = join(folder, "run.journal.jsonl");
  writeFileSync(file, `${JSON.stringify(group("one"))}\nhello\n`);
  await expect(openFileJournal(file)).rejects.toThrow(
    expect.objectContaining({ code: "input-malformed", message: expect.stringContaining("line 2") }),
  );
  expect(readFileSync(file, "utf8")).toContain("hello");
});

test("answers are kept as they were, short and long ones, by their names", () => {
  const kept = (text: string) => ({ answer: { text }, execution: "e" }) as unknown as KeptAnswer;
  const file = join(folder, "answers.db");
  const [one, two] = ["a".repeat(64), "b".repeat(64)];
  const first = openAnswerStore(file);
  first.keep(one, kept("short"));
  first.keep(two, kept("long ".repeat(2_000)));
  first.keep(one, kept("another"));
  first.close();
  const second = openAnswerStore(file);
  expect(second.find(one)?.answer.text).toBe("short");
  expect(second.find(two)?.answer.text).toHaveLength(10_000);
  expect(second.find("c".repeat(64))).toBeUndefined();
  second.close();
});

test("a file that holds something else is said to", () => {
  const file = join(folder, "answers.db");
  writeFileSync(file, "These are not answers. ".repeat(100));
  expect(() => openAnswerStore(file)).toThrow(expect.objectContaining({ code: "store-corrupt" }));
});

test("one process at a time has a run, and a dead one lets it go", () => {
  const file = join(folder, "run.lock");
  const unlock = lockRun(file);
  expect(() => lockRun(file)).toThrow(
    expect.objectContaining({ code: "store-busy", message: expect.stringContaining(String(process.pid)) }),
  );
  unlock();
  // No process has so high a number.
  writeFileSync(file, "4194305");
  lockRun(file)();
  // In a container, the dead one had the number that this one has now.
  writeFileSync(file, String(process.pid));
  lockRun(file)();
});
