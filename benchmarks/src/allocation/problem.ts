/** The reference problems: arms whose values are coins with known shares, by the step at which they are served. */
import type { ArmValues } from "@colophon/methods";

/** Shares of success by arm and objective, from the step on. */
export interface Phase {
  readonly from: number;
  readonly arms: readonly ArmValues[];
}

export interface Problem {
  readonly name: string;
  readonly about: string;
  readonly steps: number;
  readonly phases: readonly Phase[];
}

/** Two arms are worth serving, two more lie in the dent between them, and most are worse in everything. */
export const PROBLEM_A: Problem = {
  name: "A",
  about: "20 arms, 2 objectives, 5,000 calls",
  steps: 5000,
  phases: [
    {
      from: 0,
      arms: [
        [0.55, 0.5],
        [0.53, 0.51],
        [0.52, 0.54],
        [0.5, 0.57],
        [0.51, 0.51],
        [0.5, 0.5],
        ...Array.from({ length: 14 }, () => [0.48, 0.48]),
      ],
    },
  ],
};

const STEADY: readonly ArmValues[] = [
  [0.75, 0.75],
  [0.7, 0.6],
  [0.6, 0.85],
];

/** The best arm of the first objective loses a quarter of the scale half-way. */
export const PROBLEM_B: Problem = {
  name: "B",
  about: "4 arms, 2 objectives, 5,000 calls; one arm falls after half of them",
  steps: 5000,
  phases: [
    { from: 0, arms: [[0.8, 0.7], ...STEADY] },
    { from: 2500, arms: [[0.55, 0.7], ...STEADY] },
  ],
};
