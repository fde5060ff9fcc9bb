/** Tests the allocation against the reference numbers on a few runs, with a fixed seed, and what judges them. */
import { beforeAll, describe, expect, test } from "vitest";
import { byWeights, thompson, uniform } from "./learner.ts";
import { measureRegrets } from "./measure-regrets.ts";
import { PROBLEM_A, PROBLEM_B } from "./problem.ts";
import { holds, printRegrets, type RegretRow, type RegretTable, regretFigures } from "./regret-table.ts";
import { FAST } from "./scale.ts";
import { simulate } from "./simulate.ts";

describe("the allocation", () => {
  let tables: readonly { readonly problem: string; readonly table: RegretTable }[] = [];

  beforeAll(() => {
    tables = [...measureRegrets(FAST)];
  }, 180_000);

  test("is as good as its reference numbers on both problems, and meets those of the other policies", () => {
    expect(tables.map(({ problem, table }) => [problem, table.rows.length])).toEqual([
      ["A", 10],
      ["B", 8],
    ]);
    const broken = tables.flatMap(({ table }) => table.rows.filter((row) => !holds(row)));
    expect(broken.map(({ policy }) => policy)).toEqual([]);
  });

  test("writes finite figures under names of their own, with a budget where there is a number", () => {
    const figures = tables.flatMap(({ problem, table }) => regretFigures(problem, table));
    expect(figures.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
    expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
    expect(figures.filter(({ budget }) => budget !== null).length).toBeGreaterThanOrEqual(15);
    expect(figures.filter(({ ok }) => ok === false)).toEqual([]);
  });
});

describe("simulate", () => {
  const cell = { delay: 0, runs: 4, seed: 7 };

  test("gives the same for the same seed, and no regret below that of the best arm", () => {
    const policy = thompson(byWeights);
    const [first, again] = [1, 2].map(() => simulate(PROBLEM_A, { ...cell, policy }));
    expect(first).toEqual(again);
    for (const { pareto, effective } of first ?? []) {
      expect(pareto).toBeGreaterThan(0);
      expect(effective).toBeGreaterThan(pareto);
    }
  });

  test("finds the regret of the uniform policy that can be worked out", () => {
    for (const { pareto, entropy, means } of simulate(PROBLEM_A, { ...cell, policy: uniform })) {
      // 0.59 over 20 arms, 5,000 times.
      expect(Math.abs(pareto - 147.5)).toBeLessThan(5);
      expect(entropy).toBeGreaterThan(1.98);
      expect(Math.abs((means[0] ?? 0) - 0.4915)).toBeLessThan(0.005);
    }
  });

  test("hands feedback over after the delay, each step's once and in order", () => {
    const seen: (readonly [now: number, step: number])[] = [];
    let now = 0;
    const policy = () => ({
      choose: (step: number) => {
        now = step;
        return 0;
      },
      learn: ({ step }: { readonly step: number }) => void seen.push([now, step]),
    });
    simulate(PROBLEM_B, { policy, delay: 200, runs: 1, seed: 1 });
    expect(seen.length).toBe(PROBLEM_B.steps - 200);
    expect(seen.every(([at, step], index) => step === index && at === step + 200)).toBe(true);
  });

  test("lets the falling arm fall for whoever holds on to it", () => {
    const policy = () => ({ choose: () => 0, learn: () => undefined });
    const [run] = simulate(PROBLEM_B, { policy, delay: 0, runs: 1, seed: 1 });
    // Nothing until it falls; then arm 1 is better by 0.05 in both, 2,500 times.
    expect(run?.pareto).toBeCloseTo(125, 9);
    expect(run?.means[0]).toBeCloseTo((0.8 + 0.55) / 2, 12);
    expect(run?.entropy).toBe(0);
  });
});

describe("the table", () => {
  const results = simulate(PROBLEM_A, { policy: uniform, delay: 0, runs: 4, seed: 7 });
  const row = (role: RegretRow["role"], pareto: number): RegretRow => ({
    policy: "uniform",
    role,
    reference: { pareto, effective: null, runs: 50 },
    results,
  });

  test("marks what is worse than its reference, and for another policy also what is better", () => {
    expect([row("ours", 147.5), row("ours", 200), row("ours", 100)].map(holds)).toEqual([true, true, false]);
    expect([row("reference", 147.5), row("reference", 200)].map(holds)).toEqual([true, false]);
    expect(printRegrets({ title: "T", rows: [row("ours", 100)] })).toMatch(/✗$/);
    expect(regretFigures("A", { title: "T", rows: [row("ours", 100)] })[0]?.ok).toBe(false);
  });
});
