/** Tests that calls on prompts and models that have not passed are counted, and told by the doctor. */
import { type ExecutionDraft, getPrompt } from "@colophon/kernel";
import { anExecution } from "@colophon/testkit";
import { afterEach, describe, expect, test } from "vitest";
import { diagnose, protectEnvironment, releaseVersion } from "../../index.ts";
import { matrixReport } from "../reports/matrix-report.ts";
import { renderReport } from "../reports/render-report.ts";
import { type EvaluationHouse, KEY, openEvaluationHouse } from "../runs/evaluation-house.fixture.ts";
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

  test("asks nothing of a prompt without an eval set, unless its environment does", async () => {
    await open({});
    await serve(3);
    expect(await findings()).toEqual([]);
    await protectEnvironment(house.harness, { name: ENVIRONMENT, gate: "always" });
    expect(await findings()).toMatchObject([{ severity: "warning", key: KEY }]);
  });
});
