/** What the pairs of a shadow are held to, and what they say. */
import type { GateMode } from "../gate/gate-options.ts";
import { GUARD_LIMITS } from "../gate/gate-options.ts";
import type { GuardStatus } from "../gate/gate-verdict.ts";

export const SHADOW_GUARDS = ["cost", "latency", "length"] as const;
/** Means of calls that are compared beside the metric. */
export type ShadowGuardName = (typeof SHADOW_GUARDS)[number];

/**
 * What a challenger's mean may be at most, as a multiple of the live version's. Repeats run beside other calls
 * and not under the live ones' conditions, so latency has the wider of the gate's limits.
 */
export const SHADOW_LIMITS: Readonly<Record<ShadowGuardName, number>> = {
  cost: GUARD_LIMITS.cost,
  latency: GUARD_LIMITS.latencyP95,
  length: GUARD_LIMITS.length,
};

export interface ShadowQuestion {
  /** By which pairs are compared: in [0, 1], better when higher. */
  readonly metric: string;
  /** Any but `noninferiority` asks that the mean is not below the live version's, whatever the margin. */
  readonly mode: GateMode;
  readonly margin: number;
  /** Of each verdict, over all looks together. */
  readonly alpha: number;
  /** Pairs before which nothing is decided. */
  readonly pairs: number;
  /** Limits in place of `SHADOW_LIMITS`; null turns one off. */
  readonly guards?: Readonly<Partial<Record<ShadowGuardName, number | null>>>;
}

/** One side of a pair, as its row has it; null where it does not say. */
export interface ShadowSideFacts {
  readonly contractKept: boolean | null;
  /** In one currency on both sides. */
  readonly cost: number | null;
  /** Milliseconds. */
  readonly latency: number | null;
  /** Characters. */
  readonly length: number | null;
}

/** A live call and its repeat. */
export interface ShadowedCall {
  /** Whose calls resemble each other; null for a call of nobody's. */
  readonly unit: string | null;
  readonly live: ShadowSideFacts;
  readonly challenger: ShadowSideFacts;
}

/** Of one metric on both sides, each in [0, 1]. */
export interface ScoredPair {
  readonly unit: string | null;
  readonly live: number;
  readonly challenger: number;
}

export interface ShadowGuardVerdict {
  readonly guard: ShadowGuardName;
  /** `exceeds` is shown, `above` only observed; `unknown` where less than half of the pairs have the figure. */
  readonly status: GuardStatus;
  readonly limit: number;
  /** Challenger to live, of the means; null where unknown. */
  readonly ratio: number | null;
  /** Bounds that hold at every time at once; null where there are none yet. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Units that have it on both sides. */
  readonly units: number;
}

export interface ShadowVerdict {
  readonly verdict: "ship" | "block" | "inconclusive";
  readonly mode: GateMode;
  readonly metric: string;
  readonly margin: number;
  readonly alpha: number;
  readonly method: "paired-betting";
  /** Live calls with a repeat. */
  readonly calls: number;
  /** Of these, pairs with the metric on both sides. */
  readonly pairs: number;
  /** Without it, on either side: not judged, not yet judged, or nothing to judge. */
  readonly missing: number;
  /** Repeats that failed, among the missing. */
  readonly failed: number;
  /** Independent observations that the pairs come to. */
  readonly units: number;
  /** Mean of challenger less live over all pairs, each counting once; null without pairs. */
  readonly difference: number | null;
  /** What the plain ratchet would say; null without pairs. */
  readonly ratchet: "ship" | "block" | null;
  /** The largest e-values against losing the margin or more, and against losing the margin at most; 1/alpha decides. */
  readonly evidence: { readonly ship: number; readonly block: number };
  /** Pairs in which one side alone kept its output contract. */
  readonly contract: { readonly challengerBroke: number; readonly liveBroke: number };
  readonly guards: readonly ShadowGuardVerdict[];
  readonly vetoes: readonly string[];
  /** In words, the weightiest first. */
  readonly reasons: readonly string[];
  /** Pairs in all with which the verdict would likely be decided; null where it is, or none would help. */
  readonly pairsNeeded: number | null;
}
