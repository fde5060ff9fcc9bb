/** Simulates the reference problems with every policy. */
import {
  byEffectiveFront,
  byParetoFront,
  byWeights,
  type MakeLearner,
  paretoUcb1,
  thompson,
  uniform,
} from "./learner.ts";
import { PROBLEM_A, PROBLEM_B, type Problem } from "./problem.ts";
import { publishedShares } from "./published-shares.ts";
import type { RegretRow, RegretTable } from "./regret-table.ts";
import type { Scale } from "./scale.ts";
import { simulate } from "./simulate.ts";

interface Plan extends Pick<RegretRow, "policy" | "role"> {
  readonly make: MakeLearner;
  /** Pareto and effective regret of the specification; null where it has none. */
  readonly spec: readonly [pareto: number | null, effective: number | null] | null;
  readonly delay?: number;
  /** Simulated with all of the product's own steps, which takes longer. */
  readonly slow?: true;
}

const A_RUNS = 50;
const B_RUNS = 300;
const EVERY = 100;
const FLOOR = 0.01;

const PLANS_A: readonly Plan[] = [
  { policy: "uniform", role: "reference", make: uniform, spec: [147.5, 185.8] },
  { policy: "Pareto-UCB1", role: "reference", make: paretoUcb1, spec: [134.6, 170.7] },
  { policy: "PTS", role: "reference", make: thompson(byParetoFront), spec: [100.4, 130.2] },
  {
    policy: "effective front, M = 1",
    role: "reference",
    make: thompson(byEffectiveFront(1)),
    spec: [98.1, 126.7],
  },
  {
    policy: "effective front, M = 6",
    role: "reference",
    make: thompson(byEffectiveFront(6)),
    spec: [105.2, 134.9],
  },
  { policy: "drawn weights", role: "ours", make: thompson(byWeights), spec: [94.7, 122.9] },
  { policy: "same, delay 100", role: "ours", make: thompson(byWeights), delay: 100, spec: [91.8, 119.0] },
  { policy: "same, delay 500", role: "ours", make: thompson(byWeights), delay: 500, spec: [98.8, 127.5] },
  {
    policy: "same, floor 1 %",
    role: "ours",
    make: thompson(byWeights, { floor: FLOOR }),
    spec: [103.0, 132.6],
  },
  {
    policy: `shares published every ${EVERY} calls, floor 1 %`,
    role: "ours",
    make: publishedShares({ every: EVERY, floor: FLOOR, halfLife: null }),
    spec: [103.0, 132.6],
    slow: true,
  },
];

const GAMMA = 0.999;

function drifting(discount: number, effective: number): Plan {
  return {
    policy: `drawn weights, γ = ${discount}`,
    role: "ours",
    make: thompson(byWeights, { discount }),
    spec: [null, effective],
  };
}

const PLANS_B: readonly Plan[] = [
  drifting(1, 52.0),
  drifting(0.9995, 39.0),
  drifting(GAMMA, 37.1),
  drifting(0.998, 41.0),
  {
    policy: `γ = ${GAMMA}, floor 1 %`,
    role: "ours",
    make: thompson(byWeights, { discount: GAMMA, floor: FLOOR }),
    // The specification says that it adds 1 to 4.
    spec: [null, 37.1 + 4],
  },
  {
    policy: `γ = ${GAMMA}, floor 2 %`,
    role: "ours",
    make: thompson(byWeights, { discount: GAMMA, floor: 2 * FLOOR }),
    // 6 to 8.
    spec: [null, 37.1 + 8],
  },
  {
    policy: `γ = ${GAMMA}, delay 200`,
    role: "ours",
    make: thompson(byWeights, { discount: GAMMA }),
    delay: 200,
    spec: [null, 37.1 + 6],
  },
  {
    policy: `shares published every ${EVERY} calls, floor 1 %, half-life 693 calls`,
    role: "ours",
    make: publishedShares({ every: EVERY, floor: FLOOR, halfLife: Math.LN2 / -Math.log(GAMMA) }),
    spec: null,
    slow: true,
  },
];

/** One problem at a time, since each takes a while. */
export function* measureRegrets(
  scale: Scale,
): Generator<{ readonly problem: string; readonly table: RegretTable }> {
  const parts = [
    { problem: PROBLEM_A, plans: PLANS_A, runs: scale.runs.a, specified: A_RUNS, seed: scale.seed },
    { problem: PROBLEM_B, plans: PLANS_B, runs: scale.runs.b, specified: B_RUNS, seed: scale.seed + 100 },
  ];
  for (const { problem, plans, runs, specified, seed } of parts) {
    const rows = plans.map((plan, at) =>
      measureRow(problem, plan, { runs: plan.slow ? scale.published : runs, specified, seed: seed + at }),
    );
    yield { problem: problem.name, table: { title: `Problem ${problem.name}: ${problem.about}`, rows } };
  }
}

function measureRow(
  problem: Problem,
  { policy, role, make, spec, delay = 0 }: Plan,
  { runs, specified, seed }: { readonly runs: number; readonly specified: number; readonly seed: number },
): RegretRow {
  return {
    policy,
    role,
    reference: spec && { pareto: spec[0], effective: spec[1], runs: specified },
    results: simulate(problem, { policy: make, delay, runs, seed }),
  };
}
