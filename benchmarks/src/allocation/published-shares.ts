/** The way of the product: shares decided from the records at an interval, drawn from until the next ones. */
import { type ArmObservation, decideAllocation, projectPosteriors } from "@colophon/delivery";
import type { ExecutionId } from "@colophon/kernel";
import type { MakeLearner } from "./learner.ts";

export interface PublishedOptions {
  /** Calls between two decisions. */
  readonly every: number;
  readonly floor: number;
  /** Calls after which an observation counts half; null never forgets. */
  readonly halfLife: number | null;
}

/** Few enough for a simulation; what they err by is a hundredth of a share. */
const DRAWS = 2000;

/** Versions are 1, 2, 3, …, the last one live; a step is a millisecond. Metrics are outcomes `0`, `1`, …. */
export function publishedShares({ every, floor, halfLife }: PublishedOptions): MakeLearner {
  return ({ arms, objectives, random }) => {
    const observations: ArmObservation[] = [];
    const versions = Array.from({ length: arms }, (_, arm) => arm + 1);
    const aims = Array.from({ length: objectives }, (_, at) => ({
      name: `${at}`,
      metric: `${at}`,
      scale: null,
    }));
    let shares: readonly { readonly version: number; readonly share: number }[] = [];
    const decide = (now: number): void => {
      const posteriors = projectPosteriors(observations, {
        versions,
        objectives: aims,
        guards: [],
        halfLife,
        now,
      });
      const options = { live: arms, floor, cap: 1, seed: random.below(2 ** 32), draws: DRAWS };
      shares = decideAllocation(posteriors, options).arms;
    };
    return {
      choose(step) {
        if (step % every === 0) decide(step);
        let left = random.next();
        const drawn = shares.find(({ share }) => {
          left -= share;
          return left < 0;
        });
        return (drawn?.version ?? arms) - 1;
      },
      learn({ step, arm, values }) {
        observations.push({
          execution: step.toString(16).padStart(8, "0") as ExecutionId,
          version: arm + 1,
          probability: null,
          unit: null,
          at: step,
          readings: values.map((value, at) => ({ metric: `${at}`, value, at: step })),
        });
      },
    };
  };
}
