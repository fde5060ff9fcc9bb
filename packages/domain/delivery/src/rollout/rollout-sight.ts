/** What a scheduler sees of a rollout when it asks whether to go on: plain data, gathered beside the log. */
import type { EpochMs, ExecutionId, GuardReading, Revision } from "@colophon/kernel";

/** Whether units arrived in the shares that were planned. */
export interface MismatchReading {
  readonly state: "watching" | "mismatch" | "no-data";
  /** Bayes factor against the planned shares, of this state and step; null without units. */
  readonly evidence: number | null;
  /** What `evidence` is a mismatch at. */
  readonly limit: number;
  readonly units: number;
}

/** How far a shadow has come; its verdict is a record of evidence, which names the rollout. */
export interface ShadowReading {
  /** Pairs of live and shadowed calls so far. */
  readonly pairs: number;
  /** Mean of challenger less live over the pairs; null without pairs. */
  readonly difference: number | null;
  /** In sentences, why the pairs have decided or not. */
  readonly reasons?: readonly string[];
  /** Shadow calls of the present stage. */
  readonly calls: number;
  /** What they cost; null where a price is not known. */
  readonly spent: { readonly amount: number; readonly currency: string } | null;
  /** True where calls that may start before the next look could exceed the budget. */
  readonly exhausted: boolean;
}

/** What is seen of one member of a rollout. */
export interface RolloutSight {
  readonly key: string;
  /** Revision of the rollout record that was looked at: what came since makes the sight outdated. */
  readonly revision: Revision;
  /** Every guard of the plan, for each challenger. */
  readonly readings: readonly GuardReading[];
  readonly mismatch: MismatchReading;
  /** Units that the challenger served in the present step, also while it was held; of several challengers the least. */
  readonly units: number;
  /** Units that any challenger has served since the rollout began. */
  readonly served: number;
  /** When the newest call of a challenger, and of the control, started; null before the first. */
  readonly challengerAt: EpochMs | null;
  readonly controlAt: EpochMs | null;
  /** Up to when arrivals were read: now, unless rows wait unread. */
  readonly readUntil: EpochMs;
  /** Null where nothing is shadowed. */
  readonly shadow: ShadowReading | null;
  /** Some executions of challengers behind each metric, the newest last, to become cases of an eval set. */
  readonly failing: Readonly<Record<string, readonly ExecutionId[]>>;
}

/** What is seen of a member that nobody has called. */
export function nothingSeen(
  key: string,
  { revision, now }: { readonly revision: Revision; readonly now: EpochMs },
): RolloutSight {
  return {
    key,
    revision,
    readings: [],
    mismatch: { state: "no-data", evidence: null, limit: MISMATCH_LIMIT, units: 0 },
    units: 0,
    served: 0,
    challengerAt: null,
    controlAt: null,
    readUntil: now,
    shadow: null,
    failing: {},
  };
}

/** 1 / 0.001: false once in a thousand steps. */
export const MISMATCH_LIMIT = 1000;
