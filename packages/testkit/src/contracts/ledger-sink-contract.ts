/** What every LedgerSink keeps to, as tests that an adapter runs on itself. */
import type { ExecutionDraft, LedgerSink, LedgerStore, StoreCare, WriteReceipt } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { aStart } from "../builders/a-start.ts";
import { anExecution } from "../builders/an-execution.ts";
import { anOutcome } from "../builders/an-outcome.ts";
import { type Fresh, freshly, type StoreParts } from "./opened-store.ts";

export interface OpenedSink {
  readonly sink: LedgerSink;
  /** The ledger that the sink writes into, opened apart where the adapter can. */
  readonly ledger: LedgerStore;
  readonly care: StoreCare;
  /** May be called twice, and after the sink was closed. */
  dispose(): void | Promise<void>;
}

export interface SinkContract {
  readonly name: string;
  /** What the sink says of a row that it takes when nothing is in its way. */
  readonly receipt: Exclude<WriteReceipt, "dropped">;
  open(parts: StoreParts): OpenedSink | Promise<OpenedSink>;
}

type Open = () => Promise<Fresh<OpenedSink>>;

/** A sink with a spool may keep it for the next process. */
const AFTER_CLOSE = ["spooled", "dropped"];

export function ledgerSinkContract(contract: SinkContract): void {
  describe(`${contract.name} as a LedgerSink`, () => {
    const open = freshly(contract.open);
    writeTests(open, contract.receipt);
    gapTests(open);
    closeTests(open);
  });
}

function writeTests(open: Open, receipt: WriteReceipt): void {
  test("takes rows, outcomes and starts with a receipt, and has them in the ledger after a flush", async () => {
    const { sink, ledger, ids } = await open();
    const row = anExecution(ids, { subjects: { user: "ada" } });
    const outcome = anOutcome(ids, row.id);
    const start = aStart(ids);
    expect(sink.writeStart(start)).toBe(receipt);
    expect(sink.write(row)).toBe(receipt);
    expect(sink.writeOutcome(outcome)).toBe(receipt);
    await sink.flush();
    expect(await ledger.findExecution(row.id)).toMatchObject({ id: row.id, latency: row.latency });
    expect(await ledger.listOutcomes([row.id])).toMatchObject([outcome]);
    expect(await ledger.listUnfinished()).toEqual([start]);
  });

  test("keeps contents with their row", async () => {
    const { sink, ledger, ids } = await open();
    const contents = { inputDigest: null, outputDigest: null, variables: "{}", output: "bug", days: 7 };
    const row = anExecution(ids, { contents });
    expect(sink.write(row)).toBe(receipt);
    await sink.flush();
    expect(await ledger.findContents(row.id)).toEqual({ variables: "{}", output: "bug" });
  });

  test("stores a row that is written again once", async () => {
    const { sink, ledger, care, ids } = await open();
    const row = anExecution(ids);
    const outcome = anOutcome(ids, row.id);
    const start = aStart(ids);
    for (let time = 0; time < 2; time++) {
      expect(sink.write(row)).not.toBe("dropped");
      expect(sink.writeOutcome(outcome)).not.toBe("dropped");
      expect(sink.writeStart(start)).not.toBe("dropped");
    }
    await sink.flush();
    expect(await ledger.listExecutions({})).toHaveLength(1);
    expect(await ledger.listOutcomes([row.id])).toHaveLength(1);
    expect(await ledger.listUnfinished()).toHaveLength(1);
    expect(await ledger.listGaps()).toEqual([]);
    expect((await care.verify()).findings).toEqual([]);
  });

  test("takes many rows and leaves a ledger that verify finds nothing wrong with", async () => {
    const { sink, ledger, care, ids, clock } = await open();
    for (let at = 0; at < 300; at++) {
      sink.write(
        anExecution(ids, { latency: at, subjects: { user: `user-${at % 7}`, session: `s-${at % 11}` } }),
      );
      clock.advance(1);
    }
    await sink.flush();
    const rows = await ledger.listExecutions({ order: "oldest-first", limit: 1000 });
    expect(rows.map((row) => row.latency)).toEqual(Array.from({ length: 300 }, (_, at) => at));
    expect((await care.verify()).findings).toEqual([]);
  });

  test("never throws: a row that no store could hold is dropped, counted and said", async () => {
    const { sink, ledger, care, ids } = await open();
    const broken = { ...anExecution(ids), considered: null } as unknown as ExecutionDraft;
    expect(sink.write(broken)).toBe("dropped");
    const good = anExecution(ids);
    expect(sink.write(good)).toBe(receipt);
    await sink.flush();
    expect(await ledger.findExecution(good.id)).toBeDefined();
    expect(await gapCounts(ledger)).toEqual({ "dropped-row support.triage": 1 });
    expect((await care.verify()).findings).toEqual([]);
  });
}

async function gapCounts(ledger: LedgerStore): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { kind, prompt, count } of await ledger.listGaps()) {
    counts[`${kind} ${prompt}`] = (counts[`${kind} ${prompt}`] ?? 0) + count;
  }
  return counts;
}

function gapTests(open: Open): void {
  test("writes the gaps it is told of, with their counts", async () => {
    const { sink, ledger } = await open();
    sink.gap("rendered-not-recorded", {
      prompt: "support.triage",
      count: 2,
      reason: "no record within a minute",
    });
    sink.gap("rendered-not-recorded", {
      prompt: "support.triage",
      count: 3,
      reason: "no record within a minute",
    });
    sink.gap("dropped-contents", { prompt: null, count: 1, reason: "too long" });
    await sink.flush();
    expect(await gapCounts(ledger)).toEqual({
      "rendered-not-recorded support.triage": 5,
      "dropped-contents null": 1,
    });
    expect((await ledger.listGaps()).map((gap) => gap.reason)).toContain("too long");
  });
}

function closeTests(open: Open): void {
  test("has everything in the ledger when it is closed, sealed", async () => {
    const { sink, ledger, care, ids } = await open();
    const row = anExecution(ids);
    sink.write(row);
    sink.gap("dropped-outcome", { prompt: null, count: 1, reason: "told too late" });
    await sink.close();
    expect(await ledger.findExecution(row.id)).toBeDefined();
    expect(await gapCounts(ledger)).toEqual({ "dropped-outcome null": 1 });
    const report = await care.verify();
    expect(report.findings).toEqual([]);
    expect(report.seals).toBeGreaterThan(0);
  });

  test("can be closed twice, at once or one after the other, and flushed before and after", async () => {
    const { sink, care, ids } = await open();
    await sink.flush();
    sink.write(anExecution(ids));
    await Promise.all([sink.close(), sink.close()]);
    await sink.close();
    await sink.flush();
    expect((await care.verify()).executions).toBe(1);
  });

  test("does not throw, and never says stored, of what is written after it was closed", async () => {
    const { sink, ids } = await open();
    await sink.close();
    const row = anExecution(ids);
    expect(AFTER_CLOSE).toContain(sink.write(row));
    expect(AFTER_CLOSE).toContain(sink.writeOutcome(anOutcome(ids, row.id)));
    expect(AFTER_CLOSE).toContain(sink.writeStart(aStart(ids)));
    sink.gap("dropped-row", { prompt: null, count: 1, reason: "closed" });
  });
}
