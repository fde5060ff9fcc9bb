/** Runs the matrix against simulated models: cells, staleness, plans, an upgrade. */
import { aRolloutDraft } from "@colophon/testkit";
import { afterEach, describe, expect, test } from "vitest";
import { evaluate, protectEnvironment, registerPrompt, releaseVersion } from "../../index.ts";
import { importEvalSet } from "../eval-sets/import-eval-set.ts";
import { matrixReport, planReport, ranReport, upgradeReport } from "../reports/matrix-report.ts";
import { renderReport } from "../reports/render-report.ts";
import {
  type EvaluationHouse,
  KEY,
  openEvaluationHouse,
  type TriageBody,
  ticketLines,
} from "../runs/evaluation-house.fixture.ts";
import { gateChallenger } from "../runs/gate-challenger.ts";
import { listMatrix } from "./list-cells.ts";
import { planCells } from "./plan-cells.ts";
import { runCells } from "./run-cells.ts";
import { upgradeModel } from "./upgrade-model.ts";

let house: EvaluationHouse;
afterEach(() => house.close());

const ENVIRONMENT = "staging";
const PROMPT = { evalSet: "tickets", backup: ["anthropic/claude-haiku-4-5"], risk: "low" };
const NANO = { provider: "openai", id: "gpt-5-nano" };

async function open(...bodies: readonly TriageBody[]): Promise<void> {
  house = await openEvaluationHouse({ cases: 90, prompt: PROMPT });
  await house.register(...bodies);
  await releaseVersion(house.harness, { key: KEY, version: 1, environment: ENVIRONMENT, reason: "first" });
}

async function states(models = [NANO]): Promise<readonly (readonly string[])[]> {
  const { cells } = await listMatrix(house.harness, { environment: ENVIRONMENT, models });
  return cells.map(({ role, model, state, changed }) => [role, model.id, state, ...changed]);
}

describe("The matrix", () => {
  test("runs what was planned, and calls cells stale once their body or set has changed", async () => {
    await open("exemplified", "defined");
    expect(await states()).toEqual([
      ["primary", "gpt-5-mini", "never-run"],
      ["backup", "claude-haiku-4-5", "never-run"],
      ["other", "gpt-5-nano", "never-run"],
    ]);
    const ran = await runCells(house.harness, { environment: ENVIRONMENT, models: [NANO] }, house.parts);
    expect(ran.ran.map(({ model, effort }) => [model.id, effort])).toEqual([
      ["gpt-5-mini", "full"],
      ["claude-haiku-4-5", "smoke"],
    ]);
    expect(ran.left).toBe(0);
    const after = await states();
    expect(after[0]).toEqual(["primary", "gpt-5-mini", "passed"]);
    expect(after[2]).toEqual(["other", "gpt-5-nano", "never-run"]);
    const calls = house.simulator.served().length;
    expect(calls).toBe(60 + 20);
    await releaseVersion(house.harness, {
      key: KEY,
      version: 2,
      environment: ENVIRONMENT,
      reason: "shorter",
    });
    expect((await states())[0]).toEqual(["primary", "gpt-5-mini", "stale", "body"]);
    await releaseVersion(house.harness, { key: KEY, version: 1, environment: ENVIRONMENT, reason: "back" });
    expect((await states())[0]).toEqual(["primary", "gpt-5-mini", "passed"]);
    await importEvalSet(house.harness, {
      file: { file: "more.jsonl", format: "jsonl", text: ticketLines(96) },
      name: "tickets",
      checkerOf: () => (value) => ({ value }),
    });
    expect((await states())[0]).toEqual(["primary", "gpt-5-mini", "stale", "set"]);
    const matrix = await listMatrix(house.harness, { environment: ENVIRONMENT, models: [NANO] });
    const page = renderReport(matrixReport(matrix), { format: "html", answer: null });
    expect(page).toContain("stale: set");
    const text = renderReport(ranReport(ran), { format: "table", answer: null });
    expect(text).toContain("openai/gpt-5-mini");
  });

  test("opens no protected environment with a smoke run, which asked the dev split", async () => {
    await open("exemplified");
    await runCells(house.harness, { environment: ENVIRONMENT }, house.parts);
    const records = await house.harness.records.listRecords({ key: KEY, kinds: ["evidence"] });
    const splits = records.flatMap((record) =>
      record.kind === "evidence" ? [[record.data.model?.id ?? null, record.data.evalSet.split]] : [],
    );
    expect(splits).toEqual([
      [null, "test"],
      ["claude-haiku-4-5", "dev"],
    ]);
  });

  test("plans by what runs have cost, and never cuts the primary model", async () => {
    await open("exemplified");
    const backup = { provider: "anthropic", id: "claude-haiku-4-5" };
    const about = { key: KEY, version: 1, environment: ENVIRONMENT };
    await evaluate(house.harness, { ...about, model: backup }, house.parts);
    await evaluate(house.harness, about, house.parts);
    const whole = await planCells(house.harness, { environment: ENVIRONMENT, models: [NANO] });
    expect(whole.run.map(({ cell, cases }) => [cell.model.id, cases])).toEqual([
      ["gpt-5-mini", 60],
      ["claude-haiku-4-5", 20],
    ]);
    expect(whole.cost?.amount).toBeGreaterThan(0);
    expect(whole.droppable).toEqual([{ model: "openai/gpt-5-nano", cells: 1, prompts: [KEY] }]);
    const budget = { amount: 0.0001, currency: "USD" };
    const cut = await planCells(house.harness, { environment: ENVIRONMENT, budget });
    expect(cut.run.map(({ cell }) => cell.role)).toEqual(["primary"]);
    expect(cut.skipped.map(({ why }) => why)).toEqual(["budget"]);
    expect(renderReport(planReport(cut), { format: "markdown", answer: null })).toContain(
      "cut by the budget",
    );
  });

  test("stops at the end of its budget, and goes on without paying twice", async () => {
    await open("exemplified");
    const budget = { money: null, tokens: 6_000, milliseconds: null };
    const first = await runCells(
      house.harness,
      { environment: ENVIRONMENT, budget, concurrency: 2 },
      house.parts,
    );
    const asked = house.simulator.served().length;
    expect(asked).toBeLessThan(60);
    expect(first.ran[0]?.verdict).not.toBe("ship");
    await runCells(house.harness, { environment: ENVIRONMENT }, house.parts);
    expect((await states([]))[0]).toEqual(["primary", "gpt-5-mini", "passed"]);
    expect(house.simulator.served()).toHaveLength(80);
  });
});

describe("A model's upgrade", () => {
  test("is safe only where every prompt ships", async () => {
    await open("exemplified");
    const to = { provider: "openai", id: "gpt-5" };
    const guards = { cost: null, latencyP50: null, latencyP95: null, length: null } as const;
    const from = { provider: "openai", id: "gpt-5-mini" };
    const terms = { guards, margin: 0.2 };
    const up = await upgradeModel(house.harness, { from, to, environment: ENVIRONMENT, terms }, house.parts);
    expect(up).toMatchObject({ verdict: "ship", safe: true });
    expect(up.prompts[0]).toMatchObject({ challenger: "v1", baseline: "v1", model: to });
    const down = await upgradeModel(
      house.harness,
      {
        from,
        to: { provider: "openai", id: "gemini-2.5-flash-lite" },
        environment: ENVIRONMENT,
        terms: { guards, margin: 0.001 },
      },
      house.parts,
    );
    expect(down.safe).toBe(false);
    expect(renderReport(upgradeReport(down), { format: "table", answer: null })).toContain(
      "not shown to be safe",
    );
  });

  test("leaves evidence by which the version is let out on the new model, and on no other", async () => {
    house = await openEvaluationHouse({ cases: 90, prompt: { ...PROMPT, parameters: { temperature: 0 } } });
    await house.register("exemplified");
    const about = { key: KEY, version: 1, environment: ENVIRONMENT, reason: "try" } as const;
    await releaseVersion(house.harness, about);
    await protectEnvironment(house.harness, { name: ENVIRONMENT, gate: "always" });
    const completed = { key: KEY, environment: ENVIRONMENT, state: "completed", cause: "completed" } as const;
    const rollout = aRolloutDraft({ ...completed, arms: [{ version: 1, share: 1 }] });
    await house.harness.records.append(() => ({ drafts: [rollout], result: null }));
    const to = { provider: "openai", id: "gpt-5" };
    const onNew = { ...about, model: to };
    await expect(releaseVersion(house.harness, onNew)).rejects.toThrow("no ship evidence");
    const guards = { cost: null, latencyP50: null, latencyP95: null, length: null } as const;
    const up = await upgradeModel(
      house.harness,
      {
        from: { provider: "openai", id: "gpt-5-mini" },
        to,
        environment: ENVIRONMENT,
        terms: { guards, margin: 0.2 },
      },
      house.parts,
    );
    expect(up.verdict).toBe("ship");
    const other = { ...about, model: { provider: "openai", id: "gpt-5-nano" } };
    await expect(releaseVersion(house.harness, other)).rejects.toThrow("no ship evidence");
    const released = await releaseVersion(house.harness, onNew);
    expect(released).toMatchObject({ unchanged: false, evidence: [up.prompts[0]?.evidenceId] });
    const releases = await house.harness.records.listRecords({ key: KEY, kinds: ["release"] });
    // The text's parameters go with it, as they were asked.
    expect(releases.at(-1)?.data).toMatchObject({ model: { ...to, parameters: { temperature: 0 } } });
    expect(await releaseVersion(house.harness, onNew)).toMatchObject({ unchanged: true });
  });

  test("is not safe while a prompt on the old model has no set", async () => {
    await open("exemplified");
    const value = { key: "support.reply", owner: "support", model: "gpt-5-mini", body: "Say thanks." };
    const { version } = await registerPrompt(house.harness, { value, file: "reply.yaml" });
    await releaseVersion(house.harness, {
      key: "support.reply",
      version,
      environment: ENVIRONMENT,
      reason: "first",
    });
    const up = await upgradeModel(
      house.harness,
      {
        from: { provider: "openai", id: "gpt-5-mini" },
        to: { provider: "openai", id: "gpt-5" },
        environment: ENVIRONMENT,
      },
      house.parts,
    );
    expect(up.safe).toBe(false);
    expect(up.unasked).toEqual([{ key: "support.reply", why: expect.stringContaining("names no eval set") }]);
  });
});

describe("A contract", () => {
  test("that an answer breaks is a veto, whatever the mean", async () => {
    const output = { type: "object", properties: { label: { type: "string" } }, required: ["label"] };
    house = await openEvaluationHouse({ cases: 30, prompt: { output } });
    await house.register("exemplified", { body: "Is this billing, bug or other?\n{{ticket}}" });
    const prose = {
      call: async (request: Parameters<EvaluationHouse["parts"]["caller"]["call"]>[0]) => {
        const result = await house.parts.caller.call(request);
        const old = request.messages[0]?.content.includes("Label:") === true;
        const text = old ? '{"label":"billing"}' : "billing";
        return result.ok ? { ...result, answer: { ...result.answer, text } } : result;
      },
    };
    const request = { key: KEY, version: 2, against: 1, set: "tickets", environment: ENVIRONMENT } as const;
    const answer = await gateChallenger(house.harness, request, { ...house.parts, caller: prose });
    expect(answer.verdict).toBe("block");
    expect(answer.vetoes[0]).toMatchObject({ kind: "required", baselineToo: false });
    expect(answer.vetoes).toHaveLength(20);
  });
});
