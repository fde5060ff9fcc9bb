/** Walks through the other use cases of the harness, on every kind of store. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import {
  aDeclarationDraft,
  anActor,
  anEvalSetDraft,
  anExecution,
  aText,
  fixedClock,
} from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  addEnvironment,
  appendOutcome,
  clearOverride,
  diagnose,
  diffVersions,
  exportSnapshot,
  type FiveAnswers,
  findEnvironments,
  findOverrides,
  listLedger,
  listPrompts,
  locateStore,
  openHarness,
  protectEnvironment,
  readInstant,
  readMoment,
  registerDeclared,
  registerPrompt,
  releaseVersion,
  rollBack,
  type ShownPrompt,
  sealStore,
  setOverride,
  showPrompt,
  verifyStore,
  versionLog,
  withdrawVersion,
} from "./index.ts";
import {
  HOUSES,
  KEY,
  type OpenedHouse,
  postgresHouse,
  promptFile,
  registerBodies,
  releaseTo,
} from "./opened-house.fixture.ts";

const postgres = postgresHouse(usePostgres());

describe.each([...HOUSES, postgres])("On $name", (house) => {
  let opened: OpenedHouse;
  beforeEach(async () => {
    opened = await house.open();
  });
  afterEach(() => opened.close());

  test("the same file again makes no version, and changed metadata makes a record alone", async () => {
    const { harness } = opened;
    const register = (value: unknown) => registerPrompt(harness, { value, file: "triage.yaml" });
    expect(await register(promptFile("one"))).toMatchObject({ version: 1, created: true });
    const { revision } = await harness.records.state();
    expect(await register(promptFile("one"))).toMatchObject({
      version: 1,
      created: false,
      metadataChanged: false,
    });
    expect(await harness.records.revision()).toBe(revision);
    const other = promptFile("one", { owner: "desk" });
    expect(await register(other)).toMatchObject({ version: 1, created: false, metadataChanged: true });
    expect((await listPrompts(harness))[0]).toMatchObject({
      key: KEY,
      owner: "desk",
      versions: 1,
      newest: 1,
    });
  });

  test("a text that code declared becomes a version, and the release log tells where it lived", async () => {
    const { harness } = opened;
    const text = aText();
    await harness.records.append(() => ({ drafts: [aDeclarationDraft(text)], texts: [text], result: null }));
    const [registered] = await registerDeclared(harness, { environment: "production", key: KEY });
    expect(registered).toMatchObject({ key: KEY, version: 1, created: true });
    await releaseTo(harness, 1);
    const [logged] = await versionLog(harness, KEY);
    expect(logged).toMatchObject({ version: 1, source: "code", author: "grace" });
    expect(logged?.releases).toMatchObject([
      { environment: "production", until: null, reason: "release v1" },
    ]);
    await expect(registerDeclared(harness, { environment: "staging" })).rejects.toMatchObject({
      code: "key-unknown",
    });
  });

  test("a rollback goes to the version before and lists overrides that still serve what was left", async () => {
    const { harness } = opened;
    await registerBodies(harness, ["one", "two"]);
    await releaseTo(harness, 1);
    await releaseTo(harness, 2);
    const subject = { kind: "user", value: "ada" } as const;
    await setOverride(harness, { key: KEY, version: 2, subject, environment: null, expires: null });
    const back = await rollBack(harness, { key: KEY, environment: "production", reason: "worse" });
    expect(back).toMatchObject({ from: 2, version: 1, unchanged: false });
    expect(back.overrides).toMatchObject([{ version: 2, subject: "ada", status: "active" }]);
    await expect(
      rollBack(harness, { key: KEY, environment: "staging", reason: "worse" }),
    ).rejects.toMatchObject({
      code: "nothing-to-roll-back",
    });
  });

  test("a protected environment asks for evidence, and a broken glass is a record", async () => {
    const { harness } = opened;
    await registerBodies(harness, ["one"]);
    await protectEnvironment(harness, { name: "production", gate: "always" });
    const release = { key: KEY, version: 1, environment: "production", reason: "first" };
    await expect(releaseVersion(harness, release)).rejects.toMatchObject({ code: "evidence-missing" });
    const released = await releaseVersion(harness, { ...release, breakGlass: "an outage" });
    expect(released).toMatchObject({ breakGlass: "an outage", evidence: [] });
    const subject = { kind: "tenant", value: "acme" } as const;
    const override = { key: KEY, version: 1, subject, environment: "production", expires: null };
    await expect(setOverride(harness, override)).rejects.toMatchObject({ code: "evidence-missing" });
    // The refused override must not leave the tenant's name behind.
    expect(await harness.records.findPseudonym(subject)).toBeUndefined();
  });

  test("overrides are set, listed with plain names, and cleared", async () => {
    const { harness, clock } = opened;
    await registerBodies(harness, ["one"]);
    const subject = { kind: "user", value: "ada" } as const;
    const expires = clock.now() + 1_000;
    await setOverride(harness, { key: KEY, version: 1, subject, environment: "staging", expires });
    expect(await findOverrides(harness, { environment: "staging" })).toMatchObject([
      {
        kind: "user",
        subject: "ada",
        environment: "staging",
        status: "active",
        expires: "2026-03-16T14:32:01.000Z",
      },
    ]);
    expect(await findOverrides(harness, { environment: "production" })).toEqual([]);
    clock.advance(2_000);
    expect((await findOverrides(harness, { key: KEY, subject }))[0]?.status).toBe("expired");
    const target = { key: KEY, subject, environment: "staging" };
    expect(await clearOverride(harness, target)).toMatchObject({
      version: null,
      unchanged: false,
      replaced: [1],
    });
    expect(await clearOverride(harness, target)).toMatchObject({ unchanged: true });
    expect(await findOverrides(harness, {})).toEqual([]);
  });

  test("environments are added once and inherit", async () => {
    const { harness } = opened;
    expect(await addEnvironment(harness, { name: "preview", inherits: "staging" })).toMatchObject({
      unchanged: false,
    });
    expect(await addEnvironment(harness, { name: "preview", inherits: "staging" })).toMatchObject({
      unchanged: true,
    });
    await registerBodies(harness, ["one"]);
    await releaseTo(harness, 1, "staging");
    const names = (await findEnvironments(harness)).map(({ name, live }) => `${name} ${live}`);
    expect(names).toEqual(["development 0", "staging 1", "production 0", "preview 0"]);
    expect((await listPrompts(harness))[0]?.live).toEqual({ staging: 1, preview: 1 });
    await expect(addEnvironment(harness, { name: "Bad Name" })).rejects.toMatchObject({ code: "usage" });
  });

  test("the five questions are answered by records or by the word none", async () => {
    const { harness } = opened;
    await registerBodies(harness, ["one", "two"]);
    await releaseTo(harness, 1);
    await releaseTo(harness, 2);
    const shown = await showPrompt(harness, { key: KEY, version: null, environment: "production" });
    expect(shown).toMatchObject({ version: 2, liveIn: ["production"] });
    expect(questionsOf(shown)).toMatchObject({
      baseline: { answer: "none", record: "none" },
      evalSet: { answer: "none", record: "none" },
      canary: { answer: "none", record: "none" },
      rollback: { answer: "to v1 in production; not rehearsed" },
      modelSwap: { answer: "none", record: "none" },
    });
    expect(questionsOf(shown)?.rollback.record).toMatch(/^r\d+$/);
  });

  test("evidence, runs, rollouts and drills answer the five questions with their ids", async () => {
    const { harness } = opened;
    const { aRolloutDraft } = await import("@colophon/testkit");
    await registerBodies(harness, ["one", "two"]);
    await releaseTo(harness, 1);
    await releaseTo(harness, 2);
    const by = anActor();
    const model = { provider: "openai", id: "gpt-5-nano" };
    const evalSet = { name: "triage-cases", version: 1 };
    const asked = { ...evalSet, hash: "h", split: "test" } as const;
    const run = {
      id: "run-1",
      key: KEY,
      subject: "v2",
      hash: "h",
      model,
      side: "challenger",
      together: "t",
      environment: "production",
      evalSet: asked,
      seed: "1",
      cases: 70,
      end: "complete",
      lines: 70,
      cost: null,
      results: "h",
    } as const;
    const counted = { scorers: ["exact"], judges: [], repeats: 1, scores: {}, errors: 0 };
    const gate = {
      mode: "noninferiority",
      method: null,
      ratchet: null,
      reasons: [],
      casesNeeded: null,
      judges: [],
      anchorDifference: null,
      document: "d",
      runs: ["run-1"],
      difference: null,
      margin: null,
      alpha: 0.05,
      vetoes: [],
      testLooks: 1,
    };
    const evidence = {
      id: "ev-1",
      key: KEY,
      challenger: "v2",
      hash: "h",
      model: null,
      baseline: "v1",
      anchor: null,
      environment: null,
      evalSet: asked,
      verdict: "ship",
    } as const;
    const content = { format: 1, name: "triage-cases", scorers: [], cases: [] };
    await harness.records.append(() => ({
      drafts: [
        anEvalSetDraft(content, { ...evalSet, cases: { dev: 30, test: 70 } }),
        { kind: "run", by, data: { ...run, ...counted } },
        { kind: "evidence", by, data: { ...evidence, ...gate } },
        aRolloutDraft({ id: "ro-1", state: "completed" }),
        {
          kind: "drill",
          by,
          data: {
            id: "drill-1",
            state: "ended",
            key: KEY,
            environment: "production",
            from: 2,
            to: 1,
            share: 1,
            lastFollowed: 120,
            lastReturned: 130,
            processes: 1,
            missed: 0,
            late: [],
            scheduled: false,
            cutOff: null,
          },
        },
      ],
      documents: [content],
      result: null,
    }));
    const shown = await showPrompt(harness, { key: KEY, version: 2, environment: "production" });
    expect(questionsOf(shown)).toMatchObject({
      baseline: { answer: "v1, verdict ship", record: "ev-1" },
      evalSet: { answer: "triage-cases: 30 dev and 70 test cases", record: "run-1" },
      canary: { answer: "completed in production", record: "ro-1" },
      modelSwap: { answer: "run on gpt-5-nano", record: "run-1" },
    });
    expect(questionsOf(shown)?.rollback.answer).toContain("rehearsed 2026-03-16");
  });

  test("two versions and two environments are compared", async () => {
    const { harness } = opened;
    await registerBodies(harness, ["one", "two"]);
    await releaseTo(harness, 2, "staging");
    await releaseTo(harness, 1);
    const versions = await diffVersions(harness, KEY, { versions: [1, 2] });
    expect(versions).toMatchObject({ same: false, before: { version: 1 }, after: { version: 2 } });
    const live = await diffVersions(harness, KEY, { environments: ["staging", "production"] });
    expect(live).toMatchObject({ before: { version: 2, environment: "staging" }, after: { version: 1 } });
    await expect(diffVersions(harness, KEY, { versions: [1, 9] })).rejects.toMatchObject({
      code: "version-unknown",
    });
    const nothing = { environments: ["development", "production"] } as const;
    await expect(diffVersions(harness, KEY, nothing)).rejects.toMatchObject({ code: "version-unknown" });
  });

  test("an outcome is kept for a call that is there, and refused for one that is not", async () => {
    const { harness } = opened;
    const row = anExecution(harness.ids, { subjects: { user: "ada", session: "s-1" } });
    await harness.ledger.append([row]);
    const outcome = { name: "accepted", value: true, source: "user" } as const;
    await appendOutcome(harness, { ...outcome, execution: row.id });
    const [read] = await listLedger(harness, { prompt: KEY, user: "ada" });
    expect(read).toMatchObject({
      id: row.id,
      at: "2026-03-16T14:32:00.000Z",
      subjects: { user: "ada", tenant: null },
    });
    expect(read?.outcomes).toMatchObject([{ name: "accepted", value: true, source: "user", by: "grace" }]);
    const unknown = harness.ids.next();
    await expect(appendOutcome(harness, { ...outcome, execution: unknown })).rejects.toMatchObject({
      code: "execution-unknown",
    });
    await expect(
      appendOutcome(harness, { ...outcome, execution: row.id, value: "yes" }),
    ).rejects.toMatchObject({
      code: "outcome-invalid",
    });
    expect(await listLedger(harness, { user: "nobody" })).toEqual([]);
  });

  test("the snapshot holds what resolvers need, pinned partials included", async () => {
    const { harness } = opened;
    const tone = { key: "shared.tone", model: "gpt-5-mini", body: "Be kind." };
    await registerPrompt(harness, { value: tone, file: "tone.yaml" });
    const main = { key: "support.reply", model: "gpt-5-mini", body: "Answer. {{> shared.tone@v1}}" };
    await registerPrompt(harness, { value: main, file: "reply.yaml" });
    await releaseVersion(harness, {
      key: "support.reply",
      version: 1,
      environment: "production",
      reason: "first",
    });
    const subject = { kind: "user", value: "ada" } as const;
    await setOverride(harness, {
      key: "support.reply",
      version: 1,
      subject,
      environment: null,
      expires: null,
    });
    const document = await exportSnapshot(harness);
    expect(document.environments).toEqual(["development", "staging", "production"]);
    expect(document.prompts["support.reply"]?.overrides).toMatchObject([
      { kind: "user", subject: "ada", version: 1 },
    ]);
    expect(Object.keys(document.prompts["shared.tone"]?.versions ?? {})).toEqual(["1"]);
    const bodies = Object.values(document.texts).map((text) => text.body);
    expect(bodies.sort()).toEqual(["Answer. {{> shared.tone@v1}}", "Be kind."]);
  });

  test("the doctor names what is wrong, errors first", async () => {
    const { harness, clock } = opened;
    expect(await diagnose(harness)).toEqual([]);
    const floating = promptFile("one", { owner: null, model: "gpt-5-latest" });
    await registerPrompt(harness, { value: floating, file: "triage.yaml" });
    await registerBodies(harness, ["two"]);
    await registerPrompt(harness, { value: promptFile("two", { owner: null }), file: "triage.yaml" });
    await releaseTo(harness, 1);
    await releaseTo(harness, 2, "staging");
    const subject = { kind: "user", value: "ada" } as const;
    await setOverride(harness, { key: KEY, version: 2, subject, environment: null, expires: null });
    await withdrawVersion(harness, { key: KEY, version: 2, reason: "insults people" });
    const strange = aText({
      body: "{{question}}",
      input: { type: "object", properties: { question: { type: "string" } }, required: ["question"] },
    });
    await harness.records.append(() => ({
      drafts: [aDeclarationDraft(strange, { input: strange.input })],
      texts: [strange],
      result: null,
    }));
    const gap = { at: clock.now(), prompt: KEY, count: 3 };
    await harness.ledger.appendGaps([
      { ...gap, kind: "rendered-not-recorded", reason: "no row followed" },
      { ...gap, kind: "dropped-row", reason: "the disk was full" },
    ]);
    await harness.ledger.appendStarts([
      {
        id: harness.ids.next() as never,
        prompt: KEY,
        version: 1,
        hash: "0".repeat(64),
        environment: "production",
      },
    ]);
    const considered = [{ tier: "pin", outcome: "withdrawn", version: 2 }] as const;
    await harness.ledger.append([
      anExecution(harness.ids, { environment: "prodution" }),
      anExecution(harness.ids, { considered }),
    ]);
    clock.advance(2 * 3_600_000);
    const findings = await diagnose(harness);
    const codes = findings.map(({ severity, code }) => `${severity} ${code}`);
    expect(codes.slice(0, 4).every((code) => code.startsWith("error"))).toBe(true);
    expect(new Set(codes)).toEqual(
      new Set([
        "error misfit",
        "error withdrawn-live",
        "error withdrawn-override",
        "error dropped",
        "error unknown-environment",
        "error withdrawn-pin",
        "warning no-owner",
        "warning floating-model",
        "warning not-recorded",
        "warning unfinished",
        "note declared-differs",
      ]),
    );
    for (const { advice } of findings) expect(advice).not.toBe("");
  });

  test("verify is clean, gives an anchor to keep outside, and notices a foreign one", async () => {
    const { harness } = opened;
    await registerBodies(harness, ["one"]);
    await harness.ledger.append([anExecution(harness.ids)]);
    await sealStore(harness);
    expect(await verifyStore(harness)).toMatchObject({ ok: true, anchor: null, executions: 1 });
    const { anchor } = await verifyStore(harness, { anchor: null });
    expect(anchor).toMatchObject({ format: 1, seal: { seq: 1 } });
    await harness.ledger.append([anExecution(harness.ids)]);
    const renewed = await verifyStore(harness, { anchor });
    expect(renewed).toMatchObject({ ok: true, executions: 2 });
    expect(renewed.anchor?.seal.seq).toBeGreaterThan(anchor?.seal.seq ?? 0);
    const heads = (anchor?.heads ?? []).map((head) => ({ ...head, writer: "a-writer-that-is-gone" }));
    const foreign = anchor === null ? null : { ...anchor, heads };
    expect(await verifyStore(harness, { anchor: foreign })).toMatchObject({ ok: false, anchor: null });
  });
});

function questionsOf(shown: ShownPrompt): FiveAnswers | undefined {
  return shown.version === null ? undefined : shown.questions;
}

describe("The place of a store", () => {
  test("a read never makes a store, and a write makes it", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "colophon-place-"));
    try {
      const options = { cwd, actor: anActor(), clock: fixedClock() };
      await expect(openHarness({ ...options, mode: "read" })).rejects.toMatchObject({
        code: "store-unavailable",
      });
      expect(existsSync(join(cwd, ".colophon"))).toBe(false);
      await (await openHarness({ ...options, mode: "write" })).close();
      expect(existsSync(join(cwd, ".colophon", "store.db"))).toBe(true);
      expect(readFileSync(join(cwd, ".colophon", ".gitignore"), "utf8")).toBe("*\n");
      const below = locateStore({ cwd: join(cwd, "packages", "app") });
      expect(below.file).toBe(join(cwd, ".colophon", "store.db"));
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });

  test("files, file URLs and folders are stores, servers are not", () => {
    const cwd = tmpdir();
    expect(locateStore({ store: "x.db", cwd })).toMatchObject({ file: join(cwd, "x.db"), folder: cwd });
    expect(locateStore({ store: `file://${join(cwd, "y.db")}`, cwd }).file).toBe(join(cwd, "y.db"));
    expect(locateStore({ store: ".colophon", cwd }).file).toBe(join(cwd, ".colophon", "store.db"));
    for (const store of ["postgres://localhost/colophon", "https://colophon.example", "http://127.0.0.1:1"]) {
      expect(() => locateStore({ store, cwd })).toThrow(
        expect.objectContaining({ code: "store-unsupported" }),
      );
    }
  });
});

describe("Times", () => {
  const now = Date.parse("2026-03-16T14:32:10.500Z");

  test.each([
    ["14:32", "2026-03-16T14:32:00.000Z", 60_000],
    ["14:32:05", "2026-03-16T14:32:05.000Z", 1_000],
    ["2026-03-15T01:00Z", "2026-03-15T01:00:00.000Z", 60_000],
    ["2026-03-15 01:00", "2026-03-15T01:00:00.000Z", 60_000],
    ["2026-03-15T01:00:00.25+02:00", "2026-03-14T23:00:00.250Z", 1],
  ])("%s begins at %s and lasts %d ms", (text, from, length) => {
    const moment = readMoment(text, now);
    expect(new Date(moment.from).toISOString()).toBe(from);
    expect(moment.until - moment.from).toBe(length);
  });

  test("a day is an instant, and what is no date is refused", () => {
    expect(readInstant("2026-03-15", "--since")).toBe(Date.parse("2026-03-15T00:00:00Z"));
    for (const text of ["2026-02-29", "15.03.2026", "", "2026-03-15T24:00Z", "2026-13-01"]) {
      expect(() => readInstant(text, "--since")).toThrow(expect.objectContaining({ code: "time-invalid" }));
    }
  });
});
