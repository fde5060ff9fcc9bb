/** Judges what a challenger costs beside its quality: money, time, length, refusals. */
import { type Bounds, clusteredMean, quantileBounds, quantileOf, studentBounds } from "@colophon/methods";
import type { ScoreGuards } from "../score-line.ts";
import { comparePairs } from "./compare-pairs.ts";
import type { ScoredCase } from "./fold-scores.ts";
import type { GateRules, GuardName, GuardRule } from "./gate-options.ts";
import type { GuardStatus, GuardVerdict } from "./gate-verdict.ts";
import type { CasePair } from "./pair-cases.ts";

/** A case with the figures of both sides. */
interface MeasuredPair {
  readonly cluster: string | null;
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
  const measured = rules.guards.map((rule) => ({ rule, pairs: measuredPairs(pairs, rule.name) }));
  const enough = (known: readonly MeasuredPair[]): boolean =>
    known.length >= 2 && 2 * known.length >= pairs.length;
  const judged = measured.filter((one) => enough(one.pairs)).length;
  return measured.map(({ rule, pairs: known }) =>
    enough(known)
      ? judgeGuard(rule, known, { ...rules, alpha: rules.alpha / judged })
      : unknownGuard(rule, known.length),
  );
}

function judgeGuard(
  { name, limit }: GuardRule,
  pairs: readonly MeasuredPair[],
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
    cases: pairs.length,
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

function measuredPairs(pairs: readonly CasePair[], name: GuardName): readonly MeasuredPair[] {
  const figures = ({ guards }: ScoredCase): readonly number[] =>
    guards.flatMap((guard) => figureOf(guard, name) ?? []);
  return pairs
    .map(({ cluster, baseline, challenger }) => ({
      cluster,
      before: figures(baseline),
      after: figures(challenger),
    }))
    .filter(({ before, after }) => before.length > 0 && after.length > 0);
}

function figureOf({ cost, latency, length, refused }: ScoreGuards, name: GuardName): number | null {
  if (name === "cost") return cost;
  if (name === "length") return length;
  if (name === "refusals") return refused === null ? null : Number(refused);
  return latency;
}

const MEASURES: Readonly<Record<GuardName, (pairs: readonly MeasuredPair[], rules: GateRules) => Measure>> = {
  cost: ratioOfMeans,
  length: ratioOfMeans,
  latencyP50: (pairs, rules) => ratioOfQuantiles(pairs, rules, 0.5),
  latencyP95: (pairs, rules) => ratioOfQuantiles(pairs, rules, 0.95),
  refusals: differenceOfShares,
};

/** The bounds of the linearised ratio: residuals (after − r · before)/mean(before), over clusters. */
function ratioOfMeans(pairs: readonly MeasuredPair[], { alpha }: GateRules): Measure {
  const means = pairs.map(({ before, after }) => ({ before: meanOf(before), after: meanOf(after) }));
  const baseline = meanOf(means.map(({ before }) => before));
  const challenger = meanOf(means.map(({ after }) => after));
  if (baseline === 0) return { baseline, challenger, value: challenger === 0 ? 1 : null, bounds: null };
  const value = challenger / baseline;
  const rest = means.map(({ before, after }) => (after - value * before) / baseline);
  const spread = studentBounds(
    clusteredMean(
      rest,
      pairs.map(({ cluster }) => cluster),
    ),
    alpha,
  );
  const bounds = spread === null ? null : { lower: value + spread.lower, upper: value + spread.upper };
  return { baseline, challenger, value, bounds };
}

/** Each side's quantile is bounded at half of alpha; answers of one cluster count once. */
function ratioOfQuantiles(pairs: readonly MeasuredPair[], { alpha }: GateRules, p: number): Measure {
  const sorted = (side: "before" | "after"): number[] =>
    pairs.flatMap((pair) => pair[side]).sort((a, b) => a - b);
  const [before, after] = [sorted("before"), sorted("after")];
  const clusters = pairs.map(({ cluster }, at) => cluster ?? at);
  const question = { p, alpha: alpha / 2, independent: new Set(clusters).size };
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

function differenceOfShares(pairs: readonly MeasuredPair[], rules: GateRules): Measure {
  const means = pairs.map(({ cluster, before, after }) => ({
    cluster,
    before: meanOf(before),
    after: meanOf(after),
  }));
  const differences = means.map(({ cluster, before, after }) => ({ cluster, difference: after - before }));
  const { difference, lower, upper } = comparePairs(differences, rules);
  return {
    baseline: meanOf(means.map(({ before }) => before)),
    challenger: meanOf(means.map(({ after }) => after)),
    value: difference,
    bounds: { lower, upper },
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
