/** What every LedgerStore keeps to, as tests that an adapter runs on itself. */
import {
  type Execution,
  type ExecutionCore,
  type ExecutionDraft,
  type ExecutionId,
  executionLink,
  type LedgerStore,
  type OutcomeValue,
  outcomeLink,
  sha256,
  timeOfId,
} from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aStart } from "../builders/a-start.ts";
import { anExecution } from "../builders/an-execution.ts";
import { anOutcome } from "../builders/an-outcome.ts";
import { anyExecutionFields } from "./arbitraries.ts";
import { arrivalContract } from "./arrival-contract.ts";
import { contentsContract } from "./contents-contract.ts";
import { executionFilterContract } from "./execution-filter-contract.ts";
import { metricContract } from "./metric-contract.ts";
import { type Fresh, freshly, type OpenedStore, type StoreContract } from "./opened-store.ts";
import { rollupContract } from "./rollup-contract.ts";

type Open = () => Promise<Fresh<OpenedStore>>;

export function ledgerStoreContract(contract: StoreContract): void {
  describe(`${contract.name} as a LedgerStore`, () => {
    const open = freshly(contract.open);
    describe("its rows", () => rowTests(open));
    describe("its rows' subjects", () => rowSubjectTests(open));
    describe("its lists", () => executionFilterContract(open));
    describe("its outcomes", () => outcomeTests(open));
    describe("its starts and gaps", () => startAndGapTests(open));
    describe("its sums", () => rollupContract(open));
    describe("its metrics", () => metricContract(open));
    describe("its arrivals", () => arrivalContract(open));
    describe("its contents", () => contentsContract(open));
    test("can be closed twice", async () => {
      const { ledger } = await open();
      await ledger.close();
      await ledger.close();
    });
  });
}

/** What a row says of the call, without its place, pseudonyms and hashes. */
function coreOf(row: Execution | ExecutionDraft): ExecutionCore {
  const core: Record<string, unknown> = { ...row };
  for (const name of ["writer", "seq", "chain", "at", "subjects", "inputHash", "outputHash", "contents"]) {
    delete core[name];
  }
  return core as unknown as ExecutionCore;
}

/** A row with what stands for its contents covered: hashes of contents are keyed on their way in. */
function shownOf({ renderedHash, parts, ...row }: ExecutionCore) {
  const covered = parts.map((part) => (part.kind === "partial" ? part : { ...part, hash: "keyed" }));
  return { ...row, rendered: renderedHash !== null, parts: covered };
}

function rowTests(open: Open): void {
  test("keeps no hash of contents that could be tried out: not of messages, bound values, media, input or output", async () => {
    const { ledger, ids } = await open();
    const [inputDigest, outputDigest, bound, photo] = ["1", "2", "3", "5"].map((digit) =>
      digit.repeat(64),
    ) as [string, string, string, string];
    const renderedHash = "4".repeat(32);
    const draft = anExecution(ids, {
      renderedHash,
      parts: [
        { kind: "bound", name: "tone", version: null, hash: bound, choice: "warm" },
        { kind: "media", name: "photo", version: null, hash: photo },
      ],
      contents: { inputDigest, outputDigest, variables: null, output: null, days: null },
    });
    await ledger.append([draft]);
    const row = (await ledger.findExecution(draft.id)) as Execution;
    expect(row.renderedHash).toMatch(/^[0-9a-f]{32}$/);
    expect(row.parts).toEqual([
      expect.objectContaining({ name: "tone", choice: "warm" }),
      expect.objectContaining({ kind: "media", name: "photo" }),
    ]);
    const kept = JSON.stringify(row);
    for (const digest of [inputDigest, outputDigest, bound, photo, renderedHash]) {
      expect(kept).not.toContain(digest.slice(0, 16));
    }
  });

  test("gives every field of a row back as it was given", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyExecutionFields(), { minLength: 1, maxLength: 10 }), async (fields) => {
        const { ledger, ids, dispose } = await open();
        const drafts = fields.map((one) => anExecution(ids, one));
        await ledger.append(drafts);
        for (const draft of drafts) {
          const row = (await ledger.findExecution(draft.id)) as Execution;
          expect(shownOf(coreOf(row))).toEqual(shownOf(coreOf(draft)));
          expect(row.at).toBe(timeOfId(draft.id));
          for (const kind of ["user", "tenant", "document", "documentType", "session"] as const) {
            expect(row.subjects[kind] === null, kind).toBe(draft.subjects[kind] === null);
          }
        }
        await dispose();
      }),
      { numRuns: 30 },
    );
  });

  test("knows nothing of an execution that was never appended", async () => {
    const { ledger, ids } = await open();
    expect(await ledger.findExecution(ids.next() as ExecutionId)).toBeUndefined();
  });

  test("chains the rows of a writer, numbered without gaps", async () => {
    const { ledger, ids, clock } = await open();
    for (let at = 0; at < 5; at++) {
      await ledger.append([anExecution(ids, { latency: at }), anExecution(ids)]);
      clock.advance(1);
    }
    await expectChains(ledger);
  });

  test("stores a row that is sent again once, counts the rest and leaves the chain alone", async () => {
    const store = await open();
    const { ledger, ids } = store;
    const row = anExecution(ids);
    expect(await ledger.append([row, row])).toEqual({ stored: 1, duplicates: 1 });
    const stored = await ledger.findExecution(row.id);
    expect(await ledger.append([{ ...row, latency: 1 }])).toEqual({ stored: 0, duplicates: 1 });
    const other = await store.again();
    expect(await other.ledger.append([row, anExecution(ids)])).toEqual({ stored: 1, duplicates: 1 });
    expect(await ledger.findExecution(row.id)).toEqual(stored);
    expect(await ledger.append([anExecution(ids)])).toEqual({ stored: 1, duplicates: 0 });
    await expectChains(ledger);
    expect((await ledger.listRollups({})).reduce((sum, { calls }) => sum + calls, 0)).toBe(3);
    expect((await store.care.verify()).findings).toEqual([]);
  });

  test("takes rows from several openings at once", async () => {
    const store = await open();
    const other = await store.again();
    const { ids } = store;
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        (at % 2 === 0 ? store : other).ledger.append([anExecution(ids), anExecution(ids)]),
      ),
    );
    expect(await store.ledger.listExecutions({ limit: 1000 })).toHaveLength(80);
    await expectChains(store.ledger);
    expect((await store.care.verify()).findings).toEqual([]);
  });

  test("keeps a row as it was, whatever becomes of the draft", async () => {
    const { ledger, ids, care } = await open();
    const tools = ["search"];
    const draft = anExecution(ids, { toolCalls: tools });
    await ledger.append([draft]);
    tools.push("delete_everything");
    expect((await ledger.findExecution(draft.id))?.toolCalls).toEqual(["search"]);
    expect((await care.verify()).findings).toEqual([]);
  });

  test("takes an append of nothing", async () => {
    const { ledger } = await open();
    expect(await ledger.append([])).toEqual({ stored: 0, duplicates: 0 });
    expect(await ledger.listExecutions({})).toEqual([]);
  });
}

/** Recomputes every link but each writer's first, whose start is the store's own. */
async function expectChains(ledger: LedgerStore): Promise<void> {
  const rows = (await ledger.listExecutions({ limit: 10_000 })).toSorted((a, b) => a.seq - b.seq);
  const heads = new Map<string, Execution>();
  for (const row of rows) {
    const before = heads.get(row.writer);
    expect(row.seq).toBe((before?.seq ?? 0) + 1);
    if (before !== undefined) expect(row.chain).toBe(sha256(executionLink(before.chain, row)));
    heads.set(row.writer, row);
  }
  expect(heads.size).toBeGreaterThan(0);
}

function rowSubjectTests(open: Open): void {
  test("names subjects by the pseudonyms that the registry gives them", async () => {
    const { ledger, records, ids } = await open();
    const known = await records.findPseudonym({ kind: "user", value: "ada" }, { create: true });
    const subjects = { user: "ada", tenant: "acme", document: "doc-1", documentType: "invoice" };
    const draft = anExecution(ids, { subjects });
    await ledger.append([draft]);
    const row = await ledger.findExecution(draft.id);
    expect(row?.subjects).toEqual({
      user: known,
      tenant: await records.findPseudonym({ kind: "tenant", value: "acme" }),
      document: await records.findPseudonym({ kind: "document", value: "doc-1" }),
      documentType: await records.findPseudonym({ kind: "documentType", value: "invoice" }),
      session: null,
    });
  });

  test("keeps no plain id in a row", async () => {
    const { ledger, ids } = await open();
    const subjects = {
      user: "plain-u",
      tenant: "plain-t",
      document: "plain-d",
      documentType: "plain-y",
      session: "plain-s",
    };
    await ledger.append([anExecution(ids, { subjects })]);
    expect(JSON.stringify(await ledger.listExecutions({}))).not.toContain("plain-");
  });

  test("knows a session again under the same user, and under no other", async () => {
    const { ledger, ids } = await open();
    const sessionOf = async (user: string | null, session: string): Promise<unknown> => {
      const draft = anExecution(ids, { subjects: { user, session } });
      await ledger.append([draft]);
      return (await ledger.findExecution(draft.id))?.subjects.session;
    };
    const ada = await sessionOf("ada", "s1");
    expect(ada).toMatch(/^[0-9a-f]{32}$/);
    const others = [await sessionOf("bob", "s1"), await sessionOf(null, "s1"), await sessionOf("ada", "s2")];
    expect(new Set([ada, ...others]).size).toBe(4);
    expect(await sessionOf("ada", "s1")).toBe(ada);
    expect(await sessionOf(null, "s1")).toBe(others[1]);
  });
}

function outcomeTests(open: Open): void {
  test("gives outcomes back as they were given, oldest first, chained", async () => {
    const { ledger, ids, clock } = await open();
    const execution = anExecution(ids);
    await ledger.append([execution]);
    const values: readonly OutcomeValue[] = [true, false, 0.25, -3, "", 'said "no"'];
    const drafts = values.map((value, at) => {
      clock.advance(1);
      const by = at % 2 === 0 ? null : "rule-7";
      return anOutcome(ids, execution.id, { name: `signal.${at}`, value, source: "rule", by });
    });
    expect(await ledger.appendOutcomes(drafts)).toEqual({ stored: values.length, duplicates: 0 });
    const rows = await ledger.listOutcomes([execution.id]);
    expect(rows.map(({ writer: _w, seq: _s, chain: _c, at: _a, ...draft }) => draft)).toEqual(drafts);
    expect(rows.map((row) => row.at)).toEqual(drafts.map((draft) => timeOfId(draft.id)));
    expect(rows.map((row) => row.seq)).toEqual(values.map((_, at) => at + 1));
    for (const [at, row] of rows.entries()) {
      const before = rows[at - 1];
      if (before !== undefined) expect(row.chain).toBe(sha256(outcomeLink(before.chain, row)));
    }
  });

  test("stores an outcome that is sent again once", async () => {
    const { ledger, ids, care } = await open();
    const outcome = anOutcome(ids, ids.next() as ExecutionId);
    expect(await ledger.appendOutcomes([outcome, outcome])).toEqual({ stored: 1, duplicates: 1 });
    expect(await ledger.appendOutcomes([{ ...outcome, value: false }])).toEqual({ stored: 0, duplicates: 1 });
    expect(await ledger.listOutcomes([outcome.execution])).toMatchObject([{ value: true, seq: 1 }]);
    expect((await care.verify()).findings).toEqual([]);
  });

  test("lists the outcomes of exactly the executions asked for, thousands of them too", async () => {
    const { ledger, ids } = await open();
    const executions = Array.from({ length: 3000 }, () => ids.next() as ExecutionId);
    const wanted = executions.slice(10, 13);
    const drafts = [...wanted, executions[0] as ExecutionId].map((execution) => anOutcome(ids, execution));
    await ledger.appendOutcomes(drafts);
    const found = await ledger.listOutcomes(wanted);
    expect(new Set(found.map((row) => row.execution))).toEqual(new Set(wanted));
    expect(await ledger.listOutcomes(executions)).toHaveLength(4);
    expect(await ledger.listOutcomes([])).toEqual([]);
  });
}

function startAndGapTests(open: Open): void {
  test("lists starts whose row never came, and only those", async () => {
    const { ledger, ids } = await open();
    const lost = aStart(ids, { version: null, environment: "preview" });
    const ended = aStart(ids);
    const late = aStart(ids, { prompt: "support.reply" });
    await ledger.append([anExecution(ids, { id: late.id })]);
    expect(await ledger.appendStarts([lost, ended, late])).toEqual({ stored: 3, duplicates: 0 });
    expect(await ledger.appendStarts([lost, ended])).toEqual({ stored: 0, duplicates: 2 });
    expect(await ledger.listUnfinished()).toEqual([lost, ended]);
    await ledger.append([anExecution(ids, { id: ended.id })]);
    expect(await ledger.listUnfinished()).toEqual([lost]);
  });

  test("lists gaps in the order in which they were said, each with its writer", async () => {
    const { ledger, clock } = await open();
    const dropped = {
      at: clock.now(),
      kind: "dropped-row",
      count: 3,
      prompt: null,
      reason: "the disk is full",
    } as const;
    const rendered = {
      at: clock.now() + 5,
      kind: "rendered-not-recorded",
      count: 1,
      prompt: "support.triage",
      reason: "",
    } as const;
    await ledger.appendGaps([dropped]);
    await ledger.appendGaps([rendered, dropped]);
    const gaps = await ledger.listGaps();
    expect(gaps).toMatchObject([dropped, rendered, dropped]);
    for (const gap of gaps) expect(gap.writer).not.toBe("");
    const { at } = dropped;
    expect(await ledger.listGaps({ since: at, until: at + 5 })).toMatchObject([dropped, dropped]);
    expect(await ledger.listGaps({ since: at + 1, until: at + 6 })).toMatchObject([rendered]);
    expect(await ledger.listGaps({ until: at })).toEqual([]);
  });
}
