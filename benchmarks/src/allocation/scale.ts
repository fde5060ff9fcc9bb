/** How much is simulated: all of it, or a part that a test can wait for. */

export interface Scale {
  /** Runs of each policy on problem A and on problem B. */
  readonly runs: { readonly a: number; readonly b: number };
  /** Runs of the policies that project and decide as the product does. */
  readonly published: number;
  readonly seed: number;
}

export const FULL: Scale = { runs: { a: 200, b: 900 }, published: 60, seed: 20_260_116 };

export const FAST: Scale = { runs: { a: 6, b: 24 }, published: 3, seed: FULL.seed };
