/** What a gate is asked to hold a challenger to, with the defaults. */
import { HarnessError, type Risk } from "@colophon/kernel";

export const GATE_MODES = ["noninferiority", "strict", "both"] as const;
/** `strict` is the plain ratchet: the mean must not be below the baseline's. */
export type GateMode = (typeof GATE_MODES)[number];

export const GUARD_NAMES = ["cost", "latencyP50", "latencyP95", "length", "refusals"] as const;
/** Figures that are judged beside quality. */
export type GuardName = (typeof GUARD_NAMES)[number];

/** The loss of mean score that is tolerated, by the risk of the prompt. */
export const MARGIN_BY_RISK: Readonly<Record<Risk, number>> = { high: 0.01, medium: 0.03, low: 0.05 };

/** The mean score that a first version must reach, by the risk of the prompt. */
export const THRESHOLD_BY_RISK: Readonly<Record<Risk, number>> = { high: 0.8, medium: 0.7, low: 0.6 };

/**
 * What a challenger may take at most: its mean cost, latency and length as a multiple of the
 * baseline's, its share of refusals as a difference.
 */
export const GUARD_LIMITS: Readonly<Record<GuardName, number>> = {
  cost: 1.25,
  latencyP50: 1.25,
  latencyP95: 1.5,
  length: 1.5,
  refusals: 0.02,
};

/** What somebody asks for; whatever is left out has its default. */
export interface GateOptions {
  /** Of the prompt; `medium` when left out. It sets the margin where none is given. */
  readonly risk?: Risk;
  /** In the score's unit: 0.03 is three percentage points. */
  readonly margin?: number;
  /** One-sided level of each test; 0.05 when left out. */
  readonly alpha?: number;
  /** `noninferiority` when left out. */
  readonly mode?: GateMode;
  /** Slices that can block by themselves; the others are reported. */
  readonly blockingSlices?: readonly string[];
  /** Limits that replace those of GUARD_LIMITS; one named here must have figures, null turns one off. */
  readonly guards?: Readonly<Partial<Record<GuardName, number | null>>>;
  /** Metrics that every answer of the challenger and the baseline must have a score of. */
  readonly requiredMetrics?: readonly string[];
  /** Fewest paired cases with which a challenger can ship; 10 when left out. */
  readonly minimumCases?: number;
  /** Largest share of lines without a score, on any side; 0.05 when left out. */
  readonly maxErrorShare?: number;
  /** Largest share of cases that only one side has a score of; 0.05 when left out. */
  readonly maxUnpairedShare?: number;
  /** What is wrong with the run itself, in sentences: with any, the verdict is `invalid`. */
  readonly trouble?: readonly string[];
  /** Of the draws of the bootstrap; the same seed gives the same verdict. 1 when left out. */
  readonly seed?: number;
}

/** The same with every default filled in. */
export interface GateRules {
  readonly risk: Risk;
  readonly margin: number;
  readonly alpha: number;
  readonly mode: GateMode;
  readonly blockingSlices: readonly string[];
  readonly guards: readonly GuardRule[];
  readonly requiredMetrics: readonly string[];
  readonly minimumCases: number;
  readonly maxErrorShare: number;
  readonly maxUnpairedShare: number;
  readonly trouble: readonly string[];
  readonly seed: number;
}

export interface GuardRule {
  readonly name: GuardName;
  readonly limit: number;
  /** Somebody asked for it by name: without figures the verdict cannot be `ship`. */
  readonly asked: boolean;
}

/** @throws HarnessError `usage` for a number outside of its range or an unknown word. */
export function gateRules(options: GateOptions = {}): GateRules {
  const risk = options.risk ?? "medium";
  const mode = options.mode ?? "noninferiority";
  if (!GATE_MODES.includes(mode)) {
    throw new HarnessError("usage", `The mode "${mode}" is unknown; give one of ${GATE_MODES.join(", ")}.`);
  }
  if (!Object.hasOwn(MARGIN_BY_RISK, risk)) {
    throw new HarnessError("usage", `The risk "${risk}" is unknown; give low, medium or high.`);
  }
  const minimumCases = options.minimumCases ?? 10;
  if (!Number.isInteger(minimumCases) || minimumCases < 2) {
    throw new HarnessError("usage", `The fewest cases are ${minimumCases}; give a whole number from 2.`);
  }
  return {
    risk,
    mode,
    margin: between("margin", options.margin ?? MARGIN_BY_RISK[risk], [0, 1]),
    alpha: between("alpha", options.alpha ?? 0.05, [0, 0.5]),
    blockingSlices: [...new Set(options.blockingSlices ?? [])],
    guards: guardRules(options.guards ?? {}),
    requiredMetrics: [...new Set(options.requiredMetrics ?? [])],
    minimumCases,
    maxErrorShare: share("largest share of lines without a score", options.maxErrorShare ?? 0.05),
    maxUnpairedShare: share("largest share of cases without a pair", options.maxUnpairedShare ?? 0.05),
    trouble: options.trouble ?? [],
    seed: options.seed ?? 1,
  };
}

function guardRules(asked: NonNullable<GateOptions["guards"]>): readonly GuardRule[] {
  const unknown = Object.keys(asked).find((name) => !GUARD_NAMES.some((known) => known === name));
  if (unknown !== undefined) {
    throw new HarnessError(
      "usage",
      `The guard "${unknown}" is unknown; give one of ${GUARD_NAMES.join(", ")}.`,
    );
  }
  return GUARD_NAMES.flatMap((name) => {
    const given = asked[name];
    if (given === null) return [];
    const limit = given ?? GUARD_LIMITS[name];
    if (Number.isFinite(limit) && limit > 0) return [{ name, limit, asked: given !== undefined }];
    throw new HarnessError("usage", `The limit of the guard ${name} is ${limit}; give a number above 0.`);
  });
}

/** Open at both ends. */
function between(what: string, value: number, [least, most]: readonly [number, number]): number {
  if (value > least && value < most) return value;
  throw new HarnessError("usage", `The ${what} is ${value}; give a number between ${least} and ${most}.`);
}

function share(what: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new HarnessError("usage", `The ${what} is ${value}; give a number from 0 to 1.`);
}

/** Gives the threshold of a first version back. @throws HarnessError `usage` for one that is no share. */
export function thresholdOf(threshold: number): number {
  return share("score that a first version must reach", threshold);
}
