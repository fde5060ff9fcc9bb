/** Tests that calls on prompts and models that have not passed are counted, and told by the doctor. */
import { JUDGE_TEXTS } from "@colophon/evaluation";
import { type ExecutionDraft, getPrompt } from "@colophon/kernel";
import { anExecution } from "@colophon/testkit";
import { afterEach, describe, expect, test } from "vitest";
import {
  diagnose,
  importEvalSet,
  protectEnvironment,
  registerPrompt,
  releaseVersion,
  withdrawVersion,
} from "../../index.ts";
import { matrixReport } from "../reports/matrix-report.ts";
import { renderReport } from "../reports/render-report.ts";
import {
  type EvaluationHouse,
  KEY,
  openEvaluationHouse,
  ticketLines,
} from "../runs/evaluation-house.fixture.ts";
import { listMatrix } from "./list-cells.ts";
import { runCells } from "./run-cells.ts";

let house: EvaluationHouse;
afterEach(() => house.close());

const ENVIRONMENT = "staging";
const PROMPT = { evalSet: "tickets", backup: ["anthropic/claude-haiku-4-5"], risk: "low" };
const DAY_MS = 86_400_000;

async function open(prompt: Readonly<Record<string, unknown>> = PROMPT): Promise<void> {
  house = await openEvaluationHouse({ cases: 90, prompt });
  await house.register("exemplified", "defined");
  await releaseVersion(house.harness, { key: KEY, version: 1, environment: ENVIRONMENT, reason: "first" });
}

async function serve(calls: number, more: Partial<ExecutionDraft> & { readonly text?: number } = {}) {
  const { text = 1, ...fields } = more;
  const { harness } = house;
  const { versions } = getPrompt(await harness.records.state(), KEY);
  const hash = versions.get(text)?.hash ?? "";
  const row = { prompt: KEY, version: text, hash, environment: ENVIRONMENT, ...fields };
  const rows = Array.from({ length: calls }, () => anExecution(harness.ids, row));
  await harness.ledger.append(rows);
}

const findings = async () => (await diagnose(house.harness)).filter(({ code }) => code === "unpassed-cell");

describe("The matrix", () => {
  test("counts the served calls of the last seven days, by cell, and those beside the cells", async () => {
    await open();
    await serve(3);
    await serve(2, { provider: "anthropic", requestedModel: "claude-haiku-4-5" });
    await serve(1, { text: 2 });
    await serve(4, { text: 2, version: null, provider: "openai", requestedModel: "gpt-5-nano" });
    await serve(5, { purpose: "eval" });
    await serve(6, { environment: "production" });
    const old = house.harness.ids.next(house.harness.clock.now() - 8 * DAY_MS);
    await serve(1, { id: old as ExecutionDraft["id"] });
    const matrix = await listMatrix(house.harness, { environment: ENVIRONMENT });
    expect(matrix.cells.map(({ model, state, calls }) => [model.id, state, calls])).toEqual([
      ["gpt-5-mini", "never-run", 3],
      ["claude-haiku-4-5", "never-run", 2],
    ]);
    expect(matrix.unlisted.map(({ version, model, calls }) => [version, model.id, calls])).toEqual([
      [null, "gpt-5-nano", 4],
      [2, "gpt-5-mini", 1],
    ]);
    const text = renderReport(matrixReport(matrix), { format: "table", answer: null });
    expect(text).toContain("10 of 10 in the last 7 days");
    expect(text).toMatch(/support\.triage@v1 +anthropic\/claude-haiku-4-5 +never run +2/);
  });

  test("flags what serves until its cell has passed, and again once it is stale", async () => {
    await open();
    await serve(3);
    expect(await findings()).toMatchObject([
      {
        severity: "note",
        key: KEY,
        environment: ENVIRONMENT,
        message: expect.stringContaining("v1 on openai/gpt-5-mini (never run, 3)"),
      },
    ]);
    await runCells(house.harness, { environment: ENVIRONMENT }, house.parts);
    expect(await findings()).toEqual([]);
    const matrix = await listMatrix(house.harness, { environment: ENVIRONMENT });
    expect(matrix.cells[0]).toMatchObject({ state: "passed", calls: 3 });
    await serve(2, { text: 2 });
    await protectEnvironment(house.harness, { name: ENVIRONMENT, gate: "with-eval-set" });
    expect(await findings()).toMatchObject([
      {
        severity: "warning",
        message: expect.stringMatching(/^2 call\(s\) .* v2 on openai\/gpt-5-mini \(stale: body, 2\)\.$/),
        advice: expect.stringContaining(`colophon matrix run --env ${ENVIRONMENT} --prompt ${KEY}`),
      },
    ]);
  });

  test("takes a cell whose judge was withdrawn for stale, and tells of the others all the same", async () => {
    await open();
    const { harness } = house;
    const { body: messages, input, output, untrusted } = JUDGE_TEXTS.rubric.text;
    const judge = {
      key: "house.judge",
      owner: "qa",
      model: "gpt-5-nano",
      messages,
      input,
      output,
      untrusted,
    };
    await registerPrompt(harness, { value: judge, file: "judge.yaml" });
    const spec = { scorer: "judge", weight: 0, options: { judge: "house.judge@v1", rubric: "One word." } };
    const scorers = [
      JSON.stringify(spec),
      '{"scorer":"label","options":{"labels":["billing","bug","other"]}}',
    ];
    const file = { file: "tickets.jsonl", format: "jsonl", text: ticketLines(90) } as const;
    await importEvalSet(harness, { file, name: "tickets", scorers, checkerOf: house.parts.checkerOf });
    await serve(3);
    await runCells(harness, { environment: ENVIRONMENT }, house.parts);
    expect(await findings()).toEqual([]);
    await withdrawVersion(harness, { key: "house.judge", version: 1, reason: "it likes length" });
    const [cell] = (await listMatrix(harness, { environment: ENVIRONMENT })).cells;
    expect(cell).toMatchObject({ state: "stale", changed: ["judge"] });
    expect(await findings()).toMatchObject([{ message: expect.stringContaining("(stale: judge, 3)") }]);
  });

  test("asks nothing of a prompt without an eval set, unless its environment does", async () => {
    await open({});
    await serve(3);
    expect(await findings()).toEqual([]);
    await protectEnvironment(house.harness, { name: ENVIRONMENT, gate: "always" });
    expect(await findings()).toMatchObject([{ severity: "warning", key: KEY }]);
  });
});
