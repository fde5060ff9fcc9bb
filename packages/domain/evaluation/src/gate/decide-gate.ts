/** Decides whether a challenger may replace the live version, on their scores over the same cases. */
import type { Verdict } from "@colophon/kernel";
import { casesToDecide, fewestRepeats, repeatsToDecide } from "./cases-to-decide.ts";
import { comparePairs } from "./compare-pairs.ts";
import { explainVerdict, type Findings, LEVEL } from "./explain-verdict.ts";
import { findFlipped } from "./find-flipped.ts";
import { type EvidenceGaps, findGaps } from "./find-gaps.ts";
import { findTrouble } from "./find-trouble.ts";
import { findVetoes } from "./find-vetoes.ts";
import { foldScores, type ScoreLines } from "./fold-scores.ts";
import { type GateOptions, type GateRules, gateRules } from "./gate-options.ts";
import type { GateComparison, GateVerdict, GuardVerdict, SliceVerdict, Veto } from "./gate-verdict.ts";
import { judgeGuards } from "./judge-guards.ts";
import { judgeSlices } from "./judge-slices.ts";
import { nameObstacles } from "./name-obstacles.ts";
import { type CasePair, type PairedCases, pairCases } from "./pair-cases.ts";
import type { ScoredSide } from "./scored-side.ts";

export interface GateInput {
  /** Scores of the live version. */
  readonly baseline: ScoreLines;
  readonly challenger: ScoreLines;
  /** Of the best version that was ever accepted, so that small losses do not add up. */
  readonly anchor?: ScoreLines;
  /** The challenger's as held against the anchor, where a scorer compares answers; its own when left out. */
  readonly challengerToAnchor?: ScoreLines;
  readonly options?: GateOptions;
}

/**
 * `ship` where the lower bound of the paired difference lies above −margin, against the baseline and the
 * anchor, also if every answer that the challenger alone lacks had failed, with no veto, no required rule
 * without a result, and every guard within its limit; `block` where the upper bound lies below −margin
 * or anything vetoes; `invalid` where the scores cannot be judged; else `inconclusive`. In strict mode the
 * means are compared alone; in `both`, both rules must hold. A case counts once, by the mean of its
 * scored repeats, however many it has.
 *
 * @throws HarnessError `usage` for options that cannot be; `input-malformed` for a repeat that comes twice,
 * a case in two clusters of one side, or a score outside of [0, 1].
 */
export function decideGate({ options, ...input }: GateInput): GateVerdict {
  const rules = gateRules(options);
  const baseline = foldScores(input.baseline, rules.requiredMetrics);
  const challenger = foldScores(input.challenger, rules.requiredMetrics);
  const anchor = input.anchor === undefined ? null : foldScores(input.anchor);
  const live = pairCases(baseline, challenger);
  const toAnchor = input.challengerToAnchor === undefined ? challenger : foldScores(input.challengerToAnchor);
  const best = anchor === null ? null : pairCases(anchor, toAnchor);
  const trouble = findTrouble(
    [
      { name: "baseline", side: baseline },
      { name: "challenger", side: challenger },
      ...(anchor === null ? [] : [{ name: "anchor" as const, side: anchor }]),
    ],
    [
      { name: "baseline", paired: live },
      ...(best === null ? [] : [{ name: "anchor" as const, paired: best }]),
    ],
    rules,
  );
  const slices = judgeSlices(live.pairs, rules);
  const guards = judgeGuards(live.pairs, rules);
  const vetoes = findVetoes({ baseline, challenger, slices, guards });
  const gaps = findGaps({ baseline, challenger, anchor }, rules);
  const sides = { baseline, challenger, anchor };
  return composeVerdict({ rules, ...sides, live, best, trouble, slices, guards, vetoes, gaps });
}

interface Judged {
  readonly rules: GateRules;
  readonly baseline: ScoredSide;
  readonly challenger: ScoredSide;
  readonly anchor: ScoredSide | null;
  readonly live: PairedCases;
  readonly best: PairedCases | null;
  readonly trouble: readonly string[];
  readonly slices: readonly SliceVerdict[];
  readonly guards: readonly GuardVerdict[];
  readonly vetoes: readonly Veto[];
  readonly gaps: EvidenceGaps;
}

function composeVerdict(judged: Judged): GateVerdict {
  const { rules, baseline, challenger, anchor, live, best, trouble, slices, guards, vetoes, gaps } = judged;
  const { pairs } = live;
  const comparison = compared(pairs, rules);
  const toAnchor = best === null ? null : compared(best.pairs, rules);
  const verdict = verdictOf(judged, comparison, toAnchor);
  const needed = verdict === "inconclusive" ? evidenceNeeded(judged, comparison, toAnchor) : NOTHING_NEEDED;
  const { mode, margin, alpha } = rules;
  const errors = baseline.errors + challenger.errors + (anchor?.errors ?? 0);
  const findings: Findings = {
    ...{ verdict, rules, trouble, vetoes, live: comparison, anchor: toAnchor },
    ...{ slices, guards, errors, gaps, ...needed },
  };
  const obstacles = nameObstacles(findings);
  return {
    verdict,
    mode,
    difference: comparison?.difference ?? null,
    lower: comparison?.lower ?? null,
    upper: comparison?.upper ?? null,
    margin,
    alpha,
    cases: pairs.length,
    clusters: comparison?.clusters ?? 0,
    repeats: fewestRepeats(pairs),
    method: comparison?.method ?? null,
    ratchet: comparison === null ? null : ratchetOf(comparison),
    means: { baseline: meanOf(pairs, "before"), challenger: meanOf(pairs, "after") },
    anchor: toAnchor,
    threshold: null,
    slices,
    guards,
    vetoes,
    flipped: findFlipped(pairs),
    ...needed,
    missing: {
      baseline: countOf(baseline),
      challenger: countOf(challenger),
      anchor: anchor === null ? null : countOf(anchor),
      unpaired: live.unpaired,
    },
    reasons: explainVerdict(findings),
    ...(obstacles.length > 0 ? { obstacles } : {}),
  };
}

function compared(pairs: readonly CasePair[], rules: GateRules): GateComparison | null {
  return pairs.length === 0 ? null : comparePairs(pairs, rules);
}

function verdictOf(
  { rules, trouble, vetoes, guards, slices, gaps }: Judged,
  live: GateComparison | null,
  anchor: GateComparison | null,
): Verdict {
  if (trouble.length > 0 || live === null) return "invalid";
  const quality = qualityOf(rules, live, anchor);
  if (vetoes.length > 0 || quality === "block") return "block";
  const unjudged = rules.guards.some(
    ({ name, asked }) => asked && guards.some(({ guard, status }) => guard === name && status === "unknown"),
  );
  const above = guards.some(({ status }) => status === "above");
  const absent = rules.blockingSlices.some((name) => !slices.some(({ slice }) => slice === name));
  const gaping = gaps.unruled.length > 0 || gaps.thinSlices.length > 0;
  if (live.cases < rules.minimumCases || unjudged || above || absent || gaping) return "inconclusive";
  return quality === "ship" && !bearsGaps({ rules, gaps }, live, anchor) ? "inconclusive" : quality;
}

/** Whether it would ship as well if every answer that it alone lacks had failed. */
function bearsGaps(
  { rules, gaps }: Pick<Judged, "rules" | "gaps">,
  live: GateComparison,
  anchor: GateComparison | null,
): boolean {
  const lowered = (one: GateComparison, by: number): GateComparison => {
    const { difference, lower, upper } = one;
    return by === 0 ? one : { ...one, difference: difference - by, lower: lower - by, upper };
  };
  const best = anchor === null ? null : lowered(anchor, gaps.anchor);
  return qualityOf(rules, lowered(live, gaps.live), best) === "ship";
}

type Quality = "ship" | "block" | "inconclusive";

function qualityOf(rules: GateRules, live: GateComparison, anchor: GateComparison | null): Quality {
  const { mode, margin } = rules;
  const strict = ratchetOf(live);
  if (mode === "strict") return strict;
  const all = anchor === null ? [live] : [live, anchor];
  if (all.some(({ upper }) => upper < -margin)) return "block";
  if (mode === "both" && strict === "block") return "block";
  return all.every(({ lower }) => lower > -margin) ? "ship" : "inconclusive";
}

function ratchetOf({ difference }: GateComparison): "ship" | "block" {
  return difference < -LEVEL ? "block" : "ship";
}

interface EvidenceNeeded {
  readonly casesNeeded: number | null;
  readonly repeatsNeeded: number | null;
}

const NOTHING_NEEDED: EvidenceNeeded = { casesNeeded: null, repeatsNeeded: null };

/** Of the comparison that is furthest from being decided. */
function evidenceNeeded(
  { rules, live, best }: Judged,
  comparison: GateComparison | null,
  anchor: GateComparison | null,
): EvidenceNeeded {
  const { margin, alpha, minimumCases } = rules;
  const all = [
    { comparison, pairs: live.pairs },
    { comparison: anchor, pairs: best?.pairs ?? [] },
  ];
  const open = (rules.mode === "strict" ? [] : all).flatMap(({ comparison: one, pairs }) =>
    one === null || one.lower > -margin ? [] : [{ pairs, question: { margin, alpha, method: one.method } }],
  );
  const cases = open.map(({ pairs, question }) => casesToDecide(pairs, question));
  const repeats = open.map(({ pairs, question }) => repeatsToDecide(pairs, question));
  const few = live.pairs.length < minimumCases ? [minimumCases] : [];
  return {
    casesNeeded: largest([...cases, ...few]),
    repeatsNeeded: few.length > 0 ? null : largest(repeats),
  };
}

/** Null where one of them is: that one stays open whatever the others need. */
function largest(needed: readonly (number | null)[]): number | null {
  const known = needed.filter((one) => one !== null);
  return known.length === 0 || known.length < needed.length ? null : Math.max(...known);
}

function meanOf(pairs: readonly CasePair[], side: "before" | "after"): number | null {
  if (pairs.length === 0) return null;
  return pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
}

function countOf({ lines, errors }: ScoredSide): { readonly lines: number; readonly errors: number } {
  return { lines, errors };
}
