/** Tests of the matrix: states of cells, plans within a budget, upgrades. */
import type { EvidenceData, ModelChoice, Verdict } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CellEvidence, type CellSubject, type MatrixCell, readCell } from "./matrix-cell.ts";
import { type CellToPlan, planMatrix } from "./plan-matrix.ts";
import { upgradeVerdict } from "./upgrade-verdict.ts";

const MINI: ModelChoice = { provider: "openai", id: "gpt-5-mini" };

const SUBJECT: CellSubject = {
  key: "support.triage",
  risk: "medium",
  environment: "production",
  version: 3,
  hash: "hash-3",
  model: MINI,
  role: "primary",
  evalSet: { name: "tickets", version: 2, hash: "set-2" },
  judges: ["tone@v1"],
  cases: 100,
};

function evidence(verdict: Verdict, more: Partial<EvidenceData> = {}, model = MINI): CellEvidence {
  const evalSet = { name: "tickets", version: 2, hash: "set-2", split: "test" };
  const base = {
    id: "e1",
    key: "support.triage",
    hash: "hash-3",
    environment: "production",
    judges: ["tone@v1"],
  };
  return { data: { ...base, evalSet, verdict, ...more } as EvidenceData, model };
}

describe("A cell", () => {
  test("is what the last evidence about it says", () => {
    expect(readCell(SUBJECT, [])).toMatchObject({ state: "never-run", evidence: null });
    expect(readCell(SUBJECT, [evidence("block"), evidence("ship", { id: "e2" })])).toMatchObject({
      state: "passed",
      evidence: "e2",
    });
    expect(readCell(SUBJECT, [evidence("ship"), evidence("block")])).toMatchObject({ state: "failed" });
    for (const verdict of ["inconclusive", "invalid"] as const) {
      expect(readCell(SUBJECT, [evidence(verdict)]).state).toBe("open");
    }
  });

  test.each<[string, CellEvidence]>([
    ["body", evidence("ship", { hash: "hash-2" })],
    ["model", evidence("ship", {}, { ...MINI, parameters: { temperature: 0 } })],
    ["set", evidence("ship", { evalSet: { name: "tickets", version: 1, hash: "set-1", split: "test" } })],
    ["judge", evidence("ship", { judges: ["tone@v2"] })],
  ])("is stale once its %s has changed", (reason, old) => {
    expect(readCell(SUBJECT, [old])).toMatchObject({ state: "stale", changed: [reason], verdict: "ship" });
  });

  test("is not touched by evidence of another prompt, model or environment", () => {
    const others = [
      evidence("ship", { key: "other" }),
      evidence("ship", {}, { provider: "openai", id: "gpt-5" }),
      evidence("ship", { environment: "staging" }),
    ];
    expect(readCell(SUBJECT, others).state).toBe("never-run");
  });
});

function cell(key: string, more: Partial<MatrixCell> = {}): MatrixCell {
  return { ...readCell({ ...SUBJECT, key }, []), ...more };
}

function toPlan(key: string, more: Partial<MatrixCell> = {}, traffic = 0.1): CellToPlan {
  return { cell: cell(key, more), traffic, costPerCase: { amount: 0.01, currency: "USD" } };
}

const OTHER: Partial<MatrixCell> = { role: "other", model: { provider: "openai", id: "gpt-5-nano" } };
const BACKUP: Partial<MatrixCell> = {
  role: "backup",
  model: { provider: "anthropic", id: "claude-haiku-4-5" },
};

describe("A plan", () => {
  test("runs all models of what is high in risk and traffic, of the rest the primary and a smoke run of backups", () => {
    const plan = planMatrix(
      [
        toPlan("big", { risk: "high" }, 0.85),
        toPlan("big", { risk: "high", ...OTHER }, 0.85),
        toPlan("big", { risk: "high", ...BACKUP }, 0.85),
        toPlan("tail", { risk: "high" }, 0.01),
        toPlan("tail", { risk: "high", ...OTHER }, 0.01),
        toPlan("tail", { risk: "high", ...BACKUP }, 0.01),
      ],
      null,
    );
    expect(plan.run.map((one) => [one.cell.key, one.cell.role, one.effort, one.cases])).toEqual([
      ["big", "primary", "full", 100],
      ["tail", "primary", "full", 100],
      ["big", "backup", "full", 100],
      ["big", "other", "full", 100],
      ["tail", "backup", "smoke", 20],
    ]);
    expect(plan.skipped.map(({ cell: { key, role }, why }) => [key, role, why])).toEqual([
      ["tail", "other", "tail"],
    ]);
    expect(plan.droppable).toEqual([{ model: "openai/gpt-5-nano", cells: 2, prompts: ["big", "tail"] }]);
  });

  test("leaves alone what is current, and what has no cases", () => {
    const plan = planMatrix(
      [toPlan("a", { state: "passed" }), toPlan("b", { state: "failed" }), toPlan("c", { evalSet: null })],
      null,
    );
    expect(plan.run).toEqual([]);
    expect(plan.skipped.map(({ why }) => why)).toEqual(["current", "current", "no-set"]);
  });

  test("never cuts a primary model, and never plans more than the budget beside them", () => {
    const anyCell = fc.record({
      key: fc.constantFrom("a", "b", "c", "d"),
      role: fc.constantFrom("primary" as const, "backup" as const, "other" as const),
      risk: fc.constantFrom("low" as const, "high" as const),
      traffic: fc.double({ min: 0, max: 1, noNaN: true }),
      cost: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(anyCell), fc.double({ min: 0, max: 50, noNaN: true }), (given, amount) => {
        const cells = given.map(({ key, role, risk, traffic, cost }) => ({
          ...toPlan(key, { role, risk }, traffic),
          costPerCase: { amount: cost, currency: "USD" },
        }));
        const plan = planMatrix(cells, { amount, currency: "USD" });
        const primary = cells.filter((one) => one.cell.role === "primary");
        expect(plan.run.filter(({ exempt }) => exempt)).toHaveLength(primary.length);
        const exempt = plan.run
          .filter((one) => one.exempt)
          .reduce((sum, one) => sum + (one.cost?.amount ?? 0), 0);
        const rest = plan.run
          .filter((one) => !one.exempt)
          .reduce((sum, one) => sum + (one.cost?.amount ?? 0), 0);
        if (rest > 0) expect(exempt + rest).toBeLessThanOrEqual(amount + 1e-9);
        expect(plan.run.length + plan.skipped.length).toBe(cells.length);
      }),
    );
  });
});

describe("An upgrade", () => {
  test("is as safe as its worst prompt", () => {
    const ship = { key: "a", verdict: "ship" } as const;
    expect(upgradeVerdict([ship, { ...ship, key: "b" }], [])).toMatchObject({ verdict: "ship", safe: true });
    expect(upgradeVerdict([ship, { key: "b", verdict: "inconclusive" }], [])).toMatchObject({
      verdict: "inconclusive",
      safe: false,
      reasons: [expect.stringContaining("not shown"), "inconclusive: b."],
    });
    expect(
      upgradeVerdict(
        [
          { key: "b", verdict: "inconclusive" },
          { key: "c", verdict: "block" },
        ],
        [],
      ).verdict,
    ).toBe("block");
  });

  test("that could not be asked of a prompt, or concerns none, is not safe", () => {
    const missing = upgradeVerdict(
      [{ key: "a", verdict: "ship" }],
      [{ key: "b", why: "it names no eval set." }],
    );
    expect(missing).toMatchObject({ verdict: "invalid", safe: false });
    expect(missing.reasons).toContain("b was not asked: it names no eval set.");
    expect(upgradeVerdict([], [])).toMatchObject({ verdict: "invalid", safe: false });
  });
});
