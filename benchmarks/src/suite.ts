/** What a suite of measurements is given and gives back. */
import type { Figure } from "./figure.ts";

export interface SuiteOptions {
  /** A smoke test: everything runs, nothing is measured well. */
  readonly quick: boolean;
  /** Rows of the large store, where a suite makes one. */
  readonly rows: number | null;
  /** A folder that the suites of one run share, for what takes long to make. */
  readonly shared: string;
  /** Tells a person how far it is. */
  readonly say: (message: string) => void;
}

export interface SuiteReport {
  readonly figures: readonly Figure[];
  /** What a reader must know of how the figures came about. */
  readonly notes: readonly string[];
}

export type Suite = (options: SuiteOptions) => Promise<SuiteReport>;
