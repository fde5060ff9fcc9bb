/** The policies under comparison, each as something that chooses an arm and learns from what came of it. */
import {
  type ArmCounts,
  addValue,
  type BetaCounts,
  chooseArm,
  type Draws,
  discountCounts,
  drawShare,
  effectiveFront,
  NO_COUNTS,
  paretoFront,
} from "@colophon/methods";

/** What came of one call. */
export interface Feedback {
  readonly step: number;
  readonly arm: number;
  /** By objective. */
  readonly values: readonly number[];
}

export interface Learner {
  choose(step: number): number;
  /** In the order of the steps, perhaps long after them. */
  learn(feedback: Feedback): void;
}

/** What a learner has to do with: how many arms and objectives, and its own draws. */
export interface LearnerPlace {
  readonly arms: number;
  readonly objectives: number;
  readonly random: Draws;
}

export type MakeLearner = (place: LearnerPlace) => Learner;

export const uniform: MakeLearner = ({ arms, random }) => ({
  choose: () => random.below(arms),
  learn: () => undefined,
});

/** The front of mean + √(2 ln(n (DK)^¼)/nᵢ), uniformly; each arm once at first. */
export const paretoUcb1: MakeLearner = ({ arms, objectives, random }) => {
  const pulls = Array.from({ length: arms }, () => 0);
  const sums = pulls.map(() => Array.from({ length: objectives }, () => 0));
  let calls = 0;
  return {
    choose() {
      const unseen = pulls.indexOf(0);
      if (unseen >= 0) return unseen;
      const reach = 2 * Math.log(calls * (objectives * arms) ** 0.25);
      const bounds = sums.map((sum, arm) => {
        const count = pulls[arm] as number;
        return sum.map((total) => total / count + Math.sqrt(reach / count));
      });
      return oneOf(paretoFront(bounds), random);
    },
    learn({ arm, values }) {
      calls += 1;
      pulls[arm] = (pulls[arm] as number) + 1;
      sums[arm] = (sums[arm] as number[]).map((sum, at) => sum + (values[at] as number));
    },
  };
};

/** Draws an arm by what is known of all of them. */
export type Choose = (arms: readonly ArmCounts[], random: Draws) => number;

/** Pareto Thompson sampling: the front of one draw for each arm and objective, uniformly. */
export const byParetoFront: Choose = (arms, random) =>
  oneOf(paretoFront(arms.map((counts) => counts.map((count) => drawShare(count, random)))), random);

/** The effective front of the greatest of some draws, uniformly; several draws are the optimism of MOL-TS. */
export function byEffectiveFront(draws: number): Choose {
  const greatest = (counts: BetaCounts, random: Draws): number => {
    let most = 0;
    for (let draw = 0; draw < draws; draw += 1) most = Math.max(most, drawShare(counts, random));
    return most;
  };
  return (arms, random) =>
    oneOf(effectiveFront(arms.map((counts) => counts.map((count) => greatest(count, random)))), random);
}

/** What Colophon does: the best arm by drawn weights. */
export const byWeights: Choose = (arms, random) => chooseArm(arms, arms[0]?.map(() => 1) ?? [], random);

export interface ThompsonOptions {
  /** By which all counts shrink before each value; 1 forgets nothing. */
  readonly discount?: number;
  /** Chance of each arm to be drawn whatever is known of it. */
  readonly floor?: number;
}

/** Learns each value as it comes. */
export function thompson(choose: Choose, { discount = 1, floor = 0 }: ThompsonOptions = {}): MakeLearner {
  return ({ arms, objectives, random }) => {
    let known: ArmCounts[] = Array.from({ length: arms }, () =>
      Array.from({ length: objectives }, () => NO_COUNTS),
    );
    return {
      choose: () => (floor > 0 && random.next() < floor * arms ? random.below(arms) : choose(known, random)),
      learn({ arm, values }) {
        if (discount < 1) {
          known = known.map((counts) => counts.map((count) => discountCounts(count, discount)));
        }
        known[arm] = (known[arm] as ArmCounts).map((count, at) => addValue(count, values[at] as number));
      },
    };
  };
}

function oneOf(places: readonly number[], random: Draws): number {
  return places[random.below(places.length)] as number;
}
