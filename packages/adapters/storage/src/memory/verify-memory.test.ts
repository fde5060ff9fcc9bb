/** Tampers with a memory store in every way there is, and has its verification find it. */
import { type Execution, type Finding, type Seal, sealLink, sha256 } from "@colophon/kernel";
import {
  anExecution,
  anOutcome,
  aText,
  aVersionDraft,
  fixedClock,
  seededIds,
  seededRandom,
} from "@colophon/testkit";
import { describe, expect, test } from "vitest";
import { appendExecution, appendOutcome } from "./append-rows.ts";
import { createMemoryCare, sealMemory } from "./memory-care.ts";
import { createMemoryRecords } from "./memory-records.ts";
import { createMemoryState, type MemoryState } from "./memory-state.ts";
import { verifyMemory } from "./verify-memory.ts";

/** Four rows, two outcomes and a version, sealed; then a row and an outcome more. */
async function filled(): Promise<MemoryState> {
  const clock = fixedClock();
  const ids = seededIds({ clock, seed: 1 });
  const state = createMemoryState({ clock, ids, random: seededRandom(2) });
  const texts = [aText()];
  await createMemoryRecords(state).append(() => ({ drafts: [aVersionDraft()], texts, result: null }));
  const write = (): void => {
    const row = anExecution(ids);
    appendExecution(state, row);
    appendOutcome(state, anOutcome(ids, row.id));
  };
  write();
  write();
  appendExecution(state, anExecution(ids));
  appendExecution(state, anExecution(ids));
  sealMemory(state);
  write();
  return state;
}

type Kinds = readonly Finding["kind"][];

/** Changes what lies at a place of a map, in place and in order. */
function change<K, V>(map: Map<K, V>, at: number, to: (value: V) => V | undefined): void {
  const entries = [...map];
  map.clear();
  for (const [index, [key, value]] of entries.entries()) {
    const changed = index === at ? to(value) : value;
    if (changed !== undefined) map.set(key, changed);
  }
}

/** Everything of one map that another order has. */
function swap<K, V>(map: Map<K, V>, first: number, second: number): void {
  const entries = [...map];
  [entries[first], entries[second]] = [entries[second] as [K, V], entries[first] as [K, V]];
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

/** Leaves the first so many. */
function cut<K, V>(map: Map<K, V>, left: number): void {
  for (const key of [...map.keys()].slice(left)) map.delete(key);
}

const gone = (): undefined => undefined;

const TAMPERINGS: readonly (readonly [string, Finding["kind"], (state: MemoryState) => void])[] = [
  ["a row's latency", "altered-row", (s) => change(s.executions, 1, (row) => ({ ...row, latency: 1 }))],
  ["a row's pseudonym", "altered-row", (s) => change(s.executions, 1, strangerOf)],
  [
    "the last row, after the seal",
    "altered-row",
    (s) => change(s.executions, 4, (row) => ({ ...row, version: 9 })),
  ],
  ["a row taken away", "missing-row", (s) => change(s.executions, 1, gone)],
  ["two rows exchanged", "reordered-row", (s) => swap(s.executions, 0, 1)],
  ["sealed rows cut off", "cut-tail", (s) => cut(s.executions, 2)],
  ["all rows of the writer", "vanished-writer", emptyLedger],
  [
    "an outcome's value",
    "altered-outcome",
    (s) => change(s.outcomes, 0, (row) => ({ ...row, value: false })),
  ],
  ["an outcome taken away", "missing-outcome", (s) => change(s.outcomes, 0, gone)],
  ["sealed outcomes cut off", "cut-tail", (s) => cut(s.outcomes, 1)],
  ["a record's data", "altered-record", (s) => alterRecord(s, 3)],
  ["a record taken away", "missing-record", (s) => s.records.splice(1, 1)],
  ["the end of the log", "missing-record", (s) => s.records.splice(2)],
  ["a text", "altered-text", (s) => change(s.texts, 0, (text) => text.replace("bug", "pug"))],
  ["a text that is no JSON any more", "altered-text", (s) => change(s.texts, 0, () => "{")],
  ["a text taken away", "missing-text", (s) => s.texts.clear()],
  ["a seal's time", "altered-seal", (s) => alterSeal(s, (seal) => ({ ...seal, at: 1 }))],
];

function strangerOf(row: Execution): Execution {
  return { ...row, subjects: { ...row.subjects, user: "f".repeat(32) as never } };
}

function emptyLedger(state: MemoryState): void {
  state.executions.clear();
  state.outcomes.clear();
}

function alterRecord({ records }: MemoryState, at: number): void {
  const { record, chain } = records[at] as MemoryState["records"][number];
  records[at] = { record: { ...record, by: { id: "mallory", via: "cli" } } as typeof record, chain };
}

function alterSeal({ seals }: MemoryState, to: (seal: Seal) => Seal): void {
  seals[0] = to(seals[0] as Seal);
}

function kindsOf(state: MemoryState): Kinds {
  return verifyMemory(state).findings.map((finding) => finding.kind);
}

describe("verifying a memory store", () => {
  test("finds nothing where nobody tampered", async () => {
    expect(verifyMemory(await filled())).toMatchObject({
      executions: 5,
      outcomes: 3,
      seals: 1,
      findings: [],
    });
  });

  test.each(TAMPERINGS)("finds %s (%s)", async (_, kind, tamper) => {
    const state = await filled();
    tamper(state);
    expect(kindsOf(state)).toContain(kind);
  });

  test("finds a row that was altered together with its own link, by the next row", async () => {
    const state = await filled();
    change(state.executions, 1, (row) => ({ ...row, latency: 1, chain: "0".repeat(64) }));
    expect(kindsOf(state)).toContain("altered-row");
  });

  test("finds a seal that was forged with a link of its own, by the log it claims", async () => {
    const state = await filled();
    alterSeal(state, (seal) => {
      const forged = { ...seal, recordChain: "0".repeat(64) };
      return { ...forged, chain: sha256(sealLink("0".repeat(64), forged)) };
    });
    expect(kindsOf(state)).toEqual(expect.arrayContaining(["altered-seal", "altered-record"]));
  });

  test("finds by an anchor what was cut off together with its seals", async () => {
    const state = await filled();
    const anchor = await createMemoryCare(state).anchor();
    state.seals.length = 0;
    change(state.executions, 4, gone);
    change(state.outcomes, 2, gone);
    expect(verifyMemory(state, anchor).findings.map(({ kind, where }) => [kind, where])).toEqual(
      expect.arrayContaining([
        ["anchor-mismatch", "seal 2"],
        ["anchor-mismatch", state.writer.id],
      ]),
    );
  });
});
