/** The batching sink under a real runtime: what it sends, and what becomes of rows that cannot be sent. */
import { errorCodeOf, type LedgerEntry, readLedgerEntry } from "@colophon/kernel";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { open } from "../edge.ts";
import { recorder } from "../recorder.ts";
import { type BatchSinkOptions, batchSink } from "./batch-sink.ts";

const triage = definePrompt({
  key: "batch-sink.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "{{ticket}}",
});

function opened(options: BatchSinkOptions) {
  const notices: string[] = [];
  const onNotice = (message: string) => notices.push(message);
  const colophon = open({ recorder, sink: batchSink({ onNotice, ...options }), onNotice });
  const made: (string | null)[] = [];
  const call = (ticket: string) => {
    const one = colophon.resolve(triage, {});
    one.record({ ticket }, () => "billing");
    made.push(one.executionId);
  };
  return { colophon, call, made, notices };
}

const idsOf = (batches: readonly (readonly LedgerEntry[])[]) =>
  batches.flat().flatMap((entry) => (entry.kind === "execution" ? [entry.row.id] : []));

describe("a batching sink", () => {
  it("sends rows and outcomes in order, in batches no larger than asked for", async () => {
    const batches: (readonly LedgerEntry[])[] = [];
    const { colophon, call, made } = opened({ maxBatch: 3, send: async (entries) => batches.push(entries) });
    for (let index = 0; index < 7; index++) call(`ticket ${index}`);
    const last = colophon.resolve(triage, {});
    last.record({ ticket: "x" }, () => "bug");
    colophon.outcome(last, { name: "thumbs", value: true });
    await colophon.flush();
    expect(batches.map(({ length }) => length)).toEqual([3, 3, 3]);
    expect(batches.flat().map(({ kind }) => kind)).toEqual([...Array(8).fill("execution"), "outcome"]);
    expect(idsOf(batches)).toEqual([...made, last.executionId]);
    expect(JSON.parse(JSON.stringify(batches))).toEqual(batches);
    await colophon.close();
    expect(batches.length).toBe(3);
  });

  it.each([
    ["a currency in small letters", {}, { cost: { amount: 1, currency: "usd" } }],
    ["a cost that is no number", {}, { cost: { amount: Number.NaN, currency: "USD" } }],
    ["a cost below nothing", {}, { cost: { amount: -1, currency: "USD" } }],
    ["a step before the first", { step: -1 }, {}],
    ["an attempt before the first", {}, { attempt: 0 }],
  ])("sends rows that a ledger takes in, also with %s", async (_name, context, options) => {
    const sent: LedgerEntry[] = [];
    const { colophon } = opened({ send: async (entries) => sent.push(...entries) });
    colophon.resolve(triage, context).record({ ticket: "x" }, () => "billing", options);
    await colophon.flush();
    // One line that is not taken in would keep its whole file out.
    const parsed = JSON.parse(JSON.stringify(sent)) as readonly unknown[];
    expect(parsed.map((entry) => readLedgerEntry(entry).kind)).toEqual(["execution"]);
    await colophon.close();
  });

  it("keeps what did not arrive, says so once, and sends it with the next flush", async () => {
    let isDown = true;
    const arrived: (readonly LedgerEntry[])[] = [];
    const send = async (entries: readonly LedgerEntry[]) => {
      if (isDown) throw new Error("the collector answered 503");
      arrived.push(entries);
    };
    const { colophon, call, notices } = opened({ send, tries: 1 });
    call("one");
    for (let index = 0; index < 2; index++) {
      const failed = await colophon.flush().catch((error: unknown) => error);
      expect(errorCodeOf(failed)).toBe("store-unavailable");
      expect((failed as Error).message).toContain("the collector answered 503");
    }
    call("two");
    isDown = false;
    await colophon.flush();
    expect(idsOf(arrived)).toHaveLength(2);
    expect(notices).toHaveLength(1);
    await colophon.close();
  });

  it("drops what does not fit any more, and the collector hears how many", async () => {
    let isDown = true;
    const arrived: (readonly LedgerEntry[])[] = [];
    const send = async (entries: readonly LedgerEntry[]) => {
      if (isDown) throw new Error("away");
      arrived.push(entries);
    };
    const { colophon, call, notices } = opened({ send, tries: 1, maxKept: 2 });
    for (let index = 0; index < 5; index++) call(`${index}`);
    isDown = false;
    await colophon.flush();
    expect(idsOf(arrived)).toHaveLength(2);
    const gaps = arrived.flat().flatMap((entry) => (entry.kind === "gap" ? [entry.row] : []));
    expect(gaps).toMatchObject([{ kind: "dropped-row", count: 3 }]);
    expect(notices).toEqual([expect.stringContaining("dropped and counted")]);
    await colophon.close();
  });

  it("hands work to the platform, and says at the end what it could not send", async () => {
    const works: Promise<unknown>[] = [];
    const { colophon, call, notices } = opened({
      send: () => Promise.reject(new Error("away")),
      tries: 1,
      maxBatch: 1,
      waitUntil: (work) => works.push(work),
    });
    call("one");
    expect(works).toHaveLength(1);
    await Promise.all(works);
    await colophon.close();
    expect(notices.at(-1)).toBe("1 entries of the ledger could not be sent and are lost.");
  });

  it("loses nothing and keeps the order, however sending fails", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 25 }),
        async (failures, maxBatch, calls) => {
          const queue = [...failures];
          const arrived: (readonly LedgerEntry[])[] = [];
          const send = async (entries: readonly LedgerEntry[]) => {
            await Promise.resolve();
            // A batch that seems lost may have arrived: it is sent again, whole.
            const fails = queue.shift() === true;
            if (!fails || entries.length % 2 === 0) arrived.push(entries);
            if (fails) throw new Error("lost");
          };
          const { colophon, call, made } = opened({ send, maxBatch, tries: 1 });
          for (let index = 0; index < calls; index++) {
            call(`${index}`);
            if (index % 3 === 0) await colophon.flush().catch(() => undefined);
          }
          queue.length = 0;
          await colophon.flush();
          expect([...new Set(idsOf(arrived))]).toEqual(made);
          await colophon.close();
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("the time that an entry waits for others", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("begins anew after one that ended while a batch was on its way", async () => {
    const arrived: (readonly LedgerEntry[])[] = [];
    const waiting: (() => void)[] = [];
    const send = (entries: readonly LedgerEntry[]) =>
      new Promise<void>((resolve) => {
        arrived.push(entries);
        waiting.push(resolve);
      });
    const { colophon, call, made } = opened({ send });
    call("one");
    const flushed = colophon.flush();
    call("two");
    await vi.advanceTimersByTimeAsync(1_000);
    waiting.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    waiting.shift()?.();
    await flushed;
    call("three");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(idsOf(arrived)).toEqual(made);
  });

  it("begins anew after a flush that failed", async () => {
    let isDown = true;
    const arrived: (readonly LedgerEntry[])[] = [];
    const send = async (entries: readonly LedgerEntry[]) => {
      if (isDown) throw new Error("away");
      arrived.push(entries);
    };
    const { colophon, call, made } = opened({ send, tries: 1 });
    call("one");
    await expect(colophon.flush()).rejects.toThrow("away");
    isDown = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(idsOf(arrived)).toEqual(made);
  });
});

describe("gaps", () => {
  it("of one kind and reason are one entry, however many there are while nothing can be sent", async () => {
    let isDown = true;
    const arrived: LedgerEntry[] = [];
    const send = async (entries: readonly LedgerEntry[]) => {
      if (isDown) throw new Error("away");
      arrived.push(...entries);
    };
    const sink = batchSink({
      send,
      tries: 1,
      onNotice: () => undefined,
      clock: { now: () => 1, elapsed: () => 1 },
    });
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 2_000; index++)
        sink.gap("rendered-not-recorded", {
          prompt: `p${index % 1_000}`,
          count: 1,
          reason: "never recorded",
        });
      await sink.flush().catch(() => undefined);
    }
    isDown = false;
    await sink.flush();
    const counts = arrived.flatMap((entry) => (entry.kind === "gap" ? [entry.row.count] : []));
    expect(counts.length).toBeLessThan(1_200);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6_000);
  });
});

describe("a platform that takes no work any more", () => {
  it("hurts neither the call nor the batch", async () => {
    const arrived: (readonly LedgerEntry[])[] = [];
    const { colophon, call, made } = opened({
      send: async (entries) => arrived.push(entries),
      maxBatch: 1,
      waitUntil: () => {
        throw new Error("the request has ended");
      },
    });
    call("one");
    await colophon.flush();
    expect(idsOf(arrived)).toEqual(made);
    await colophon.close();
    const gaps = arrived.flat().filter(({ kind }) => kind === "gap");
    expect(gaps).toEqual([]);
  });
});
