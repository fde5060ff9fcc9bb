/** The part of LedgerStore's contract that is about arrivals: a reader that keeps its cursor misses none and sees none twice. */
import type { ArrivalFilter, Arrivals, ExecutionId, LedgerStore } from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anExecution } from "../builders/an-execution.ts";
import { anOutcome } from "../builders/an-outcome.ts";
import type { Fresh, OpenedStore } from "./opened-store.ts";

const PROMPTS = ["support.triage", "support.reply", "billing.dunning"] as const;

/** What a reader keeps: where it stands, and what it has seen, both of them or neither. */
class Reader {
  readonly #filter: Omit<ArrivalFilter, "after">;
  #cursor: string | undefined;
  readonly executions: string[] = [];
  readonly outcomes: string[] = [];

  constructor(filter: Omit<ArrivalFilter, "after"> = {}) {
    this.#filter = filter;
  }

  /** Reads a page; a reader that crashes has read it and keeps nothing of it. */
  async read(ledger: LedgerStore, crashes = false): Promise<Arrivals> {
    const page = await ledger.listArrivals({
      ...this.#filter,
      ...(this.#cursor === undefined ? undefined : { after: this.#cursor }),
    });
    for (const { outcome, execution } of page.outcomes) expect(execution.id).toBe(outcome.execution);
    if (crashes) return page;
    this.#cursor = page.cursor;
    this.executions.push(...page.executions.map(({ id }) => id));
    for (const { outcome, execution } of page.outcomes) {
      if (this.#filter.since === undefined)
        expect(this.executions, "an outcome never comes before its row").toContain(execution.id);
      this.outcomes.push(outcome.id);
    }
    return page;
  }

  async readAll(ledger: LedgerStore): Promise<this> {
    while (!(await this.read(ledger)).done);
    return this;
  }
}

const said = fc.record({ of: fc.nat(20) });
const step = fc.oneof(
  fc.record({
    kind: fc.constant("write" as const),
    door: fc.nat(1),
    rows: fc.array(fc.constantFrom(...PROMPTS), { maxLength: 4 }),
    outcomes: fc.array(said, { maxLength: 4 }),
    pause: fc.constantFrom(0, 1, 60_000),
    seal: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("read" as const),
    door: fc.nat(1),
    reader: fc.nat(3),
    crashes: fc.boolean(),
  }),
);

export function arrivalContract(open: () => Promise<Fresh<OpenedStore>>): void {
  test("reach every reader once, whatever is written while it reads and wherever it crashes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const store = await open();
        const { ids, clock } = store;
        const doors = [store, await store.again()] as const;
        const [prompt] = PROMPTS;
        const readers = [
          new Reader(),
          new Reader({ limit: 1 }),
          new Reader({ limit: 3, prompts: [prompt] }),
          new Reader({ limit: 2, prompts: PROMPTS.slice(1) }),
        ] as const;
        // Known ahead, so that an outcome can come before its row; what is left over never comes.
        const rowIds = Array.from({ length: 21 }, () => ids.next() as ExecutionId);
        const rows: { readonly id: string; readonly prompt: string }[] = [];
        const outcomes: { readonly id: string; readonly of: ExecutionId }[] = [];
        for (const one of steps) {
          const { ledger, care } = doors[one.door] as OpenedStore;
          if (one.kind === "read") {
            await readers[one.reader]?.read(ledger, one.crashes);
            continue;
          }
          const drafts = one.rows.flatMap((of) => {
            const id = rowIds[rows.length];
            if (id === undefined) return [];
            rows.push({ id, prompt: of });
            return [anExecution(ids, { id, prompt: of })];
          });
          const signals = one.outcomes.map(({ of }) => anOutcome(ids, rowIds[of] as ExecutionId));
          for (const { id, execution } of signals) outcomes.push({ id, of: execution });
          await ledger.append(drafts);
          await ledger.appendOutcomes(signals);
          if (one.seal) await care.seal();
          clock.advance(one.pause);
        }
        const wanted = [PROMPTS, PROMPTS, [prompt], PROMPTS.slice(1)] as const;
        for (const [index, reader] of readers.entries()) {
          await reader.readAll(store.ledger);
          const fitting = rows.filter((row) => wanted[index]?.includes(row.prompt as typeof prompt));
          const known = new Set(fitting.map(({ id }) => id));
          expect(reader.executions).toEqual(fitting.map(({ id }) => id));
          expect(reader.outcomes.toSorted()).toEqual(
            outcomes
              .filter(({ of }) => known.has(of))
              .map(({ id }) => id)
              .toSorted(),
          );
        }
        await store.dispose();
      }),
      { numRuns: 40 },
    );
  });

  test("come in the order in which they reached the store, late ones where they came in", async () => {
    const store = await open();
    const { ledger, ids, clock } = store;
    const late = anExecution(ids);
    clock.advance(60_000);
    const first = anExecution(ids);
    await ledger.append([first]);
    await (await store.again()).ledger.append([late]);
    const last = anExecution(ids);
    await ledger.append([last]);
    expect((await new Reader().readAll(ledger)).executions).toEqual([first.id, late.id, last.id]);
  });

  test("list an outcome that came before its row when the row has come, with it", async () => {
    const { ledger, ids } = await open();
    const row = anExecution(ids);
    const outcome = anOutcome(ids, row.id);
    await ledger.appendOutcomes([outcome]);
    const nothing = await ledger.listArrivals({});
    expect(nothing).toMatchObject({ executions: [], outcomes: [], done: true });
    await ledger.append([row]);
    const page = await ledger.listArrivals({ after: nothing.cursor });
    expect(page.outcomes).toMatchObject([{ outcome: { id: outcome.id }, execution: { id: row.id } }]);
    expect(page.executions).toEqual([await ledger.findExecution(row.id)]);
    expect(await ledger.listArrivals({ after: page.cursor })).toEqual({
      executions: [],
      outcomes: [],
      cursor: page.cursor,
      done: true,
    });
  });

  test("begin at `since` with the first row, in order of arrival, of a call that started then or later", async () => {
    const { ledger, ids, clock } = await open();
    const old = anExecution(ids);
    const slow = anExecution(ids);
    clock.advance(1000);
    const since = clock.now();
    const inFlight = anExecution(ids);
    clock.advance(1000);
    const quick = anExecution(ids);
    await ledger.append([old]);
    const outcomes = [anOutcome(ids, old.id), anOutcome(ids, quick.id)];
    await ledger.appendOutcomes(outcomes);
    await ledger.append([quick, slow, inFlight]);
    const reader = await new Reader({ since }).readAll(ledger);
    expect(reader.executions).toEqual([quick.id, slow.id, inFlight.id]);
    expect(reader.outcomes.toSorted()).toEqual(outcomes.map(({ id }) => id).toSorted());
    const tail = new Reader({ since: clock.now() + 1 });
    await tail.readAll(ledger);
    const next = anExecution(ids);
    await ledger.append([next]);
    expect((await tail.readAll(ledger)).executions).toEqual([next.id]);
  });

  test("refuse a cursor that the ledger never gave", async () => {
    const { ledger, ids } = await open();
    await ledger.append([anExecution(ids)]);
    for (const after of ["", "1", "a.b", "-1.0", "1.5.2", "2.0", "0.1", `${2 ** 60}.0`]) {
      await expect(ledger.listArrivals({ after }), after).rejects.toMatchObject({ code: "input-malformed" });
    }
  });

  test("come in pages of a thousand unless asked otherwise, and of at least one", async () => {
    const { ledger, ids } = await open();
    await ledger.append(Array.from({ length: 1001 }, () => anExecution(ids)));
    const page = await ledger.listArrivals({});
    expect([page.executions.length, page.done]).toEqual([1000, false]);
    expect((await ledger.listArrivals({ after: page.cursor })).executions).toHaveLength(1);
    expect((await ledger.listArrivals({ limit: 0 })).executions).toHaveLength(1);
  });

  test("pass over any number of other prompts' rows", async () => {
    const { ledger, ids } = await open();
    await ledger.append(Array.from({ length: 200 }, () => anExecution(ids, { prompt: "support.reply" })));
    const wanted = anExecution(ids, { prompt: "billing.dunning" });
    await ledger.append([wanted]);
    const reader = new Reader({ prompts: ["billing.dunning", "unheard-of"], limit: 5 });
    expect((await reader.readAll(ledger)).executions).toEqual([wanted.id]);
    expect((await new Reader({ prompts: [] }).readAll(ledger)).executions).toEqual([]);
  });
}
