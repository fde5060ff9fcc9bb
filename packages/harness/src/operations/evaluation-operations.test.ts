/** Asks every operation of evaluation over JSON, on a store with an eval set, calls of production and simulated models. */
import { type ExecutionDraft, errorCodeOf, type ModelChoice, sha256 } from "@colophon/kernel";
import { anExecution, anOutcome } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLabelledAnswers } from "../evaluation/judges/read-judged-answers.ts";
import {
  type EvaluationHouse,
  KEY,
  openEvaluationHouse,
  ticketLines,
} from "../evaluation/runs/evaluation-house.fixture.ts";
import type { Harness } from "../harness.ts";
import { releaseVersion } from "../release-version.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import {
  addExecutionOperation,
  auditSetOperation,
  exportEvalSetOperation,
  importEvalSetOperation,
  listEvalSetsOperation,
  proposeCasesOperation,
  showEvalSetOperation,
} from "./eval-set-operations.ts";
import { calibrateJudgeOperation, listJudgesOperation } from "./judge-operations.ts";
import {
  listMatrixOperation,
  planMatrixOperation,
  runMatrixOperation,
  upgradeModelOperation,
} from "./matrix-operations.ts";
import { evaluateOperation, gateOperation, noiseOperation } from "./run-operations.ts";
import { onlineRatesOperation, scoreCallsOperation } from "./score-operations.ts";

const ENVIRONMENT = "staging";
const NANO: ModelChoice = { provider: "openai", id: "gpt-5-nano" };
const DAY_MS = 86_400_000;

let house: EvaluationHouse;
let harness: Harness;
beforeEach(async () => {
  house = await openEvaluationHouse({ cases: 45, prompt: { evalSet: "tickets", risk: "low" } });
  ({ harness } = house);
  await house.register("bare", "exemplified");
  await releaseVersion(harness, { key: KEY, version: 1, environment: ENVIRONMENT, reason: "first" });
});
afterEach(() => house.close());

/** A job's operation with what a face gives to it. */
function withParts<I, R, S, O>(operation: {
  readonly input: S;
  readonly output: O;
  readonly run: (harness: Harness, input: I, parts: EvaluationHouse["parts"]) => Promise<R>;
}) {
  const parts = { ...house.parts, sleep: async () => undefined };
  return { ...operation, run: (own: Harness, input: I) => operation.run(own, input, parts) };
}

async function serve(ticket: string, output: string): Promise<ExecutionDraft> {
  const variables = JSON.stringify({ ticket });
  const digests = { inputDigest: sha256(variables), outputDigest: sha256(output) };
  const contents = { ...digests, variables, output, days: null };
  const row = anExecution(harness.ids, { prompt: KEY, environment: ENVIRONMENT, contents });
  await harness.ledger.append([row]);
  return row;
}

describe("Operations of eval sets", () => {
  test("take a file in as content, list it, show it, write it out and audit it", async () => {
    const text = [
      '{"id":"a","variables":{"ticket":"I was charged twice"},"expected":"billing","split":"test","tags":["money"]}',
      '{"id":"b","variables":{"ticket":"The app crashes"},"expected":"json:{\\"kind\\":\\"bug\\"}","split":"dev"}',
      '{"id":"b","variables":{"ticket":"The app crashes"},"expected":"json:{\\"kind\\":\\"bug\\"}","split":"dev"}',
    ].join("\n");
    const imported = await askOverJson(importEvalSetOperation, harness, {
      file: { file: "cases.jsonl", format: "jsonl", text },
      name: "triage",
      owner: "support",
      refreshDays: 30,
      scorers: ['{"scorer":"length","options":{"max":400},"weight":0.5}'],
      split: { mode: "auto", testShare: 0.5 },
      prompt: KEY,
    });
    expect(imported).toMatchObject({ name: "triage", version: 1, cases: { dev: 1, test: 1 } });
    expect(imported.folded).toHaveLength(1);
    const rows = await askOverJson(listEvalSetsOperation, harness, {});
    expect(rows.map(({ name }) => name)).toEqual(["tickets", "triage"]);
    const shown = await askOverJson(showEvalSetOperation, harness, { set: "triage@v1" });
    expect(shown.cases.map(({ id }) => id)).toEqual(["a", "b"]);
    for (const format of ["jsonl", "csv", "yaml"] as const) {
      const written = await askOverJson(exportEvalSetOperation, harness, { set: "triage", format });
      expect(written.text).toContain("charged twice");
    }
    const promptfoo =
      'tests:\n  - vars: { ticket: hi }\n    assert: [{ type: equals, value: "ok" }, { type: javascript, value: "output" }]';
    const others = await askOverJson(importEvalSetOperation, harness, {
      file: { file: "promptfoo.yaml", format: "yaml", text: promptfoo },
      name: "others",
    });
    expect(others.unmapped).toHaveLength(1);
    const since = harness.clock.now() - DAY_MS;
    const bare = await askOverJson(auditSetOperation, harness, { set: "triage", since });
    expect(bare.coverage.state).toBe("insufficient");
    for (const ticket of ["refund of my order", "refund for my order", "refund of an order"]) {
      await serve(ticket, "billing");
    }
    const audited = await askOverJson(auditSetOperation, harness, { set: "triage", prompt: KEY, since });
    expect(audited.coverage).toMatchObject({ state: "known", captured: 3 });
  });

  test("make cases of calls, propose them, and say which calls are of no use", async () => {
    const one = await serve("Why is my invoice wrong?", "bug");
    await harness.ledger.appendOutcomes([
      anOutcome(harness.ids, one.id, { name: "thumbs", value: false, source: "user" }),
    ]);
    const query = { name: "tickets", where: "thumbs-down", since: 0, below: 0.5, limit: 10 } as const;
    const proposed = await askOverJson(proposeCasesOperation, harness, {
      ...query,
      environment: ENVIRONMENT,
    });
    expect(proposed).toMatchObject({ found: 1, insufficient: null });
    expect(proposed.proposals).toHaveLength(1);
    const added = await askOverJson(addExecutionOperation, harness, {
      name: "tickets",
      execution: one.id,
      expected: "billing",
      tags: ["money"],
    });
    expect(added).toMatchObject({ state: "added", change: { added: [one.id] } });
    const bare = anExecution(harness.ids, { prompt: KEY });
    await harness.ledger.append([bare]);
    const insufficient = await askOverJson(addExecutionOperation, harness, {
      name: "tickets",
      execution: bare.id,
    });
    expect(insufficient).toMatchObject({ state: "insufficient" });
  });
});

describe("Operations that ask models", () => {
  const place = { key: KEY, environment: ENVIRONMENT };

  test("run a version, its noise, and a gate", async () => {
    const budget = { money: null, tokens: 1_000_000, milliseconds: null };
    const run = await askOverJson(withParts(evaluateOperation), harness, { ...place, version: 1, budget });
    expect(run).toMatchObject({ subject: "v1", set: "tickets@v1", end: { kind: "complete" }, lines: 15 });
    const looked = await askOverJson(withParts(evaluateOperation), harness, {
      ...place,
      version: 2,
      split: "test",
    });
    expect(looked).toMatchObject({ split: "test", testLooks: 1 });
    const noise = await askOverJson(withParts(noiseOperation), harness, { ...place, version: 1 });
    expect(noise.noise?.comparison.cases).toBe(15);
    const asked = { ...place, version: 2, against: "live", guards: { cost: null }, margin: 0.05 } as const;
    const gated = await askOverJson(withParts(gateOperation), harness, asked);
    expect(gated).toMatchObject({ challenger: "v2", baseline: "v1", unchanged: false });
    expect(gated.pictures.length).toBeGreaterThan(0);
    const again = await askOverJson(withParts(gateOperation), harness, asked);
    expect(again).toMatchObject({ unchanged: true, progress: null });
  });

  test("name exactly one text", async () => {
    const { parts } = house;
    for (const named of [{}, { version: 1, candidate: 1 }]) {
      const failed = await evaluateOperation.run(harness, { ...place, ...named }, parts).catch(errorCodeOf);
      expect(failed).toBe("usage");
    }
  });

  test("show, plan and run the matrix, and try an upgrade", async () => {
    const query = { environment: ENVIRONMENT, models: [NANO] };
    await harness.ledger.append([
      anExecution(harness.ids, { prompt: KEY, environment: ENVIRONMENT, version: 2, hash: sha256("other") }),
    ]);
    const before = await askOverJson(listMatrixOperation, harness, query);
    expect(before.cells.map(({ state }) => state)).toEqual(["never-run", "never-run"]);
    expect(before.unlisted).toHaveLength(1);
    const five = { amount: 5, currency: "USD" };
    const plan = await askOverJson(planMatrixOperation, harness, { ...query, budget: five });
    expect([plan.run.length, plan.skipped.length, plan.droppable.length]).toEqual([1, 1, 1]);
    const ran = await askOverJson(withParts(runMatrixOperation), harness, query);
    expect(ran.ran).toMatchObject([{ key: KEY, effort: "full" }]);
    const [from, to] = [{ provider: "openai", id: "gpt-5-mini" }, NANO];
    const terms = { mode: "both", blockingSlices: [] } as const;
    const asked = { from, to, environment: ENVIRONMENT, terms };
    const upgrade = await askOverJson(withParts(upgradeModelOperation), harness, asked);
    expect(upgrade).toMatchObject({ from: "openai/gpt-5-mini", to: "openai/gpt-5-nano", unasked: [] });
    expect(upgrade.prompts).toHaveLength(1);
  });

  test("calibrate a judge and list it with what is known of it", async () => {
    const text = [
      '{"answer": "Thank you, have a good day!", "rubric": "It wishes a good day.", "label": true}',
      '{"answer": "No.", "rubric": "It wishes a good day.", "label": false}',
    ].join("\n");
    const report = await askOverJson(withParts(calibrateJudgeOperation), harness, {
      judge: "colophon.judge.rubric",
      labelled: readLabelledAnswers({ file: "labels.jsonl", text }),
      unlabelled: [{ line: 1, material: { question: "", answer: "Fine.", rubric: "It is polite." } }],
      environment: ENVIRONMENT,
    });
    expect(report).toMatchObject({ recorded: true, labels: 2, end: { kind: "complete" } });
    const judges = await askOverJson(listJudgesOperation, harness, {});
    expect(judges.find(({ calibration }) => calibration !== null)?.judge).toBe("colophon.judge.rubric@v1");
  });

  test("score calls of production by rules and judges, and list what was said", async () => {
    await serve("Where is my invoice?", '{"a": 1}');
    await harness.ledger.append([anExecution(harness.ids, { prompt: KEY, environment: ENVIRONMENT })]);
    const rubric = { judge: "colophon.judge.rubric", rubric: "It is about an invoice." };
    const report = await askOverJson(withParts(scoreCallsOperation), harness, {
      ...place,
      sample: 1,
      scorers: [{ scorer: "json-valid" }, { scorer: "judge", options: rubric }],
      budget: { money: null, tokens: 1_000_000, milliseconds: null },
    });
    expect(report).toMatchObject({ calls: 2, insufficient: { calls: 1 }, end: { kind: "complete" } });
    const rates = await askOverJson(onlineRatesOperation, harness, place);
    expect(rates.map(({ source }) => source).sort()).toEqual(["judge", "rule"]);
  });

  test("run no scorer of anybody's own where there is no folder for it", async () => {
    const scorers = [{ scorer: "custom", options: { file: "score.ts" } }];
    await askOverJson(importEvalSetOperation, harness, {
      file: { file: "tickets.jsonl", format: "jsonl", text: ticketLines(6) },
      name: "own",
      scorers: scorers.map((spec) => JSON.stringify(spec)),
    });
    const parts = { ...house.parts, folder: null };
    const asked = { ...place, version: 1, set: "own" };
    const refused = await evaluateOperation.run(harness, asked, parts).catch((error: unknown) => error);
    expect(errorCodeOf(refused)).toBe("not-allowed");
    expect((refused as Error).message).toContain("score.ts");
    const scored = scoreCallsOperation.run(harness, { ...place, scorers }, parts);
    expect(await scored.catch(errorCodeOf)).toBe("not-allowed");
  });

  test("open the embedder that a request names, or say that there is no way to one", async () => {
    const opened: string[] = [];
    const embedderOf = (model: ModelChoice) => {
      opened.push(model.id);
      return { model, embed: async () => Promise.reject(new Error("nothing is embedded")) };
    };
    const embedder = { provider: "openai", id: "text-embedding-3-small" };
    const asked = { ...place, version: 1, embedder };
    await evaluateOperation.run(harness, asked, { ...house.parts, embedderOf });
    expect(opened).toEqual(["text-embedding-3-small"]);
    expect(await evaluateOperation.run(harness, asked, house.parts).catch(errorCodeOf)).toBe("usage");
  });
});
