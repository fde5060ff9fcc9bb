/** The plan of a rollout: its steps, what guards it, and what it does where evidence is missing. */

/** What a metric is made of: events happen to a unit or do not, scores lie in [0, 1], amounts have heavy tails. */
export type MetricKind = "event" | "score" | "amount";

/** Metrics that the harness reads from rows and standard outcomes; any other name is an outcome of that name. */
export interface MetricMeaning {
  readonly kind: MetricKind;
  /** Which way is worse. */
  readonly worse: "higher" | "lower";
  readonly unit: "share" | "ms" | "characters" | "money" | "score";
  readonly meaning: string;
}

export const STANDARD_METRICS = {
  errors: { kind: "event", worse: "higher", unit: "share", meaning: "calls that failed" },
  schemaOk: {
    kind: "event",
    worse: "lower",
    unit: "share",
    meaning: "answers that kept their output contract",
  },
  refused: { kind: "event", worse: "higher", unit: "share", meaning: "answers that declined" },
  retried: {
    kind: "event",
    worse: "higher",
    unit: "share",
    meaning: "calls that were asked again soon after",
  },
  thumbsDown: {
    kind: "event",
    worse: "higher",
    unit: "share",
    meaning: "thumbs that point down, of all thumbs",
  },
  accepted: { kind: "event", worse: "lower", unit: "share", meaning: "answers used as they stood" },
  expectedTool: {
    kind: "event",
    worse: "lower",
    unit: "share",
    meaning: "calls of the tool that was needed",
  },
  resolved: { kind: "event", worse: "lower", unit: "share", meaning: "tasks that were done downstream" },
  escalated: { kind: "event", worse: "higher", unit: "share", meaning: "tasks that a person took over" },
  quality: { kind: "score", worse: "lower", unit: "score", meaning: "judged or measured quality" },
  editDistance: {
    kind: "score",
    worse: "higher",
    unit: "score",
    meaning: "share of the answer that was changed",
  },
  cost: { kind: "amount", worse: "higher", unit: "money", meaning: "money per call" },
  latency: { kind: "amount", worse: "higher", unit: "ms", meaning: "milliseconds per call" },
  firstToken: { kind: "amount", worse: "higher", unit: "ms", meaning: "milliseconds to the first token" },
  outputLength: { kind: "amount", worse: "higher", unit: "characters", meaning: "characters of the answer" },
} as const satisfies Readonly<Record<string, MetricMeaning>>;
export type StandardMetric = keyof typeof STANDARD_METRICS;

/** What is done when a guard fires, or when evidence is missing. */
export type GuardAction = "rollback" | "hold";
export type MissingAction = "rollback" | "hold" | "continue";

/** What a metric that is no standard one is made of, and which way is worse. */
export type CustomMetric = Pick<MetricMeaning, "kind" | "worse">;

/**
 * A comparison with the concurrent control, valid however often it is looked at. It fires when the
 * challenger is worse than `tolerated`; it is cleared, which promotion asks for, when the challenger is
 * shown to be better than `acceptable`. For events and amounts both are ratios (challenger to control,
 * of the bad share or of the means), for scores differences of the means.
 */
export interface ComparisonGuard {
  readonly kind: "comparison";
  readonly metric: string;
  readonly tolerated: number;
  readonly acceptable: number;
  /**
   * For events: a challenger whose bad share is shown to lie below it is cleared, whatever the ratio. Without
   * it an event that hardly ever happens could hardly ever be cleared.
   */
  readonly negligible?: number;
  /** Share of the plan's alpha; null splits evenly what the others leave. */
  readonly alpha: number | null;
  readonly action: GuardAction;
  /** Of an outcome's own name; absent for standard metrics. */
  readonly custom?: CustomMetric;
}

/** A hard limit on the challenger alone, from a least number of observations on. */
export interface LimitGuard {
  readonly kind: "limit";
  readonly metric: string;
  readonly direction: "above" | "below";
  readonly limit: number;
  readonly minimum: number;
  readonly action: GuardAction;
  /** Of an outcome's own name; absent for standard metrics. */
  readonly custom?: CustomMetric;
}

export type RolloutGuard = ComparisonGuard | LimitGuard;

export interface RolloutStep {
  /** Share of units that the challengers serve together, in (0, 1]. */
  readonly share: number;
  /** Milliseconds that the step lasts at least. */
  readonly dwell: number;
  /** Units that the challenger has to have served in it at least. */
  readonly units: number;
}

/** Calls repeated beside the live ones, whose answers nobody sees. */
export interface ShadowStage {
  /** Share of calls that are repeated, in (0, 1]. */
  readonly rate: number;
  /** Calls of one process at once. */
  readonly concurrency: number;
  /** Calls at the most, of all processes together. */
  readonly calls: number;
  readonly budget: { readonly amount: number; readonly currency: string } | null;
  /** The metric that pairs are compared by, in [0, 1], better when higher. */
  readonly metric: string;
  readonly margin: number;
  readonly alpha: number;
  /** Pairs before which nothing is decided. */
  readonly pairs: number;
  /** Milliseconds after which an undecided shadow is held. */
  readonly patience: number;
}

/** A measured aim of the allocation. */
export interface Objective {
  readonly name: string;
  readonly metric: string;
  /**
   * Turns an amount into [0, 1]: 1 at `best` or beyond, 0 at `worst` or beyond, or whether a target is kept
   * (`below` asks for the target or less); null for events and scores.
   */
  readonly scale:
    | { readonly best: number; readonly worst: number }
    | { readonly target: number; readonly direction: "above" | "below" }
    | null;
}

/** How shares are given to arms while the rollout serves. */
export type AllocationPolicy =
  | { readonly kind: "fixed" }
  | {
      readonly kind: "mol-ts";
      readonly objectives: readonly Objective[];
      /** Least share of each arm. */
      readonly floor: number;
      /** Largest share of the challengers together. */
      readonly cap: number;
      /** Milliseconds after which an observation counts half; null never forgets. */
      readonly halfLife: number | null;
      /** Milliseconds between two publications of shares. */
      readonly interval: number;
    };

export interface RolloutPlan {
  readonly format: 1;
  readonly steps: readonly RolloutStep[];
  readonly shadow: ShadowStage | null;
  readonly policy: AllocationPolicy;
  /** Whether a unit keeps its arm, or each call draws anew. */
  readonly draws: "unit" | "call";
  readonly guards: readonly RolloutGuard[];
  /** Chance that any comparison fires though the challenger is not worse, over the whole rollout. */
  readonly alpha: number;
  /** Chance that a challenger worse than acceptable is cleared, of each comparison. */
  readonly promotionAlpha: number;
  /** Approvals by others than the author, asked for before the challenger serves everybody. */
  readonly approvals: number;
  /**
   * Metrics whose comparison has to be cleared before the challenger serves everybody. Amounts that a guard
   * holds for are too, once anything is known of them.
   */
  readonly clearing: readonly string[];
  /** What to do where nothing is known. */
  readonly missing: {
    /** No row of the challenger, or of the control, within `quiet`. */
    readonly noData: MissingAction;
    /** Rows have waited unread for longer than `quiet`, or six hours where that is longer. */
    readonly staleData: MissingAction;
    /** Arms were not drawn as planned. */
    readonly mismatch: Exclude<MissingAction, "continue">;
    /** A step has too few units, or the last one with a control is over and a comparison is neither cleared nor fired; never ships by itself. */
    readonly inconclusive: Exclude<MissingAction, "continue">;
  };
  /** Milliseconds without a row that count as no data. */
  readonly quiet: number;
  /** Milliseconds that a step waits for its units, and the last one with a control for its comparisons to clear, before it is inconclusive. */
  readonly patience: number;
}

/** Where a guard of a rollout stands about one challenger. */
export interface GuardReading {
  /** The challenger. */
  readonly version: number;
  readonly metric: string;
  readonly kind: RolloutGuard["kind"];
  /** What it does when it fires. */
  readonly action: GuardAction;
  readonly state: "watching" | "cleared" | "fired" | "no-data";
  /** For comparisons the e-value, or the figure that is held against `limit`; null without data. */
  readonly evidence: number | null;
  /** What `evidence` fires at. */
  readonly limit: number;
  /** Of the challenger and of the control, as rates or means of the metric itself; null without data. */
  readonly challenger: number | null;
  readonly control: number | null;
  /** Units (or observations of a limit) of the challenger. */
  readonly units: number;
}
