/** How much of each table is computed: all of it, or a part that a test can wait for. */

export interface Scale {
  /** Draws of each simulated cell. */
  readonly draws: number;
  /** Numbers of cases of the pass-or-fail cells. */
  readonly pairs: readonly number[];
  /** The most cases of a simulated cell. */
  readonly mostCases: number;
  /** Rows of the table of sizes that are held against the power. */
  readonly margins: readonly number[];
  readonly seed: number;
}

export const FULL: Scale = {
  draws: 10_000,
  pairs: [20, 30, 35, 50, 75, 100, 120, 150, 200],
  mostCases: 400,
  margins: [0.02, 0.03, 0.05],
  seed: 20_260_116,
};

export const FAST: Scale = {
  draws: 200,
  pairs: [20, 30, 50],
  mostCases: 150,
  margins: [0.05],
  seed: FULL.seed,
};
