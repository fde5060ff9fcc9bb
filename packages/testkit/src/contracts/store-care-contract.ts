/** What every StoreCare keeps to, as tests that an adapter runs on itself. */
import {
  type Anchor,
  type ExecutionId,
  type Seal,
  sealLink,
  sha256,
  type VerifyReport,
} from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { aText } from "../builders/a-text.ts";
import { anExecution } from "../builders/an-execution.ts";
import { anOutcome } from "../builders/an-outcome.ts";
import { aMetadataDraft, aVersionDraft } from "../builders/record-drafts.ts";
import { eraseContract } from "./erase-contract.ts";
import { historyContract } from "./history-contract.ts";
import { type Fresh, freshly, type OpenedStore, type StoreContract } from "./opened-store.ts";

type Open = () => Promise<Fresh<OpenedStore>>;

export function storeCareContract(contract: StoreContract): void {
  describe(`${contract.name} as a StoreCare`, () => {
    const open = freshly(contract.open);
    describe("its verification", () => verifyTests(open));
    describe("its seals", () => sealTests(open));
    describe("its anchors", () => anchorTests(open));
    describe("its erasures", () => eraseContract(open));
    describe("any history", () => historyContract(open));
  });
}

async function fill({ records, ledger, ids }: Fresh<OpenedStore>): Promise<void> {
  const texts = [aText()];
  await records.append(() => ({ drafts: [aMetadataDraft(), aVersionDraft()], texts, result: null }));
  const row = anExecution(ids, { subjects: { user: "ada" } });
  await ledger.append([row, anExecution(ids)]);
  await ledger.appendOutcomes([anOutcome(ids, row.id)]);
}

/** How much a verification looked at. */
function sizes({ findings: _, ...counts }: VerifyReport): Omit<VerifyReport, "findings"> {
  return counts;
}

function verifyTests(open: Open): void {
  test("finds nothing wrong with a fresh store", async () => {
    const { records, care } = await open();
    const report = await care.verify();
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({
      records: await records.revision(),
      texts: 0,
      executions: 0,
      outcomes: 0,
      seals: 0,
    });
  });

  test("says how much it looked at", async () => {
    const store = await open();
    await fill(store);
    await store.care.seal();
    const report = await store.care.verify();
    expect(report).toEqual({
      records: await store.records.revision(),
      texts: 1,
      executions: 2,
      outcomes: 1,
      writers: 1,
      seals: 1,
      findings: [],
    });
  });

  test("never writes", async () => {
    const store = await open();
    await fill(store);
    const before = sizes(await store.care.verify());
    expect(sizes(await store.care.verify())).toEqual(before);
    expect(before.seals).toBe(0);
  });
}

function sealTests(open: Open): void {
  test("seals what moved, and nothing when nothing did", async () => {
    const store = await open();
    await fill(store);
    const seal = (await store.care.seal()) as Seal;
    expect(seal).toMatchObject({ seq: 1, revision: await store.records.revision() });
    expect(seal.heads).toMatchObject([{ executions: 2, outcomes: 1 }]);
    expect(await store.care.seal()).toBeUndefined();
  });

  test("chains its seals, and lists in each the heads that moved since the one before", async () => {
    const store = await open();
    await fill(store);
    const first = (await store.care.seal()) as Seal;
    await store.records.append(() => ({ drafts: [aMetadataDraft({ owner: "ada" })], result: null }));
    const second = (await store.care.seal()) as Seal;
    expect(second.heads).toEqual([]);
    expect(second.revision).toBe(first.revision + 1);
    expect(second.recordChain).not.toBe(first.recordChain);
    await store.ledger.appendOutcomes([anOutcome(store.ids, store.ids.next() as ExecutionId)]);
    const third = (await store.care.seal()) as Seal;
    expect([first.seq, second.seq, third.seq]).toEqual([1, 2, 3]);
    expect(second.chain).toBe(sha256(sealLink(first.chain, second)));
    expect(third.chain).toBe(sha256(sealLink(second.chain, third)));
    expect(third.heads).toMatchObject([{ executions: 2, outcomes: 2 }]);
    expect((await store.care.verify()).findings).toEqual([]);
  });

  test("puts the last row's chain at the head", async () => {
    const store = await open();
    const row = anExecution(store.ids);
    await store.ledger.append([row]);
    const seal = (await store.care.seal()) as Seal;
    const stored = await store.ledger.findExecution(row.id);
    expect(seal.heads[0]).toMatchObject({
      writer: stored?.writer,
      executions: 1,
      executionChain: stored?.chain,
    });
  });

  test("never lets the seals' time run backwards", async () => {
    const store = await open();
    await fill(store);
    const first = (await store.care.seal()) as Seal;
    store.clock.turnBack(60_000);
    await fill(store);
    const second = (await store.care.seal()) as Seal;
    expect(second.at).toBeGreaterThanOrEqual(first.at);
    expect((await store.care.verify()).findings).toEqual([]);
  });
}

function anchorTests(open: Open): void {
  const wrong = "0".repeat(64);

  test("holds against its own anchor, at once and after more was written", async () => {
    const store = await open();
    await fill(store);
    await store.care.seal();
    const anchor = await store.care.anchor();
    expect(anchor.format).toBe(1);
    expect(anchor.heads).toMatchObject([{ executions: 2, outcomes: 1 }]);
    expect((await store.care.verify({ anchor })).findings).toEqual([]);
    await store.ledger.append([anExecution(store.ids)]);
    await store.care.seal();
    await store.ledger.append([anExecution(store.ids)]);
    expect((await store.care.verify({ anchor })).findings).toEqual([]);
  });

  test("lists the heads of every writer, those too that have not moved for long", async () => {
    const store = await open();
    await fill(store);
    await store.care.seal();
    const other = await store.again();
    await other.ledger.append([anExecution(store.ids)]);
    await store.care.seal();
    const rows = await store.ledger.listExecutions({});
    const { heads } = await store.care.anchor();
    expect(new Set(heads.map((head) => head.writer))).toEqual(new Set(rows.map((row) => row.writer)));
    expect(heads.reduce((sum, head) => sum + head.executions, 0)).toBe(rows.length);
  });

  test("survives being written to a file and read again", async () => {
    const store = await open();
    await fill(store);
    const anchor = JSON.parse(JSON.stringify(await store.care.anchor())) as Anchor;
    expect((await store.care.verify({ anchor })).findings).toEqual([]);
  });

  test.each<[string, (anchor: Anchor) => Anchor]>([
    [
      "another execution chain",
      (anchor) => withHeads(anchor, (head) => ({ ...head, executionChain: wrong })),
    ],
    ["another outcome chain", (anchor) => withHeads(anchor, (head) => ({ ...head, outcomeChain: wrong }))],
    [
      "more executions than are there",
      (anchor) => withHeads(anchor, (head) => ({ ...head, executions: 99 })),
    ],
    ["more outcomes than are there", (anchor) => withHeads(anchor, (head) => ({ ...head, outcomes: 99 }))],
    ["a writer that is not there", (anchor) => withHeads(anchor, (head) => ({ ...head, writer: "nobody" }))],
    ["another seal", (anchor) => ({ ...anchor, seal: { ...anchor.seal, chain: wrong } })],
    ["a seal that is not there", (anchor) => ({ ...anchor, seal: { ...anchor.seal, seq: 99 } })],
  ])("does not hold against an anchor with %s", async (_, change) => {
    const store = await open();
    await fill(store);
    await store.care.seal();
    const anchor = change(await store.care.anchor());
    const { findings } = await store.care.verify({ anchor });
    expect(findings.map((finding) => finding.kind)).toContain("anchor-mismatch");
    for (const { where, message } of findings) expect(where !== "" && message !== "").toBe(true);
  });

  test("does not hold against the anchor of another store", async () => {
    const [store, elsewhere] = [await open(), await open()];
    await fill(store);
    await fill(elsewhere);
    await store.care.seal();
    await elsewhere.care.seal();
    const { findings } = await store.care.verify({ anchor: await elsewhere.care.anchor() });
    expect(findings.length).toBeGreaterThan(0);
  });
}

function withHeads(
  anchor: Anchor,
  change: (head: Anchor["heads"][number]) => Anchor["heads"][number],
): Anchor {
  return { ...anchor, heads: anchor.heads.map(change) };
}
