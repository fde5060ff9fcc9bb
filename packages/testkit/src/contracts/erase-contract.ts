/** The part of StoreCare's contract that is about erasing a subject: who and what are gone, the rest stands. */
import {
  type CapturedContents,
  type Execution,
  type Pseudonym,
  SUBJECT_KINDS,
  type Subject,
  sha256,
} from "@colophon/kernel";
import { expect, test } from "vitest";
import { anActor } from "../builders/an-actor.ts";
import { anExecution } from "../builders/an-execution.ts";
import { anOutcome } from "../builders/an-outcome.ts";
import type { Fresh, OpenedStore } from "./opened-store.ts";
import { expectRollupsToAddUp } from "./rollup-contract.ts";

const ADA: Subject = { kind: "user", value: "ada" };

const CAPTURED: CapturedContents = {
  inputDigest: sha256("in"),
  outputDigest: sha256("out"),
  variables: '{"ticket":"secret of ada"}',
  output: "billing",
  days: null,
};

const NOBODYS = { user: "bob", tenant: "acme", document: "doc-9", documentType: "letter", session: "s9" };

/** Two rows of ada's (one with contents), one of somebody else's with contents. */
async function fill(store: Fresh<OpenedStore>): Promise<readonly Execution["id"][]> {
  const { ledger, ids } = store;
  const rows = [
    anExecution(ids, { subjects: { user: "ada", tenant: "acme", session: "s1" }, contents: CAPTURED }),
    anExecution(ids, { subjects: { user: "ada" } }),
    anExecution(ids, { subjects: NOBODYS, contents: CAPTURED }),
  ];
  await ledger.append(rows);
  await ledger.appendOutcomes(rows.map((row) => anOutcome(ids, row.id)));
  return rows.map((row) => row.id);
}

/** Past the time within which another part of a store may still hold an erased subject's key. */
const NOTICED_MS = 1000;

export function eraseContract(open: () => Promise<Fresh<OpenedStore>>): void {
  test("destroys the subject's id and leaves its pseudonym mute", async () => {
    const store = await open();
    await fill(store);
    const pseudonym = (await store.records.findPseudonym(ADA)) as Pseudonym;
    const counts = await store.care.erase(ADA, anActor());
    expect(counts).toMatchObject({ executions: 2, contents: 1 });
    expect(await store.records.findPseudonym(ADA)).toBeUndefined();
    expect((await store.records.listSubjects([pseudonym])).size).toBe(0);
  });

  test("destroys the contents of the subject's rows, and no others", async () => {
    const store = await open();
    const [withContents, , others] = await fill(store);
    await store.care.erase(ADA, anActor());
    expect(await store.ledger.findContents(withContents as Execution["id"])).toBeUndefined();
    expect(await store.ledger.findContents(others as Execution["id"])).toEqual({
      variables: CAPTURED.variables,
      output: CAPTURED.output,
    });
  });

  test("leaves rows, outcomes, chains and sums as they were, and nothing for verify to find", async () => {
    const store = await open();
    const ids = await fill(store);
    await store.care.seal();
    const look = async (): Promise<unknown> => ({
      rows: await store.ledger.listExecutions({}),
      outcomes: await store.ledger.listOutcomes(ids),
      rollups: await store.ledger.listRollups({}),
    });
    const before = await look();
    const anchor = await store.care.anchor();
    await store.care.erase(ADA, anActor());
    expect(await look()).toEqual(before);
    await expectRollupsToAddUp(store.ledger);
    expect((await store.care.verify({ anchor })).findings).toEqual([]);
  });

  test("leaves a record of it, without the subject's id", async () => {
    const store = await open();
    await fill(store);
    const subject = await store.records.findPseudonym(ADA);
    const by = anActor({ id: "data-officer", via: "cli" });
    await store.care.erase(ADA, by);
    const erasures = await store.records.listRecords({ kinds: ["erasure"] });
    expect(erasures).toMatchObject([{ by, data: { kind: "user", subject, executions: 2, contents: 1 } }]);
    expect(JSON.stringify(erasures)).not.toContain('"ada"');
  });

  test("does nothing for a subject that the store does not know, or no longer", async () => {
    const store = await open();
    await fill(store);
    const unknown = await store.care.erase({ kind: "document", value: "ada" }, anActor());
    expect(unknown).toMatchObject({ executions: 0, contents: 0 });
    expect(await store.records.listRecords({ kinds: ["erasure"] })).toEqual([]);
    await store.care.erase(ADA, anActor());
    expect(await store.care.erase(ADA, anActor())).toMatchObject({ executions: 0, contents: 0 });
    expect(await store.records.listRecords({ kinds: ["erasure"] })).toHaveLength(1);
  });

  test("erases a subject that no row names", async () => {
    const store = await open();
    const pseudonym = (await store.records.findPseudonym(ADA, { create: true })) as Pseudonym;
    expect(await store.care.erase(ADA, anActor())).toMatchObject({ executions: 0, contents: 0 });
    expect(await store.records.findPseudonym(ADA)).toBeUndefined();
    expect((await store.records.listSubjects([pseudonym])).size).toBe(0);
  });

  test.each(SUBJECT_KINDS)("erases a %s and nobody else of that row", async (kind) => {
    const store = await open();
    await fill(store);
    const subject = { kind, value: NOBODYS[kind] };
    const rows = kind === "tenant" ? 2 : 1;
    expect(await store.care.erase(subject, anActor())).toMatchObject({ executions: rows, contents: rows });
    for (const other of SUBJECT_KINDS) {
      const found = await store.records.findPseudonym({ kind: other, value: NOBODYS[other] });
      expect(found === undefined, other).toBe(other === kind);
    }
    expect((await store.care.verify()).findings).toEqual([]);
  });

  test.each(SUBJECT_KINDS)(
    "leaves the hashes of contents mute when a %s of the row is erased",
    async (kind) => {
      const store = await open();
      const { ledger, ids, clock } = store;
      const [, , first] = await fill(store);
      await store.care.erase({ kind, value: NOBODYS[kind] }, anActor());
      clock.advance(NOTICED_MS);
      const again = anExecution(ids, { subjects: NOBODYS, contents: CAPTURED });
      await ledger.append([again]);
      const before = await ledger.findExecution(first as Execution["id"]);
      const after = await ledger.findExecution(again.id);
      expect(after?.inputHash).not.toBe(before?.inputHash);
      expect(after?.outputHash).not.toBe(before?.outputHash);
    },
  );

  test("meets an erased subject that comes back as a new one, whom nothing ties to the old", async () => {
    const store = await open();
    const { ledger, records, ids, clock } = store;
    const [first] = await fill(store);
    const old = await ledger.findExecution(first as Execution["id"]);
    await store.care.erase(ADA, anActor());
    clock.advance(NOTICED_MS);
    const draft = anExecution(ids, {
      subjects: { user: "ada", tenant: "acme", session: "s1" },
      contents: CAPTURED,
    });
    await ledger.append([draft]);
    const row = await ledger.findExecution(draft.id);
    expect(row?.subjects.user).toBe(await records.findPseudonym(ADA));
    expect(row?.subjects.tenant).toBe(old?.subjects.tenant);
    for (const [before, after] of [
      [old?.subjects.user, row?.subjects.user],
      [old?.subjects.session, row?.subjects.session],
      [old?.inputHash, row?.inputHash],
      [old?.outputHash, row?.outputHash],
    ]) {
      expect(after).toMatch(/^[0-9a-f]{32}$/);
      expect(after).not.toBe(before);
    }
    expect(await ledger.listExecutions({ user: old?.subjects.user as Pseudonym })).toHaveLength(2);
    expect((await store.care.verify()).findings).toEqual([]);
  });

  test("is noticed by another opening of the store", async () => {
    const store = await open();
    const other = await store.again();
    await other.ledger.append([anExecution(store.ids, { subjects: { user: "ada" } })]);
    const before = await other.records.findPseudonym(ADA);
    await store.care.erase(ADA, anActor());
    store.clock.advance(NOTICED_MS);
    expect(await other.records.findPseudonym(ADA)).toBeUndefined();
    const draft = anExecution(store.ids, { subjects: { user: "ada" } });
    await other.ledger.append([draft]);
    expect((await other.ledger.findExecution(draft.id))?.subjects.user).not.toBe(before);
    expect((await store.care.verify()).findings).toEqual([]);
  });
}
