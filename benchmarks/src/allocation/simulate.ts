/** Plays a problem with a policy and adds up what its choices cost. */
import { type ArmValues, effectiveGaps, paretoFront, paretoGaps, seededDraws } from "@colophon/methods";
import type { Feedback, MakeLearner } from "./learner.ts";
import type { Phase, Problem } from "./problem.ts";

export interface Cell {
  readonly policy: MakeLearner;
  /** Calls until feedback arrives. */
  readonly delay: number;
  readonly runs: number;
  readonly seed: number;
}

/** Of one run. */
export interface RunResult {
  /** Sums of the gaps of the arms that were served. */
  readonly pareto: number;
  readonly effective: number;
  /** The greatest over objectives of what always serving that objective's best arm would have added. */
  readonly worst: number;
  /** Bits: how evenly the arms of the Pareto front were served among each other. */
  readonly entropy: number;
  /** Mean share of success by objective. */
  readonly means: readonly number[];
}

interface JudgedPhase extends Phase {
  readonly pareto: readonly number[];
  readonly effective: readonly number[];
  readonly front: readonly number[];
  /** By objective. */
  readonly best: readonly number[];
}

export function simulate(problem: Problem, { policy, delay, runs, seed }: Cell): readonly RunResult[] {
  const phases = problem.phases.map(judgePhase);
  const random = seededDraws(seed);
  return Array.from({ length: runs }, () => {
    const { arms } = phases[0] as JudgedPhase;
    const place = { arms: arms.length, objectives: (arms[0] as ArmValues).length, random };
    const learner = policy(place);
    const waiting: Feedback[] = [];
    const pulls = phases.map(() => arms.map(() => 0));
    for (let step = 0; step < problem.steps; step += 1) {
      const at = phaseAt(phases, step);
      const arm = learner.choose(step);
      (pulls[at] as number[])[arm] = (pulls[at]?.[arm] ?? 0) + 1;
      const shares = phases[at]?.arms[arm] as ArmValues;
      waiting.push({ step, arm, values: shares.map((share) => (random.next() < share ? 1 : 0)) });
      const arrived = step >= delay ? waiting[step - delay] : undefined;
      if (arrived !== undefined) learner.learn(arrived);
    }
    return resultOf(phases, pulls, problem.steps);
  });
}

function judgePhase(phase: Phase): JudgedPhase {
  const { arms } = phase;
  const best = (arms[0] as ArmValues).map((_, at) => Math.max(...arms.map((arm) => arm[at] as number)));
  return {
    ...phase,
    pareto: paretoGaps(arms),
    effective: effectiveGaps(arms),
    front: paretoFront(arms),
    best,
  };
}

function phaseAt(phases: readonly Phase[], step: number): number {
  return phases.findLastIndex(({ from }) => step >= from);
}

/** Everything follows from how often each arm was served in each phase. */
function resultOf(
  phases: readonly JudgedPhase[],
  pulls: readonly (readonly number[])[],
  steps: number,
): RunResult {
  const total = (value: (phase: JudgedPhase, arm: number) => number): number =>
    phases.reduce(
      (sum, phase, at) =>
        sum + (pulls[at] ?? []).reduce((part, count, arm) => part + count * value(phase, arm), 0),
      0,
    );
  const objectives = (phases[0] as JudgedPhase).best.map((_, at) => at);
  const share = (phase: JudgedPhase, arm: number, at: number): number => phase.arms[arm]?.[at] ?? 0;
  const lost = objectives.map((at) => total((phase, arm) => (phase.best[at] ?? 0) - share(phase, arm, at)));
  const served = (pulls[0] ?? []).map((_, arm) =>
    phases.reduce((sum, { front }, at) => sum + (front.includes(arm) ? (pulls[at]?.[arm] ?? 0) : 0), 0),
  );
  return {
    pareto: total(({ pareto }, arm) => pareto[arm] ?? 0),
    effective: total(({ effective }, arm) => effective[arm] ?? 0),
    worst: Math.max(...lost),
    entropy: entropyOf(served),
    means: objectives.map((at) => total((phase, arm) => share(phase, arm, at)) / steps),
  };
}

function entropyOf(counts: readonly number[]): number {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts
    .filter((count) => count > 0)
    .reduce((bits, count) => bits - (count / sum) * Math.log2(count / sum), 0);
}
