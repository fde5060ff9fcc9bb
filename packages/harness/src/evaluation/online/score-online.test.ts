/** Tests of scoring calls of production: by rules and by a simulated judge over HTTP, on a store on disk. */
import { NO_BUDGET, type ScorerSpec } from "@colophon/evaluation";
import { type ExecutionDraft, sha256 } from "@colophon/kernel";
import { anExecution } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  importEvalSet,
  listLedger,
  onlineRates,
  registerPrompt,
  releaseVersion,
  scoreOnline,
  verifyStore,
} from "../../index.ts";
import { type EvaluationHouse, KEY, openEvaluationHouse } from "../runs/evaluation-house.fixture.ts";
import type { OnlineRequest } from "./online-request.ts";
import { scoringJob } from "./scoring-job.ts";

const ENV = "production";
const VALID: ScorerSpec = { scorer: "json-valid" };
const JUDGE: ScorerSpec = {
  scorer: "judge",
  options: { judge: "colophon.judge.rubric", rubric: "It is about an invoice." },
};
/** More than 9,000 tokens let a judge judge. */
const CALLS = 80;
const TOKENS = { ...NO_BUDGET, tokens: 1_000_000 };

let house: EvaluationHouse;
beforeEach(async () => {
  house = await openEvaluationHouse({ cases: 3 });
  await house.register("bare", "defined");
});
afterEach(() => house.close());

function contents(output: string | null): ExecutionDraft["contents"] {
  if (output === null) return null;
  const variables = JSON.stringify({ ticket: "Where is my invoice?" });
  const digests = { inputDigest: sha256(variables), outputDigest: sha256(output) };
  return { ...digests, variables, output, days: null };
}

async function serve(
  output: string | null,
  more: Parameters<typeof anExecution>[1] = {},
): Promise<ExecutionDraft> {
  const row = anExecution(house.harness.ids, { prompt: KEY, contents: contents(output), ...more });
  await house.harness.ledger.append([row]);
  return row;
}

function score(more: Partial<OnlineRequest> = {}) {
  const request = { key: KEY, environment: ENV, sample: 1, scorers: [VALID], ...more };
  return scoreOnline(house.harness, request, { ...house.parts, sleep: async () => undefined });
}

function outcomesOf(row: ExecutionDraft) {
  return house.harness.ledger.listOutcomes([row.id]);
}

describe("Scoring calls of production", () => {
  test("appends what a rule found, once, whoever asks again", async () => {
    const good = await serve('{"a": 1}');
    const bad = await serve("no json", { lane: "canary", version: 2 });
    const report = await score();
    expect(report).toMatchObject({
      calls: 2,
      pairs: 0,
      insufficient: null,
      end: { kind: "complete" },
      spent: null,
    });
    expect(report.raters).toMatchObject([
      { source: "rule", metric: "json-valid", scored: 2, known: 0, errors: 0, mean: 0.5 },
    ]);
    expect(await outcomesOf(good)).toMatchObject([
      { name: "json-valid", value: 1, source: "rule", by: expect.stringMatching(/^json-valid#/) },
    ]);
    expect(await outcomesOf(bad)).toMatchObject([{ value: 0 }]);
    const again = await Promise.all([score(), score()]);
    expect(again.map(({ raters }) => raters[0])).toMatchObject([
      { scored: 0, known: 2 },
      { scored: 0, known: 2 },
    ]);
    expect(await outcomesOf(good)).toHaveLength(1);
    // Another option is another scorer.
    const fenced = await score({ scorers: [{ ...VALID, options: { allowFence: true } }] });
    expect(fenced.raters[0]).toMatchObject({ scored: 2, known: 0 });
  });

  test("chooses the same calls each time, and no others than were served and answered", async () => {
    for (let call = 0; call < 60; call++) await serve("{}");
    await serve("{}", { purpose: "eval" });
    await serve("{}", { status: "error" });
    await serve("{}", { environment: "staging" });
    const [one, other] = [await score({ sample: 0.3 }), await score({ sample: 0.3 })];
    expect(one.calls).toBeGreaterThan(5);
    expect(one.calls).toBeLessThan(35);
    expect(other.raters[0]).toMatchObject({ scored: 0, known: one.calls });
    expect((await score()).calls).toBe(60);
  });

  test("says where contents were not captured, and scores what rows say by themselves", async () => {
    await serve(null, { latency: 100 });
    const report = await score({
      scorers: [VALID, { scorer: "latency", metric: "fast", options: { max: 500 } }],
    });
    expect(report.insufficient).toEqual({ reason: "contents not captured", calls: 1 });
    expect(report.raters).toMatchObject([
      { scored: 0, errors: 0, mean: null },
      { metric: "fast", scored: 1, mean: 1 },
    ]);
  });

  test("scores all pairs of a shadow on both sides, though hardly any served call is chosen", async () => {
    const live = await serve("{}");
    const repeat = await serve("no", { version: 2, purpose: "shadow", lane: "shadow", parent: live.id });
    const failed = await serve("{}");
    await serve(null, { version: 2, purpose: "shadow", lane: "shadow", parent: failed.id, status: "error" });
    const report = await score({ sample: 1e-9 });
    expect(report).toMatchObject({ calls: 3, pairs: 1 });
    expect(await outcomesOf(live)).toMatchObject([{ value: 1 }]);
    expect(await outcomesOf(repeat)).toMatchObject([{ value: 0 }]);
    expect(await outcomesOf(failed)).toMatchObject([{ value: 1 }]);
  });

  test("has a judge compare the answers of a pair, which says nothing of quality", async () => {
    const live = await serve("I do not know.");
    const repeat = await serve("Your invoice is in the account under invoices.", {
      ...{ version: 2, purpose: "shadow", lane: "shadow", parent: live.id },
    });
    const report = await score({ sample: 1e-9, scorers: [{ scorer: "pairwise" }], budget: TOKENS });
    expect(report.raters).toMatchObject([{ metric: "preference", source: "judge", scored: 2, errors: 0 }]);
    const [of] = await outcomesOf(live);
    const [other] = await outcomesOf(repeat);
    expect(Number(of?.value) + Number(other?.value)).toBe(1);
    expect(of?.by).toBe(other?.by);
  });

  test("pays judges out of a budget, leaves their rows, and goes on where it ended", async () => {
    for (let call = 0; call < CALLS; call++) await serve(`Invoice ${call} is in your account.`);
    await expect(score({ scorers: [JUDGE] })).rejects.toThrow("--budget");
    const cut = await score({
      scorers: [JUDGE, VALID],
      budget: { ...NO_BUDGET, tokens: 9_000 },
      concurrency: 2,
    });
    expect(cut.end).toMatchObject({ kind: "budget", limit: "tokens" });
    const [judged, ruled] = cut.raters;
    expect(ruled).toMatchObject({ scored: CALLS, left: 0 });
    expect(judged?.scored).toBeGreaterThan(0);
    expect(judged?.left).toBeGreaterThan(0);
    expect(judged).toMatchObject({
      errors: 0,
      by: expect.stringMatching(/^colophon\.judge\.rubric@v1#[0-9a-f]{64}$/),
    });
    expect((cut.spent?.inputTokens ?? 0) + (cut.spent?.outputTokens ?? 0)).toBeLessThanOrEqual(9_000);
    const rest = await score({ scorers: [JUDGE], budget: TOKENS });
    expect(rest.raters[0]).toMatchObject({ known: judged?.scored, scored: CALLS - (judged?.scored ?? 0) });
    await house.harness.spools.drain();
    const rows = await listLedger(house.harness, { environment: ENV, limit: 500 });
    expect(rows.filter(({ purpose }) => purpose === "judge")).toHaveLength(CALLS);
    expect(await verifyStore(house.harness)).toMatchObject({ ok: true });
  });

  test("counts what a judge failed on, and makes no outcome of it", async () => {
    const row = await serve("Your invoice is on its way.");
    house.simulator.failNext("500;times=6");
    const report = await score({ scorers: [JUDGE], budget: TOKENS });
    expect(report.raters).toMatchObject([
      { scored: 0, errors: 1, mean: null, error: expect.stringContaining("judge") },
    ]);
    expect(await outcomesOf(row)).toEqual([]);
    expect((await score({ scorers: [JUDGE], budget: TOKENS })).raters[0]).toMatchObject({ scored: 1 });
  });

  test.each<readonly [Partial<OnlineRequest>, string]>([
    [{ scorers: [{ scorer: "exact" }] }, "expects nothing"],
    [{ scorers: [{ scorer: "nothing" }] }, "There is no scorer"],
    [{ scorers: [{ ...JUDGE, options: {} }], budget: TOKENS }, "needs a rubric"],
    [{ scorers: undefined }, "There is nothing to score"],
    [{ sample: 0 }, "A sample of 0"],
    [{ key: "no.such" }, "no.such"],
  ])("refuses %j", async (more, said) => {
    await expect(score(more)).rejects.toThrow(said);
  });

  test("lists rates by version and lane, with a judge's corrected by its calibration", async () => {
    for (let call = 0; call < 10; call++) {
      const output = call < 5 ? "Your invoice is in the account." : "no";
      await serve(output, { version: call % 2 === 0 ? 1 : 2, lane: call % 2 === 0 ? "live" : "canary" });
    }
    await score({
      scorers: [JUDGE, { scorer: "length", metric: "short", options: { max: 5 } }],
      budget: TOKENS,
    });
    const before = await onlineRates(house.harness, { key: KEY, environment: ENV });
    expect(before.map(({ version, metric }) => [version, metric]).sort()).toEqual([
      [1, "quality"],
      [1, "short"],
      [2, "quality"],
      [2, "short"],
    ]);
    const ofJudge = before.find(({ source }) => source === "judge");
    expect(ofJudge?.judged).toMatchObject({ corrected: null, reason: expect.stringContaining("calibrate") });
    const share = (value: number) => ({ value, lower: value - 0.05, upper: 1, samples: 100 });
    const hash = ofJudge?.by.split("#")[1] ?? "";
    const data = {
      ...{ judge: "colophon.judge.rubric", version: 1, hash, threshold: 0.5, kappa: share(0.8) },
      ...{
        truePositiveRate: share(0.9),
        trueNegativeRate: share(0.9),
        labels: 200,
        errors: 0,
        labelsHash: hash,
      },
    };
    const { records, actor } = house.harness;
    await records.append(() => ({ drafts: [{ kind: "calibration", by: actor, data }], result: null }));
    const after = await onlineRates(house.harness, { key: KEY, environment: ENV });
    expect(after.find(({ source }) => source === "judge")?.judged?.corrected).toMatchObject({
      value: expect.any(Number),
      lower: expect.any(Number),
      samples: 5,
    });
  });
});

describe("The job of a watcher", () => {
  const NAME = "online";
  const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

  async function openJob(budget?: typeof TOKENS) {
    await importEvalSet(house.harness, {
      file: { file: "online.jsonl", format: "jsonl", text: JSON.stringify({ variables: { ticket: "x" } }) },
      name: NAME,
      scorers: ["json-valid", "exact", JSON.stringify(JUDGE)],
      checkerOf: house.parts.checkerOf,
    });
    await registerPrompt(house.harness, {
      value: {
        key: KEY,
        owner: "support",
        model: "gpt-5-mini",
        input: INPUT,
        body: "Sort {{ticket}}",
        evalSet: NAME,
      },
      file: "triage.yaml",
    });
    await releaseVersion(house.harness, {
      key: KEY,
      version: 1,
      environment: ENV,
      reason: "try",
      breakGlass: "a test",
    });
    const parts = { ...house.parts, sleep: async () => undefined };
    return scoringJob(house.harness, { parts, sample: 1, ...(budget !== undefined && { budget }) });
  }

  test("scores by what of the prompt's set expects nothing, and by judges only where they have a budget", async () => {
    const job = await openJob();
    const row = await serve("{}");
    const now = house.harness.clock.now();
    expect(await job.run(now)).toBe(`${KEY} in ${ENV}: 1 scores`);
    expect((await outcomesOf(row)).map(({ source }) => source)).toEqual(["rule"]);
    expect(await job.run(now + 60_000)).toBeNull();
    const judging = scoringJob(house.harness, { parts: house.parts, sample: 1, budget: TOKENS });
    expect(await judging.run(now)).toBe(`${KEY} in ${ENV}: 1 scores`);
    expect((await outcomesOf(row)).map(({ source }) => source).sort()).toEqual(["judge", "rule"]);
  });

  test("says once where contents were not captured, and what is wrong with a set", async () => {
    const job = await openJob();
    await serve(null);
    const now = house.harness.clock.now();
    expect(await job.run(now)).toBe(`${KEY} in ${ENV}: insufficient: contents not captured`);
    expect(await job.run(now + 60_000)).toBeNull();
    const parts = { ...house.parts, folder: "/nowhere" };
    const spec = JSON.stringify({ scorer: "custom", options: { file: "gone.ts" } });
    await importEvalSet(house.harness, {
      file: { file: "online.jsonl", format: "jsonl", text: JSON.stringify({ variables: { ticket: "x" } }) },
      ...{ name: NAME, scorers: [spec], checkerOf: parts.checkerOf },
    });
    const failing = scoringJob(house.harness, { parts, sample: 1 });
    expect(await failing.run(now)).toContain("gone.ts cannot be loaded");
    expect(await failing.run(now + 60_000)).toBeNull();
  });

  test("never lets judges use more than a day's budget, and goes on the day after", async () => {
    const job = await openJob({ ...NO_BUDGET, tokens: 9_000 });
    for (let call = 0; call < CALLS; call++) await serve(`Invoice ${call} is in your account.`);
    const now = house.harness.clock.now();
    expect(await job.run(now)).toContain("left for want of budget");
    const used = async (): Promise<number> => {
      await house.harness.spools.drain();
      const rows = await listLedger(house.harness, { environment: ENV, limit: 500 });
      return rows.filter(({ purpose }) => purpose === "judge").length;
    };
    const first = await used();
    expect(first).toBeGreaterThan(0);
    await job.run(now + 60_000);
    const second = await used();
    expect(second).toBeLessThan(CALLS);
    await job.run(now + 86_400_000);
    expect(await used()).toBeGreaterThan(second);
  });

  test("takes a budget of time for the whole day as well, and not for each pass", async () => {
    await openJob();
    for (let call = 0; call < CALLS; call++) await serve(`Invoice ${call} is in your account.`);
    const { harness, parts } = house;
    let slow = 0;
    const clock = { ...harness.clock, elapsed: () => harness.clock.elapsed() + slow };
    const ledger = Object.create(harness.ledger) as typeof harness.ledger;
    ledger.appendOutcomes = (drafts) => {
      slow += 60_000;
      return harness.ledger.appendOutcomes(drafts);
    };
    const budget = { ...NO_BUDGET, milliseconds: 60_000 };
    const options = { parts: { ...parts, sleep: async () => undefined }, sample: 1, budget };
    const job = scoringJob({ ...harness, clock, ledger }, options);
    const now = harness.clock.now();
    const judged = async (): Promise<number> => {
      await harness.spools.drain();
      const rows = await listLedger(harness, { environment: ENV, limit: 500 });
      return rows.filter(({ purpose }) => purpose === "judge").length;
    };
    await job.run(now);
    const first = await judged();
    expect(first).toBeGreaterThan(0);
    await job.run(now + 30_000);
    expect(await judged()).toBe(first);
    await job.run(now + 86_400_000);
    expect(await judged()).toBeGreaterThan(first);
  });

  test("counts what judges used against the day, also where the outcomes cannot be written", async () => {
    await openJob();
    for (let call = 0; call < CALLS; call++) await serve(`Invoice ${call} is in your account.`);
    const { harness, parts } = house;
    const full = Object.create(harness.ledger) as typeof harness.ledger;
    full.appendOutcomes = () => Promise.reject(new Error("the disk is full"));
    const broken = { ...harness, ledger: full };
    const options = { sample: 1, budget: { ...NO_BUDGET, tokens: 9_000 } };
    const job = scoringJob(broken, { parts: { ...parts, sleep: async () => undefined }, ...options });
    const now = harness.clock.now();
    expect(await job.run(now)).toContain("the disk is full");
    for (let pass = 1; pass <= 30; pass++) await job.run(now + pass * 30_000);
    await harness.spools.drain();
    const rows = await listLedger(harness, { environment: ENV, limit: 500 });
    const judged = rows.filter(({ purpose }) => purpose === "judge");
    expect(judged.length).toBeGreaterThan(0);
    const tokens = judged.map(({ tokens: { input, output } }) => (input ?? 0) + (output ?? 0));
    expect(tokens.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(9_000);
  });
});
