/** Judges what a challenger costs beside its quality: money, time, length, refusals. */
import { type Bounds, clusteredMean, quantileBounds, quantileOf, studentBounds } from "@colophon/methods";
import { comparePairs } from "./compare-pairs.ts";
import type { GateRules, GuardName, GuardRule } from "./gate-options.ts";
import type { GuardStatus, GuardVerdict } from "./gate-verdict.ts";
import type { CasePair } from "./pair-cases.ts";
import type { GuardFigure } from "./scored-side.ts";

/** The figures of the cases that have them on both sides, in the order of the cases. */
interface MeasuredPairs {
  readonly clusters: readonly (string | null)[];
  /** Means over answers. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Nulls where it cannot be computed; bounds that are infinite count as unknown. */
interface Measure {
  readonly baseline: number;
  readonly challenger: number;
  readonly value: number | null;
  readonly bounds: Bounds | null;
}

/**
 * A guard `exceeds` where the value is shown to lie above its limit, at alpha shared among the guards
 * that have figures; it is `above` where that is only observed. Costs and lengths are ratios of means over
 * cases, latencies ratios of quantiles over answers, refusals a difference of shares. A guard of which
 * less than half of the pairs have figures on both sides is `unknown`.
 */
export function judgeGuards(pairs: readonly CasePair[], rules: GateRules): readonly GuardVerdict[] {
  const counted = rules.guards.map((rule) => ({ rule, known: countMeasured(pairs, FIGURES[rule.name]) }));
  const enough = (known: number): boolean => known >= 2 && 2 * known >= pairs.length;
  const judged = counted.filter(({ known }) => enough(known)).length;
  return counted.map(({ rule, known }) =>
    enough(known)
      ? judgeGuard(rule, { pairs, known }, { ...rules, alpha: rules.alpha / judged })
      : unknownGuard(rule, known),
  );
}

function judgeGuard(
  { name, limit }: GuardRule,
  { pairs, known }: { readonly pairs: readonly CasePair[]; readonly known: number },
  rules: GateRules,
): GuardVerdict {
  const { baseline, challenger, value, bounds } = MEASURES[name](pairs, rules);
  const lower = finite(bounds?.lower);
  return {
    guard: name,
    status: statusOf(value, lower, limit),
    limit,
    baseline,
    challenger,
    value,
    lower,
    upper: finite(bounds?.upper),
    cases: known,
  };
}

/** Without a ratio the baseline's figure was nothing, and the challenger's is something. */
function statusOf(value: number | null, lower: number | null, limit: number): GuardStatus {
  if (value !== null && value <= limit) return "within";
  return lower !== null && lower > limit ? "exceeds" : "above";
}

function unknownGuard({ name, limit }: GuardRule, cases: number): GuardVerdict {
  const none = { baseline: null, challenger: null, value: null, lower: null, upper: null };
  return { guard: name, status: "unknown", limit, ...none, cases };
}

const FIGURES: Readonly<Record<GuardName, GuardFigure>> = {
  cost: "cost",
  length: "length",
  latencyP50: "latency",
  latencyP95: "latency",
  refusals: "refused",
};

function* withFigures(pairs: readonly CasePair[], figure: GuardFigure) {
  for (const { cluster, baseline, challenger } of pairs) {
    const [before, after] = [baseline.figures(figure), challenger.figures(figure)];
    if (before.length > 0 && after.length > 0) yield { cluster, before, after };
  }
}

function countMeasured(pairs: readonly CasePair[], figure: GuardFigure): number {
  let count = 0;
  for (const _ of withFigures(pairs, figure)) count += 1;
  return count;
}

function measuredPairs(pairs: readonly CasePair[], figure: GuardFigure): MeasuredPairs {
  const clusters: (string | null)[] = [];
  const [before, after]: [number[], number[]] = [[], []];
  for (const pair of withFigures(pairs, figure)) {
    clusters.push(pair.cluster);
    before.push(meanOf(pair.before));
    after.push(meanOf(pair.after));
  }
  return { clusters, before, after };
}

const MEASURES: Readonly<Record<GuardName, (pairs: readonly CasePair[], rules: GateRules) => Measure>> = {
  cost: (pairs, rules) => ratioOfMeans(measuredPairs(pairs, "cost"), rules),
  length: (pairs, rules) => ratioOfMeans(measuredPairs(pairs, "length"), rules),
  latencyP50: (pairs, rules) => ratioOfQuantiles(pairs, rules, 0.5),
  latencyP95: (pairs, rules) => ratioOfQuantiles(pairs, rules, 0.95),
  refusals: (pairs, rules) => differenceOfShares(measuredPairs(pairs, "refused"), rules),
};

/** The bounds of the linearised ratio: residuals (after − r · before)/mean(before), over clusters. */
function ratioOfMeans({ clusters, before, after }: MeasuredPairs, { alpha }: GateRules): Measure {
  const [baseline, challenger] = [meanOf(before), meanOf(after)];
  if (baseline === 0) return { baseline, challenger, value: challenger === 0 ? 1 : null, bounds: null };
  const value = challenger / baseline;
  const rest = after.map((figure, at) => (figure - value * (before[at] as number)) / baseline);
  const spread = studentBounds(clusteredMean(rest, clusters), alpha);
  const bounds = spread === null ? null : { lower: value + spread.lower, upper: value + spread.upper };
  return { baseline, challenger, value, bounds };
}

/** Each side's quantile is bounded at half of alpha; answers of one cluster count once. */
function ratioOfQuantiles(pairs: readonly CasePair[], { alpha }: GateRules, p: number): Measure {
  const [before, after]: [number[], number[]] = [[], []];
  const named = new Set<string>();
  let independent = 0;
  for (const pair of withFigures(pairs, "latency")) {
    before.push(...pair.before);
    after.push(...pair.after);
    if (pair.cluster === null || !named.has(pair.cluster)) independent += 1;
    if (pair.cluster !== null) named.add(pair.cluster);
  }
  before.sort((a, b) => a - b);
  after.sort((a, b) => a - b);
  const question = { p, alpha: alpha / 2, independent };
  const [baseline, challenger] = [quantileOf(before, p), quantileOf(after, p)];
  if (baseline === 0) return { baseline, challenger, value: challenger === 0 ? 1 : null, bounds: null };
  const [low, high] = [quantileBounds(before, question), quantileBounds(after, question)];
  return {
    baseline,
    challenger,
    value: challenger / baseline,
    bounds: { lower: high.lower / low.upper, upper: high.upper / low.lower },
  };
}

function differenceOfShares({ clusters, before, after }: MeasuredPairs, rules: GateRules): Measure {
  const differences = clusters.map((cluster, at) => ({
    cluster,
    difference: (after[at] as number) - (before[at] as number),
  }));
  const { difference, lower, upper } = comparePairs(differences, rules);
  return { baseline: meanOf(before), challenger: meanOf(after), value: difference, bounds: { lower, upper } };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
