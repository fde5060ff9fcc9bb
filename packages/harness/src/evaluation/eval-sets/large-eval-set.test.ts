/** Tests of large eval sets: kept in chunks, read a part at a time, and the same sets as ever to whoever uses them. */
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EvalCase, type EvalSetContent, type EvalSetHead, isHead } from "@colophon/evaluation";
import { hashDocument } from "@colophon/kernel";
import { anActor } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openMemoryHarness } from "../../index.ts";
import { HOUSES, type OpenedHouse } from "../../opened-house.fixture.ts";
import { askedCases } from "../runs/asked-cases.ts";
import { exportEvalSet } from "./export-eval-set.ts";
import { type ImportEvalSetRequest, importEvalSet } from "./import-eval-set.ts";
import { findEvalSet, loadEvalSet } from "./load-eval-set.ts";

const COUNT = 1_500;

function lineOf(at: number): string {
  return JSON.stringify({
    id: `case-${at}`,
    variables: { ticket: `ticket ${at}: ${"it does not work ".repeat(6)}` },
    expected: "bug",
    split: at % 3 === 0 ? "dev" : "test",
    cluster: at % 10 === 0 ? `talk-${at % 3}` : null,
  });
}

const LINES = Array.from({ length: COUNT }, (_, at) => lineOf(at));
const IDS = LINES.map((_, at) => `case-${at}`).sort();

describe.each(HOUSES)("On $name", (house) => {
  let opened: OpenedHouse;
  let folder: string;
  beforeEach(async () => {
    opened = await house.open();
    folder = mkdtempSync(join(tmpdir(), "colophon-large-"));
  });
  afterEach(async () => {
    await opened.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** From a file, as the command line does. */
  async function take(lines: readonly string[], more: Partial<ImportEvalSetRequest> = {}) {
    const path = join(folder, "cases.jsonl");
    writeFileSync(path, `\uFEFF${lines.join("\n")}\n`);
    return importEvalSet(opened.harness, {
      file: { file: "cases.jsonl", format: "jsonl", path },
      name: "triage",
      checkerOf: () => (value) => ({ value }),
      ...more,
    });
  }

  async function headOf(hash: string): Promise<EvalSetHead> {
    const documents = await opened.harness.records.listDocuments([hash]);
    const document = documents.get(hash) as EvalSetHead;
    expect(isHead(document)).toBe(true);
    return document;
  }

  test("a large set is kept as a head and chunks, whose hashes its own covers, and read whole again", async () => {
    const { harness } = opened;
    const { hash, cases } = await take(LINES);
    expect(cases).toEqual({ dev: COUNT / 3, test: (2 * COUNT) / 3 });
    const { chunks } = await headOf(hash);
    expect(chunks.length).toBeGreaterThan(1);
    const documents = await harness.records.listDocuments(chunks.map((chunk) => chunk.hash));
    for (const [name, document] of documents) expect(hashDocument(document as object)).toBe(name);
    const { content } = await loadEvalSet(harness, "triage");
    expect(content.cases.map(({ id }) => id)).toEqual(IDS);
    expect((await harness.care.verify()).findings).toEqual([]);
  });

  test("the same cases record nothing in any order, and one more shares all chunks but one", async () => {
    const { harness } = opened;
    const first = await take(LINES);
    const revision = await harness.records.revision();
    expect(await take(LINES.toReversed())).toMatchObject({ version: 1, unchanged: true });
    const { text } = await exportEvalSet(harness, "triage", "jsonl");
    expect(await take(text.trim().split("\n"))).toMatchObject({ version: 1, unchanged: true });
    expect(await harness.records.revision()).toBe(revision);
    const more = await take([lineOf(COUNT)], { add: true });
    expect(more).toMatchObject({
      version: 2,
      change: { added: [`case-${COUNT}`], changed: [], removed: [] },
    });
    const [before, after] = [await headOf(first.hash), await headOf(more.hash)];
    const there = new Set(before.chunks.map(({ hash }) => hash));
    expect(after.chunks.filter(({ hash }) => !there.has(hash))).toHaveLength(1);
    expect((await loadEvalSet(harness, "triage")).content.cases).toHaveLength(COUNT + 1);
  });

  test("a large set that an older edition kept in one document is read, and its cases stay the same version", async () => {
    const { harness } = opened;
    await take(LINES, { name: "other" });
    const { content } = await loadEvalSet(harness, "other");
    const old: EvalSetContent = { ...content, name: "triage" };
    const data = {
      ...{ name: "triage", version: 1, hash: hashDocument(old), owner: null, refreshDays: null },
      cases: { dev: COUNT / 3, test: (2 * COUNT) / 3 },
    };
    await harness.records.append(() => ({
      drafts: [{ kind: "eval-set", by: harness.actor, data }],
      documents: [old],
      result: null,
    }));
    expect((await loadEvalSet(harness, "triage")).content).toEqual(old);
    expect(await take(LINES)).toMatchObject({ version: 1, hash: data.hash, unchanged: true });
    const corrected = LINES.with(7, lineOf(7).replace("bug", "billing"));
    const next = await take(corrected);
    expect(next).toMatchObject({ version: 2, change: { added: [], changed: ["case-7"], removed: [] } });
    expect((await headOf(next.hash)).chunks.length).toBeGreaterThan(1);
    const few = await take(corrected.slice(0, 20));
    expect(few.change.removed).toHaveLength(COUNT - 20);
    expect((await loadEvalSet(harness, "triage")).content.cases).toHaveLength(20);
  });

  test("a run is asked every case of a split once, in the same drawn order each time, or the first of them", async () => {
    const { harness } = opened;
    await take(LINES);
    const set = await findEvalSet(harness, "triage");
    const ask = async (take?: number): Promise<readonly string[]> => {
      const cases = askedCases({ set, split: "test", ...(take !== undefined && { take }) });
      const ids: string[] = [];
      for await (const { id } of cases) ids.push(id);
      expect(ids).toHaveLength(cases.count);
      return ids;
    };
    const all = await ask();
    const own = (await loadEvalSet(harness, "triage")).content.cases.filter(({ split }) => split === "test");
    expect(all.toSorted()).toEqual(own.map(({ id }: EvalCase) => id).sort());
    expect(await ask()).toEqual(all);
    expect(all).not.toEqual(all.toSorted());
    expect(await ask(20)).toEqual(all.slice(0, 20));
  });

  test("a wrong line far down, a file that is no text, and one that is not there leave nothing behind", async () => {
    const { harness } = opened;
    const revision = await harness.records.revision();
    await expect(take([...LINES, '{"variables":{},"splt":"dev"}'])).rejects.toThrow(
      `line ${COUNT + 1}: "splt" is no field here; did you mean "split"?`,
    );
    const inBoth = [lineOf(0).replace('"dev"', '"test"'), ...LINES.slice(1)];
    await expect(take(inBoth)).rejects.toThrow("a cluster stays in one split");
    const path = join(folder, "latin.jsonl");
    writeFileSync(path, Buffer.from('{"variables":{"ticket":"\xe4"},"expected":"x"}', "latin1"));
    const file = { file: "latin.jsonl", format: "jsonl", path } as const;
    await expect(take([], { file })).rejects.toThrow("latin.jsonl is not UTF-8 text");
    const gone = { ...file, path: join(folder, "gone.jsonl") };
    await expect(take([], { file: gone })).rejects.toThrow("is not there; name a file that can be read");
    await expect(take([])).rejects.toThrow("line 1: there is nothing");
    expect(await harness.records.revision()).toBe(revision);
    expect((await harness.records.state()).evalSets.size).toBe(0);
  });

  test("a set that comes through a pipe is read as from a file", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    const source = join(folder, "piped.jsonl");
    writeFileSync(source, LINES.join("\n"));
    // The reader holds this process's event loop, so that the writer must need nothing of it.
    spawn("sh", ["-c", 'cat "$0" > "$1"', source, path], { stdio: "ignore" });
    const taken = await take([], { file: { file: "pipe", format: "jsonl", path } });
    expect(taken.cases).toEqual({ dev: COUNT / 3, test: (2 * COUNT) / 3 });
  });

  test("a file that is written to while it is read makes no version", async () => {
    const { harness } = opened;
    const path = join(folder, "cases.jsonl");
    const { records } = harness;
    const append = records.append.bind(records);
    let kept = 0;
    records.append = async (decide) => {
      if (kept++ === 0) appendFileSync(path, `${lineOf(COUNT)}\n`);
      return append(decide);
    };
    await expect(take(LINES, { name: "torn" })).rejects.toThrow("was written to while it was read");
    records.append = append;
    expect((await records.state()).evalSets.has("torn")).toBe(false);
  });
});

test("a set of any size that an older edition kept in one document is read whole", async () => {
  const harness = await openMemoryHarness({ actor: anActor() });
  const count = 150_000;
  const cases = Array.from({ length: count }, (_, at): EvalCase => {
    const provenance = { source: "import", ref: null } as const;
    const expected = { kind: "none" } as const;
    return {
      id: `c${at}`,
      variables: {},
      expected,
      split: "test",
      tags: [],
      cluster: null,
      provenance,
      scorers: [],
    };
  });
  const old: EvalSetContent = { format: 1, name: "triage", scorers: [], cases };
  const facts = { name: "triage", version: 1, hash: hashDocument(old), owner: null, refreshDays: null };
  const data = { ...facts, cases: { dev: 0, test: count } };
  await harness.records.append(() => ({
    drafts: [{ kind: "eval-set", by: harness.actor, data }],
    documents: [old],
    result: null,
  }));
  expect((await loadEvalSet(harness, "triage")).content.cases).toHaveLength(count);
  await harness.close();
});
