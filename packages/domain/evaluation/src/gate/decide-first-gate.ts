/** Decides about a first version, which has no baseline to be compared with. */
import type { Verdict } from "@colophon/kernel";
import { type Bounds, clopperPearsonBounds, clusteredMean, studentBounds } from "@colophon/methods";
import { gapReasons } from "./explain-verdict.ts";
import { type EvidenceGaps, findGaps } from "./find-gaps.ts";
import { findTrouble } from "./find-trouble.ts";
import { findVetoes } from "./find-vetoes.ts";
import { foldScores, type ScoreLines } from "./fold-scores.ts";
import {
  type GateOptions,
  type GateRules,
  gateRules,
  THRESHOLD_BY_RISK,
  thresholdOf,
} from "./gate-options.ts";
import type { GateMethod, GateVerdict } from "./gate-verdict.ts";
import { shortage } from "./name-obstacles.ts";
import { points } from "./say-figures.ts";
import type { ScoredSide } from "./scored-side.ts";

export interface FirstGateInput {
  readonly challenger: ScoreLines;
  readonly options?: GateOptions & {
    /** The mean score to be reached, in [0, 1]; THRESHOLD_BY_RISK when left out. */
    readonly threshold?: number;
  };
}

/**
 * `ship` where no required rule fails and the lower bound of the mean score reaches the threshold; `block`
 * where a required rule fails or the upper bound lies below it; `invalid` and `inconclusive` as in
 * `decideGate`. Mode, margin, slices and guards compare with a baseline, so that none of them counts here.
 * `lower` and `upper` are bounds of the mean itself.
 *
 * @throws HarnessError as `decideGate` does.
 */
export function decideFirstGate({ challenger: lines, options = {} }: FirstGateInput): GateVerdict {
  const rules = gateRules(options);
  const threshold = thresholdOf(options.threshold ?? THRESHOLD_BY_RISK[rules.risk]);
  const challenger = foldScores(lines, rules.requiredMetrics);
  const scored = scoredCases(challenger);
  const trouble = firstTrouble(challenger, scored, rules);
  const vetoes = findVetoes({ baseline: null, challenger, slices: [], guards: [] });
  const placed = scored.length === 0 ? null : placeMean(scored, rules.alpha);
  const gaps = findGaps({ baseline: null, challenger, anchor: null }, rules);
  const verdict = firstVerdict({ trouble, vetoes: vetoes.length, placed, threshold, rules, gaps });
  const { mode, margin, alpha } = rules;
  const obstacles = verdict === "inconclusive" ? firstObstacles({ placed, threshold, rules, gaps }) : [];
  return {
    verdict,
    mode,
    difference: null,
    lower: placed?.lower ?? null,
    upper: placed?.upper ?? null,
    margin,
    alpha,
    cases: scored.length,
    clusters: placed?.clusters ?? 0,
    repeats: scored.reduce((least, { repeats }) => Math.min(least, repeats), scored[0]?.repeats ?? 0),
    method: placed?.method ?? null,
    ratchet: null,
    means: { baseline: null, challenger: placed?.mean ?? null },
    anchor: null,
    threshold,
    slices: [],
    guards: [],
    vetoes,
    flipped: [],
    casesNeeded: verdict === "inconclusive" && scored.length < rules.minimumCases ? rules.minimumCases : null,
    repeatsNeeded: null,
    missing: {
      baseline: { lines: 0, errors: 0 },
      challenger: { lines: challenger.lines, errors: challenger.errors },
      anchor: null,
      unpaired: [],
    },
    reasons: [
      "There is no baseline: a first version is held to its required rules and to an absolute threshold.",
      ...trouble,
      ...vetoes.map(({ text }) => text),
      ...(placed === null ? [] : [meanSentence(placed, threshold)]),
      ...gapReasons(gaps),
      ...(scored.length < rules.minimumCases && trouble.length === 0
        ? [`${scored.length} cases are too few; nothing ships on less than ${rules.minimumCases}.`]
        : []),
      ...(challenger.errors > 0 ? [`${challenger.errors} answers have no score and count for nothing.`] : []),
    ],
    ...(obstacles.length > 0 ? { obstacles } : {}),
  };
}

type OpenGrounds = Pick<FirstGrounds, "placed" | "threshold" | "rules" | "gaps">;

function firstObstacles({ placed, threshold, rules, gaps }: OpenGrounds): readonly string[] {
  if (placed === null) return [];
  const isShort = placed.lower * (1 - gaps.live) < threshold;
  return [
    ...(isShort ? [`Mean score: ${meanSentence(placed, threshold)}`, ...lostAnswers(gaps)] : []),
    ...shortage(placed.cases, { rules, gaps }),
  ];
}

function lostAnswers({ live }: EvidenceGaps): readonly string[] {
  return live > 0 ? [`Answers without a score count as failed, and may take ${points(live)} of it.`] : [];
}

interface ScoredMean {
  readonly mean: number;
  readonly cluster: string | null;
  readonly repeats: number;
}

/** By case, so that the order of the lines changes no digit. */
function scoredCases(side: ScoredSide): readonly ScoredMean[] {
  const scored: ScoredMean[] = [];
  for (const { mean, cluster, scored: repeats } of side) {
    if (mean !== null) scored.push({ mean, cluster, repeats });
  }
  return scored;
}

function firstTrouble(
  challenger: ScoredSide,
  scored: readonly ScoredMean[],
  rules: GateRules,
): readonly string[] {
  const said = findTrouble([{ name: "challenger", side: challenger }], [], rules);
  const unscored = challenger.size - scored.length;
  if (unscored <= rules.maxUnpairedShare * challenger.size) return said;
  return [...said, `${unscored} of ${challenger.size} cases have no score at all.`];
}

interface PlacedMean extends Bounds {
  readonly mean: number;
  readonly cases: number;
  readonly clusters: number;
  readonly method: GateMethod;
}

/**
 * The t interval over clusters; exact for independent passes and failures, and the wider of both where
 * at least half of the clusters lie at an end of the scale, so that their spread says little.
 */
function placeMean(scored: readonly ScoredMean[], alpha: number): PlacedMean {
  const all = clusteredMean(
    scored.map(({ mean }) => mean),
    scored.map(({ cluster }) => cluster),
  );
  const { mean, totals, standardError } = all;
  const placed = { mean, cases: scored.length, clusters: totals.length };
  const student = studentBounds(all, alpha);
  const exact = clopperPearsonBounds({ hits: mean * totals.length, of: totals.length }, alpha);
  const alone = totals.length === scored.length;
  if (alone && scored.every((one) => Number.isInteger(one.mean))) {
    return { ...placed, ...exact, method: "clopper-pearson" };
  }
  const atEnd = totals.filter(({ sum, size }) => sum < 1e-12 || sum > size - 1e-12).length;
  if (student !== null && (standardError ?? 0) > 1e-12 && 2 * atEnd < totals.length) {
    const [lower, upper] = [Math.max(0, student.lower), Math.min(1, student.upper)];
    return { ...placed, lower, upper, method: "student" };
  }
  return {
    ...placed,
    lower: Math.max(0, Math.min(exact.lower, student?.lower ?? exact.lower)),
    upper: Math.min(1, Math.max(exact.upper, student?.upper ?? exact.upper)),
    method: "student+clopper-pearson",
  };
}

interface FirstGrounds {
  readonly trouble: readonly string[];
  readonly vetoes: number;
  readonly placed: PlacedMean | null;
  readonly threshold: number;
  readonly rules: GateRules;
  readonly gaps: EvidenceGaps;
}

function firstVerdict({ trouble, vetoes, placed, threshold, rules, gaps }: FirstGrounds): Verdict {
  if (trouble.length > 0 || placed === null) return "invalid";
  if (vetoes > 0 || placed.upper < threshold) return "block";
  if (placed.cases < rules.minimumCases || gaps.unruled.length > 0) return "inconclusive";
  // What has no score counts here as if it had failed: there is nobody to compare it with.
  if (placed.lower * (1 - gaps.live) < threshold) return "inconclusive";
  return "ship";
}

function meanSentence({ mean, lower, upper, cases }: PlacedMean, threshold: number): string {
  const placed = `The mean is ${points(mean)} on ${cases} cases, its true place between ${points(lower)} and ${points(upper)}`;
  const at = `the threshold of ${points(threshold)}`;
  if (lower >= threshold) return `${placed}: ${at} is reached.`;
  return `${placed}: ${at} is ${upper < threshold ? "missed" : "neither reached nor missed for certain"}.`;
}
