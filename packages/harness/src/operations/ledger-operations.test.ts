/** Asks every operation of the ledger and of care over JSON, on a store with rows of every kind of field. */
import { readLedgerEntry } from "@colophon/kernel";
import { anExecution, anOutcome, aRolloutDraft, aStart } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { setOverride } from "../index.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../opened-house.fixture.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import {
  CARE_OPERATIONS,
  diagnoseOperation,
  eraseSubjectOperation,
  exportSnapshotOperation,
  retainRowsOperation,
  verifyStoreOperation,
} from "./care-operations.ts";
import {
  answerAtOperation,
  appendOutcomeOperation,
  importEntriesOperation,
  LEDGER_OPERATIONS,
  listLedgerOperation,
} from "./ledger-operations.ts";

const hex = (length: number): string => "5".repeat(length);

describe.each(HOUSES)("Operations of the ledger on $name", ({ open }) => {
  let house: OpenedHouse;
  beforeEach(async () => {
    house = await open();
    await registerBodies(house.harness, ["one", "two"]);
    await releaseTo(house.harness, 1);
  });
  afterEach(() => house.close());

  /** A row with something in every field that may be empty. */
  function fullRow() {
    const { ids } = house.harness;
    const [parent, failed] = [anExecution(ids), anExecution(ids)];
    return anExecution(ids, {
      prompt: KEY,
      considered: [
        { tier: "user", outcome: "misfit", reason: "{{x}} is not in the contract", version: 2 },
        { tier: "environment", outcome: "chosen", version: 1 },
      ],
      assignment: { salt: "a", draw: 0.25, probability: 0.5 },
      trace: hex(32),
      span: hex(16),
      parent: parent.id,
      step: 2,
      attempt: 2,
      fallbackOf: failed.id,
      systemFingerprint: "fp",
      firstToken: 12,
      status: "error",
      error: "RateLimitError 429",
      errorCode: "misfit",
      toolCalls: ["search"],
      schemaOk: true,
      locale: "de",
      parts: [{ kind: "partial", name: "shared.tone", version: 3, hash: hex(64), choice: "a" }],
      renderedHash: hex(32),
      statedCost: { amount: 0.25, currency: "EUR" },
      priceTable: hex(64),
      contents: { inputDigest: hex(64), outputDigest: hex(64), variables: "{}", output: "x", days: null },
      subjects: { user: "ada", tenant: "acme", document: "d1", documentType: "mail", session: "s1" },
    });
  }

  test("give back every field of a row, with its outcomes", async () => {
    const { harness } = house;
    const row = fullRow();
    await harness.ledger.append([row]);
    const appended = await askOverJson(appendOutcomeOperation, harness, {
      execution: row.id,
      name: "quality",
      value: 0.5,
      source: "judge",
      by: "judge@v1",
    });
    expect(appended).toMatchObject({ execution: row.id, value: 0.5 });
    const [listed] = await askOverJson(listLedgerOperation, harness, {
      prompt: KEY,
      version: 1,
      environment: "production",
      user: "ada",
      tenant: "acme",
      document: "d1",
      documentType: "mail",
      trace: hex(32),
      since: 0,
      until: house.clock.now() + 1_000,
      limit: 5,
    });
    expect(listed).toMatchObject({
      id: row.id,
      assignment: row.assignment,
      statedCost: row.statedCost,
      subjects: { ...row.subjects, session: expect.stringMatching(/^[0-9a-f]{32}$/) },
      outcomes: [{ name: "quality", value: 0.5, source: "judge", by: "judge@v1" }],
    });
  });

  test("answer what was served at a time with its text, and what was released where nothing was", async () => {
    const { harness, clock } = house;
    const hash = (await harness.records.state()).prompts.get(KEY)?.versions.get(1)?.hash ?? "";
    const row = anExecution(harness.ids, { prompt: KEY, hash, subjects: { user: "ada" } });
    await harness.ledger.append([row]);
    clock.advance(60_000);
    const time = new Date(clock.now() - 60_000).toISOString();
    const question = { time, key: KEY, environment: "production", user: "ada", application: null };
    const { application: _, ...anybody } = question;
    const answer = await askOverJson(answerAtOperation, harness, anybody);
    expect(answer).toMatchObject({ served: { executionId: row.id }, text: { model: { id: "gpt-5-mini" } } });
    const other = await askOverJson(answerAtOperation, harness, { ...anybody, user: "bob" });
    expect(other).toMatchObject({ released: { version: 1 }, served: null, executions: [] });
    await expect(askOverJson(answerAtOperation, harness, question)).rejects.toMatchObject({
      code: "application-unknown",
    });
  });

  test("take in entries once, and none of those that stand beside a malformed one", async () => {
    const { harness, clock } = house;
    const row = fullRow();
    const entries = [
      { kind: "execution", row },
      { kind: "outcome", row: anOutcome(harness.ids, row.id) },
      { kind: "start", row: aStart(harness.ids) },
      { kind: "gap", row: { at: clock.now(), kind: "dropped-row", count: 2, prompt: null, reason: "full" } },
    ];
    const bad = { kind: "execution", row: { ...row, id: "no id" } };
    await expect(
      askOverJson(importEntriesOperation, harness, { entries: [...entries, bad] }),
    ).rejects.toMatchObject({ code: "input-malformed" });
    expect(await harness.ledger.listExecutions({})).toEqual([]);
    for (const entry of entries) expect(() => readLedgerEntry(entry)).not.toThrow();
    expect(await askOverJson(importEntriesOperation, harness, { entries })).toEqual({
      stored: 4,
      duplicates: 0,
    });
    expect(await askOverJson(importEntriesOperation, harness, { entries })).toEqual({
      stored: 0,
      duplicates: 4,
    });
  });

  test("verify a store, and hold it against an anchor that came back as JSON", async () => {
    const { harness } = house;
    await harness.ledger.append([fullRow()]);
    const { anchor } = await askOverJson(verifyStoreOperation, harness, { anchor: null });
    expect(anchor?.heads).toHaveLength(1);
    expect(await askOverJson(verifyStoreOperation, harness, { anchor })).toMatchObject({ ok: true });
    const heads = (anchor?.heads ?? []).map((head) => ({ ...head, writer: "gone" }));
    const foreign = anchor === null ? null : { ...anchor, heads };
    const held = await askOverJson(verifyStoreOperation, harness, { anchor: foreign });
    expect([held.ok, held.anchor, held.findings.length > 0]).toEqual([false, null, true]);
  });

  test("diagnose, and bake a snapshot with overrides, plans and models", async () => {
    const { harness } = house;
    await setOverride(harness, {
      key: KEY,
      version: 2,
      environment: "production",
      subject: { kind: "user", value: "ada" },
      expires: house.clock.now() + 1_000,
      reason: "try",
    });
    await harness.records.append(() => ({
      drafts: [aRolloutDraft({ key: KEY, shadow: { version: 2, rate: 0.5, concurrency: 1, calls: 9 } })],
      result: null,
    }));
    const snapshot = await askOverJson(exportSnapshotOperation, harness, {});
    expect(snapshot.prompts[KEY]?.overrides).toMatchObject([{ subject: "ada", version: 2 }]);
    expect(snapshot.prompts[KEY]?.releases.production).toMatchObject({
      plan: { arms: [{ version: 2, share: 0.1 }] },
      shadow: { version: 2 },
    });
    expect(Object.keys(snapshot.texts)).toHaveLength(2);
    const findings = await askOverJson(diagnoseOperation, harness, {});
    expect(findings.every(({ message, advice }) => message !== "" && advice !== "")).toBe(true);
  });

  test("erase a subject, which no audit log may name", async () => {
    const { harness } = house;
    await harness.ledger.append([fullRow()]);
    const subject = { kind: "user", value: "ada" } as const;
    expect(eraseSubjectOperation.targetOf?.(subject)).toBe("user");
    expect(await askOverJson(eraseSubjectOperation, harness, subject)).toMatchObject({
      known: true,
      executions: 1,
    });
    expect(await harness.ledger.listExecutions({})).toHaveLength(1);
  });

  test("refuse to let go of rows where the store keeps every one, counting them too", async () => {
    const { harness } = house;
    for (const dryRun of [true, false]) {
      await expect(askOverJson(retainRowsOperation, harness, { before: 0, dryRun })).rejects.toMatchObject({
        code: "store-unsupported",
      });
    }
    const before = house.clock.now() + 1;
    await expect(askOverJson(retainRowsOperation, harness, { before })).rejects.toMatchObject({
      code: "time-invalid",
    });
  });
});

test("Only who may administrate erases and lets go, and nobody's id stands in an address", () => {
  const all = [...LEDGER_OPERATIONS, ...CARE_OPERATIONS];
  const admin = all.filter(({ scope }) => scope === "admin").map(({ name }) => name);
  expect(admin).toEqual(["subject.erase", "ledger.retain"]);
  const personal = all.filter(({ input }) => "user" in input.shape || "value" in input.shape);
  expect(personal.map(({ name, method }) => `${name} ${method}`)).toEqual([
    "ledger.list POST",
    "ledger.at POST",
    "outcome.append POST",
    "subject.erase POST",
  ]);
});
