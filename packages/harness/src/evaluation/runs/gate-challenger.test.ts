/** Runs gates against a simulated model, from the eval set to the evidence that delivery asks for. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hashDocument } from "@colophon/kernel";
import { afterEach, describe, expect, test } from "vitest";
import { listLedger, protectEnvironment, releaseVersion, showPrompt, verifyStore } from "../../index.ts";
import { type EvaluationHouse, KEY, openEvaluationHouse } from "./evaluation-house.fixture.ts";
import { gateChallenger, listEvidence } from "./gate-challenger.ts";
import type { GateAnswer } from "./gate-request.ts";

let house: EvaluationHouse;
afterEach(() => house.close());

async function release(version: number, more: { readonly breakGlass?: string } = {}): Promise<void> {
  const request = { key: KEY, version, environment: "production", reason: "try", ...more };
  await releaseVersion(house.harness, request);
}

function gate(
  version: number,
  more: Partial<Omit<Parameters<typeof gateChallenger>[1], "candidate">> = {},
  parts: Partial<EvaluationHouse["parts"]> = {},
): Promise<GateAnswer> {
  const request = { key: KEY, version, set: "tickets", environment: "production", ...more };
  return gateChallenger(house.harness, request, { ...house.parts, ...parts });
}

/** What a longer prompt costs more is not the question of these tests. */
const QUALITY = { guards: { cost: null, latencyP50: null, latencyP95: null, length: null } } as const;

describe("A gate", () => {
  test("ships a better version, blocks a worse one, and does neither with an equal one on few cases", async () => {
    house = await openEvaluationHouse({ cases: 240 });
    await house.register("bare", "defined", "worse", {
      body: "Is this billing, bug or other?\n\n{{ticket}}",
    });
    await release(1);
    const better = await gate(2, QUALITY);
    expect(better).toMatchObject({
      verdict: "ship",
      ratchet: "ship",
      baseline: "v1",
      cases: 160,
      testLooks: 1,
    });
    expect(better.lower).toBeGreaterThan(0);
    const worse = await gate(3, QUALITY);
    expect(worse).toMatchObject({ verdict: "block", ratchet: "block", testLooks: 2 });
    expect(worse.upper).toBeLessThan(-0.03);
    expect(worse.flipped[0]?.difference).toBe(-1);
    // A mean that is no better than what was told before is not told.
    expect(worse.means).toEqual({ baseline: null, challenger: null });
    const equal = await gate(4, QUALITY);
    expect(equal).toMatchObject({ verdict: "inconclusive", testLooks: 3 });
    expect(equal.casesNeeded).toBeGreaterThan(160);
  });

  test("records runs and evidence, a row for each call, and score files that have the hash of their record", async () => {
    house = await openEvaluationHouse({ cases: 90 });
    await house.register("bare", "exemplified");
    await release(1);
    const answer = await gate(2, QUALITY);
    const records = await house.harness.records.listRecords({ key: KEY, kinds: ["run", "evidence"] });
    const runs = records.flatMap((record) => (record.kind === "run" ? [record.data] : []));
    expect(runs.map(({ side, subject }) => [side, subject])).toEqual([
      ["baseline", "v1"],
      ["challenger", "v2"],
    ]);
    for (const run of runs) {
      expect(run).toMatchObject({ end: "complete", cases: 60, lines: 60, errors: 0, repeats: 1 });
      expect(run.evalSet).toMatchObject({ name: "tickets", version: 1, split: "test" });
      expect(run.cost?.currency).toBe("USD");
      const file = readFileSync(join(house.folder, ".colophon", "runs", `${run.id}.jsonl`));
      expect(createHash("sha256").update(file).digest("hex")).toBe(run.results);
      expect(file.toString().trim().split("\n")).toHaveLength(60);
    }
    const [evidence] = await listEvidence(house.harness, KEY);
    expect(evidence).toMatchObject({
      id: answer.evidenceId,
      challenger: "v2",
      baseline: "v1",
      verdict: answer.verdict,
      mode: "noninferiority",
      runs: runs.map(({ id }) => id),
      testLooks: 1,
      model: null,
    });
    const kept = await house.harness.records.listDocuments([evidence?.document ?? ""]);
    const [document] = [...kept.values()];
    expect(hashDocument(document as object)).toBe(evidence?.document);
    await house.harness.spools.drain();
    const rows = await listLedger(house.harness, { environment: "production", limit: 500 });
    expect(rows).toHaveLength(house.simulator.served().length);
    expect(new Set(rows.map(({ purpose }) => purpose))).toEqual(new Set(["eval"]));
    expect(await verifyStore(house.harness)).toMatchObject({ ok: true });
    const shown = await showPrompt(house.harness, { key: KEY, version: 2, environment: "production" });
    expect(shown).toMatchObject({
      questions: { baseline: { answer: `v1, verdict ${answer.verdict}`, record: answer.evidenceId } },
    });
  });

  test("answers the same question from its evidence, without a call and without a look", async () => {
    house = await openEvaluationHouse({ cases: 60 });
    await house.register("bare", "defined");
    await release(1);
    const first = await gate(2);
    const calls = house.simulator.served().length;
    const again = await gate(2);
    expect(again).toMatchObject({ unchanged: true, evidenceId: first.evidenceId, testLooks: 1 });
    expect(again.reasons).toEqual(first.reasons);
    expect(house.simulator.served()).toHaveLength(calls);
    // Another rule is another question about the same answers.
    const strict = await gate(2, { mode: "strict" });
    expect(strict).toMatchObject({ unchanged: false, mode: "strict", testLooks: 1 });
    expect(house.simulator.served()).toHaveLength(calls);
  });

  test("opens a protected environment to a version that ships, and to no other", async () => {
    house = await openEvaluationHouse({ cases: 90 });
    await house.register("exemplified", "worse");
    await protectEnvironment(house.harness, { name: "production", gate: "always" });
    await expect(release(1)).rejects.toThrow(expect.objectContaining({ code: "evidence-missing" }));
    expect(await gate(2, { threshold: 0.7 })).toMatchObject({
      verdict: "block",
      baseline: null,
      threshold: 0.7,
    });
    await expect(release(2)).rejects.toThrow("no ship evidence");
    const first = await gate(1, { threshold: 0.7 });
    expect(first.verdict).toBe("ship");
    expect(first.reasons[0]).toContain("There is no baseline");
    await release(1);
    const [released] = await house.harness.records.listRecords({ key: KEY, kinds: ["release"] });
    expect(released?.data).toMatchObject({ evidence: [first.evidenceId], breakGlass: null });
    await release(2, { breakGlass: "an outage" });
  });

  test("says invalid when the test split has been looked at too often, and how to refresh it", async () => {
    house = await openEvaluationHouse({ cases: 30 });
    const bodies = Array.from({ length: 22 }, (_, at) => ({
      body: `Is this billing, bug or other? ${at}\n{{ticket}}`,
    }));
    await house.register(...bodies);
    await release(1);
    for (let version = 2; version <= 21; version++) await gate(version);
    const calls = house.simulator.served().length;
    const last = await gate(22);
    expect(last).toMatchObject({ verdict: "invalid", evidenceId: null, difference: null });
    expect(last.reasons[0]).toMatch(/^test split exhausted: .*add new test cases/);
    expect(house.simulator.served()).toHaveLength(calls);
    // What was asked before may be asked again.
    expect((await gate(21)).unchanged).toBe(true);
  });

  test("holds a challenger against the anchor too, so that small losses do not add up", async () => {
    house = await openEvaluationHouse({ cases: 120 });
    await house.register("exemplified", "defined", "bare");
    await protectEnvironment(house.harness, { name: "production", gate: "always" });
    await gate(1, { threshold: 0.6 });
    await release(1);
    await release(2, { breakGlass: "they wanted it" });
    const answer = await gate(3, QUALITY);
    expect(answer).toMatchObject({ baseline: "v2", anchorVersion: "v1" });
    expect(answer.anchor?.cases).toBe(80);
    expect(answer.anchor?.difference).toBeLessThan(answer.difference ?? 0);
  });

  test("compares nothing with itself, and says what to do instead", async () => {
    house = await openEvaluationHouse({ cases: 30 });
    await house.register("bare");
    await release(1);
    await expect(gate(1)).rejects.toThrow("colophon gate aa");
    const other = await gate(1, { model: { provider: "openai", id: "gpt-5" } });
    const [evidence] = await listEvidence(house.harness, KEY);
    expect(evidence).toMatchObject({ id: other.evidenceId, model: { provider: "openai", id: "gpt-5" } });
  });
});

describe("Trouble", () => {
  test("of a storm of 429s slows a gate down and costs it no answer", async () => {
    house = await openEvaluationHouse({
      cases: 90,
      simulator: { faults: { rate429: 0.3, rate500: 0.05, retryAfterSeconds: 0.01 } },
    });
    await house.register("bare", "exemplified");
    await release(1);
    const answer = await gate(2, QUALITY, { sleep: async () => undefined });
    expect(answer.missing.challenger).toEqual({ lines: 60, errors: 0 });
    expect(answer.missing.baseline).toEqual({ lines: 60, errors: 0 });
    expect(answer.progress?.spent.retries).toBeGreaterThan(20);
    await house.harness.spools.drain();
    const rows = await listLedger(house.harness, { environment: "production", limit: 1_000 });
    expect(rows.filter(({ status }) => status === "error").length).toBe(answer.progress?.spent.retries);
  });

  test("of a budget that ends midway is no verdict to ship on, and more of it goes on without paying twice", async () => {
    house = await openEvaluationHouse({ cases: 90 });
    await house.register("bare", "exemplified");
    await release(1);
    const budget = { money: null, tokens: 12_000, milliseconds: null };
    const cut = await gate(2, { ...QUALITY, budget, concurrency: 4 });
    expect(cut.end).toMatchObject({ kind: "budget", limit: "tokens" });
    expect(cut.verdict).not.toBe("ship");
    expect(cut.reasons[0]).toContain("The budget ended");
    const { inputTokens, outputTokens } = cut.progress?.spent ?? { inputTokens: 0, outputTokens: 0 };
    expect(inputTokens + outputTokens).toBeLessThanOrEqual(12_000);
    expect(cut.cases).toBeGreaterThan(0);
    expect(cut.cases).toBeLessThan(60);
    expect(cut.missing.baseline.lines).toBe(cut.missing.challenger.lines);
    const whole = await gate(2, QUALITY);
    expect(whole).toMatchObject({ end: { kind: "complete" }, cases: 60, testLooks: 1, unchanged: false });
    expect(house.simulator.served()).toHaveLength(120);
    const folder = readdirSync(join(house.folder, ".colophon", "runs"));
    expect(folder.filter((name) => name.includes("journal"))).toEqual([]);
  });

  test("of a budget that ends ahead of what was finished before counts that all the same", async () => {
    house = await openEvaluationHouse({ cases: 90 });
    await house.register("bare", "exemplified");
    await release(1);
    const { caller } = house.parts;
    const enough = Promise.withResolvers<void>();
    let calls = 0;
    // The first call is held until others are answered, and then cut off with the run.
    const held: typeof caller = {
      async call(asked) {
        calls += 1;
        if (calls > 40) enough.resolve();
        if (calls > 1) return caller.call(asked);
        await enough.promise;
        const failure = { kind: "aborted", reach: "passing", retryAfter: null, status: null } as const;
        return { ok: false, failure: { ...failure, message: "Stopped.", latency: 1, host: null } };
      },
    };
    const stopped = await gate(2, { ...QUALITY, concurrency: 4 }, { caller: held });
    expect(stopped.end).toEqual({ kind: "stopped" });
    const cut = await gate(2, { ...QUALITY, budget: { money: null, tokens: 1, milliseconds: null } });
    expect(cut.end).toMatchObject({ kind: "budget" });
    expect(cut.cases).toBeGreaterThan(10);
    expect(cut.progress?.done).toBe(cut.missing.challenger.lines);
    expect(cut.reasons[0]).toContain(`after ${cut.missing.challenger.lines} of 60 answers`);
  });

  test("of a provider that takes no calls is invalid, and recorded as nothing", async () => {
    house = await openEvaluationHouse({ cases: 30 });
    await house.register("bare", "defined");
    await release(1);
    const refusing = {
      call: async () => {
        const facts = { latency: 1, host: null, retryAfter: null, status: 401, message: "No key." };
        return { ok: false, failure: { kind: "barred", reach: "barring", ...facts } } as const;
      },
    };
    const answer = await gate(2, {}, { caller: refusing });
    expect(answer).toMatchObject({ verdict: "invalid", evidenceId: null, end: { kind: "barred" } });
    expect(await listEvidence(house.harness, KEY)).toEqual([]);
  });

  test("of answers that fail is invalid, and may be put again", async () => {
    house = await openEvaluationHouse({ cases: 30, simulator: { faults: { rate500: 1 } } });
    await house.register("bare", "defined");
    await release(1);
    const answer = await gate(2, {}, { sleep: async () => undefined });
    expect(answer).toMatchObject({ verdict: "invalid", difference: null });
    expect(answer.reasons).toContainEqual(expect.stringMatching(/^The first answer without a score: .*500/));
    expect(answer.missing.challenger).toEqual({ lines: 20, errors: 20 });
    expect((await gate(2, {}, { sleep: async () => undefined })).unchanged).toBe(false);
  });
});
