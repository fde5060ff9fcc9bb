/** The part of StoreCare's contract that holds after anything whatsoever was done to a store. */
import { type ExecutionId, SUBJECT_KINDS } from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aStart } from "../builders/a-start.ts";
import { aText } from "../builders/a-text.ts";
import { anActor } from "../builders/an-actor.ts";
import { anExecution } from "../builders/an-execution.ts";
import { anOutcome } from "../builders/an-outcome.ts";
import { anyExecutionFields, anyRecordDraft } from "./arbitraries.ts";
import type { Fresh, OpenedStore } from "./opened-store.ts";
import { expectRollupsToAddUp } from "./rollup-contract.ts";

/** One thing done to the store, through one of its openings. */
type Deed = (store: OpenedStore, world: World) => Promise<unknown>;

interface World extends Fresh<OpenedStore> {
  readonly appended: ExecutionId[];
}

const append = anyExecutionFields().map(
  (fields): Deed =>
    async ({ ledger }, { ids, appended }) => {
      const draft = anExecution(ids, fields);
      await ledger.append([draft]);
      appended.push(draft.id);
    },
);

const appendAgain = fc.nat().map(
  (which): Deed =>
    async ({ ledger }, { ids, appended }) => {
      const id = appended[which % Math.max(appended.length, 1)];
      if (id === undefined) return;
      expect(await ledger.append([anExecution(ids, { id })])).toEqual({ stored: 0, duplicates: 1 });
    },
);

const judge = fc.tuple(fc.nat(), fc.boolean()).map(
  ([which, value]): Deed =>
    async ({ ledger }, { ids, appended }) => {
      const id = appended[which % Math.max(appended.length, 1)] ?? (ids.next() as ExecutionId);
      await ledger.appendOutcomes([anOutcome(ids, id, { value })]);
    },
);

const decide = fc.array(anyRecordDraft(), { minLength: 1, maxLength: 3 }).map(
  (drafts): Deed =>
    ({ records }) =>
      records.append(() => ({ drafts, texts: [aText()], result: null })),
);

const erase = fc
  .record({ kind: fc.constantFrom(...SUBJECT_KINDS), value: fc.constantFrom("ada", "bob") })
  .map(
    (subject): Deed =>
      async ({ records, care, ledger }, { clock }) => {
        const pseudonym = await records.findPseudonym(subject);
        await care.erase(subject, anActor());
        clock.advance(1000);
        expect(await records.findPseudonym(subject)).toBeUndefined();
        if (pseudonym === undefined) return;
        expect((await records.listSubjects([pseudonym])).size).toBe(0);
        for (const { id } of await ledger.listExecutions({ [subject.kind]: pseudonym })) {
          expect(await ledger.findContents(id)).toBeUndefined();
        }
      },
  );

const time = fc.integer({ min: -10_000, max: 5_000_000 }).map(
  (ms): Deed =>
    async (_, { clock }) => {
      if (ms < 0) clock.turnBack(-ms);
      else clock.advance(ms);
    },
);

const care = fc.constantFrom<Deed>(
  (store) => store.care.seal(),
  (store) => store.care.anchor(),
  (store, { clock }) => store.care.purgeContents(clock.now()),
  (store, { ids }) => store.ledger.appendStarts([aStart(ids)]),
  (store, { clock }) =>
    store.ledger.appendGaps([
      { at: clock.now(), kind: "dropped-row", count: 1, prompt: null, reason: "full" },
    ]),
);

const deed = fc.oneof(
  { weight: 6, arbitrary: append },
  { weight: 1, arbitrary: appendAgain },
  { weight: 2, arbitrary: judge },
  { weight: 2, arbitrary: decide },
  { weight: 1, arbitrary: erase },
  { weight: 2, arbitrary: time },
  { weight: 2, arbitrary: care },
);

const history = fc.array(fc.record({ deed, elsewhere: fc.boolean() }), { maxLength: 25 });

export function historyContract(open: () => Promise<Fresh<OpenedStore>>): void {
  test("leaves every row there, sums that add up, and nothing for verify to find", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (deeds) => {
        const store = await open();
        const other = await store.again();
        const world: World = Object.assign(Object.create(store), { appended: [] });
        for (const { deed, elsewhere } of deeds) await deed(elsewhere ? other : store, world);
        for (const id of world.appended) expect(await store.ledger.findExecution(id)).toBeDefined();
        await expectRollupsToAddUp(store.ledger);
        const report = await store.care.verify();
        expect(report.findings).toEqual([]);
        expect(report.executions).toBe(world.appended.length);
        const anchor = await store.care.anchor();
        expect((await other.care.verify({ anchor })).findings).toEqual([]);
        await store.dispose();
      }),
      { numRuns: 30 },
    );
  });
}
