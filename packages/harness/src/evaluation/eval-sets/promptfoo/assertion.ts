/** An assertion of promptfoo as its files write it, and what becomes of it here. */
import type { Expectation, ScorerSpec } from "@colophon/evaluation";

export interface Assertion {
  readonly type: string;
  readonly value?: unknown;
  readonly threshold?: number;
  readonly weight?: number;
  readonly metric?: string;
  /** Fields of it that have no counterpart here. */
  readonly others: readonly string[];
}

export type Mapped =
  | {
      readonly spec: ScorerSpec;
      /** What the case expects where this is its only expectation: the scorer then needs no value of its own. */
      readonly expected?: Expectation;
      /** What is not quite the same here; undefined where nothing differs. */
      readonly differs?: string;
    }
  /** Why it cannot be mapped. */
  | { readonly spec: null; readonly why: string };
