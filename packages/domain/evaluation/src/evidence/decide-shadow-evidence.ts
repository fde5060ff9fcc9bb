/** Decides what the pairs of a shadow say of its challenger: ship, block, or not enough yet. */
import { compareRatio, type PairedBetting, rejects } from "@colophon/methods";
import type { ShadowTally } from "./shadow-tally.ts";
import {
  SHADOW_GUARDS,
  SHADOW_LIMITS,
  type ShadowGuardName,
  type ShadowGuardVerdict,
  type ShadowVerdict,
} from "./shadow-verdict.ts";

/** Units with which an estimate of what is needed begins to mean something. */
const ENOUGH_UNITS = 20;
/** An e-value grows slower than its best stake would make it, while it learns that stake. */
const LEARNING = 1.5;

/**
 * One observation for each unit goes into two betting e-processes: one against the hypothesis that the challenger
 * loses the margin or more (it ships), one against the hypothesis that it loses the margin at most (it blocks).
 * Each is ever wrong with probability alpha at most, however often one looks, so looks are not counted. What is
 * missing never helps: repeats that failed count as lost in what has to be shown before it ships. Keeping the
 * output contract less often than the live version, and a mean cost or length above its limit, each block where
 * they are shown (at alpha, and at alpha by the number of guards), and keep from shipping where they are observed.
 */
export function decideShadowEvidence(tally: ShadowTally): ShadowVerdict {
  const { question, scores, cautious, calls, failed } = tally;
  const { metric, mode, alpha, pairs: least } = question;
  const guards = guardVerdicts(tally);
  const { betting, pairs, mean } = scores;
  const isEnough = pairs >= least;
  const vetoes = calls >= least ? vetoesOf(tally, guards) : [];
  const held = [
    ...(isEnough ? [] : [`${pairs} pairs of the ${least} that it takes at least`]),
    ...cautionWords(tally),
    ...contractWords(tally),
    ...guards.flatMap(heldWords),
  ];
  const isWorse = isEnough && rejects(betting.block, alpha);
  const isShown = rejects(betting.ship, alpha) && rejects(cautious.betting.ship, alpha);
  const verdict =
    isWorse || vetoes.length > 0 ? "block" : isShown && held.length === 0 ? "ship" : "inconclusive";
  const finding = findingWords(tally, { isWorse, isShown });
  const needed = verdict === "inconclusive" && !isShown ? pairsNeeded(betting, pairs) : null;
  return {
    verdict,
    mode,
    metric,
    margin: betting.margin,
    alpha,
    method: "paired-betting",
    calls,
    pairs,
    missing: calls - pairs,
    failed,
    units: betting.pairs,
    difference: mean,
    ratchet: mean === null ? null : mean >= 0 ? "ship" : "block",
    evidence: { ship: eValue(betting.ship.peak), block: eValue(betting.block.peak) },
    contract: { challengerBroke: tally.challengerBroke, liveBroke: tally.liveBroke },
    guards,
    vetoes,
    reasons: [
      ...vetoes,
      finding,
      ...(verdict === "inconclusive" ? held : []),
      ...(needed === null ? [] : [`About ${needed} pairs in all would likely decide.`]),
      ...guards.flatMap(unknownWords),
    ],
    pairsNeeded: needed,
  };
}

/** Kept finite, so that it can be recorded. */
function eValue(log: number): number {
  return Math.exp(Math.min(log, 700));
}

function guardVerdicts({ amounts, calls, question }: ShadowTally): readonly ShadowGuardVerdict[] {
  const limits = { ...SHADOW_LIMITS, ...question.guards };
  const asked = SHADOW_GUARDS.filter((guard) => limits[guard] !== null);
  return asked.map((guard) => {
    const limit = limits[guard] ?? SHADOW_LIMITS[guard];
    const { challenger, live, pairs } = amounts[guard];
    const unknown = { guard, limit, ratio: null, lower: null, upper: null, units: challenger.count };
    if (challenger.count === 0 || live.mean <= 0 || pairs < calls / 2)
      return { ...unknown, status: "unknown" };
    const ratio = challenger.mean / live.mean;
    // Both arms are taken to be independent, which makes the bounds of pairs wider than they need to be.
    const bounds = compareRatio([{ challenger, control: live }], { alpha: question.alpha / asked.length });
    const { lower = null, upper = null } = bounds ?? {};
    const status = lower !== null && lower > limit ? "exceeds" : ratio > limit ? "above" : "within";
    return { ...unknown, ratio, lower, upper, status };
  });
}

/** A repeat's latency is not that of a live call, so it holds back and does not block. */
const BLOCKING: readonly ShadowGuardName[] = ["cost", "length"];

function vetoesOf(tally: ShadowTally, guards: readonly ShadowGuardVerdict[]): readonly string[] {
  const { contract, challengerBroke, liveBroke, question } = tally;
  const broken = rejects(contract.betting.block, question.alpha);
  return [
    ...(broken
      ? [
          `It breaks its output contract more often than the live version: alone in ${challengerBroke} pairs, the live version alone in ${liveBroke}.`,
        ]
      : []),
    ...guards.flatMap((one) =>
      one.status === "exceeds" && BLOCKING.includes(one.guard) ? [guardSentence(one, "is shown to be")] : [],
    ),
  ];
}

function guardSentence({ guard, ratio, limit }: ShadowGuardVerdict, how: string): string {
  return `Its mean ${guard} ${how} ${rounded(ratio ?? 0)} times the live version's, above the limit of ${limit}.`;
}

function heldWords(one: ShadowGuardVerdict): readonly string[] {
  const { status, guard } = one;
  if (status === "within" || status === "unknown") return [];
  // What a busy process does to a few repeats is no word about the challenger.
  if (guard === "latency" && status === "above") return [];
  return [guardSentence(one, "is")];
}

function unknownWords({ status, guard }: ShadowGuardVerdict): readonly string[] {
  return status === "unknown" ? [`Its ${guard} was not measured on half of the pairs.`] : [];
}

function contractWords({ challengerBroke, liveBroke }: ShadowTally): readonly string[] {
  if (challengerBroke <= liveBroke) return [];
  return [
    `It alone broke its output contract in ${challengerBroke} pairs, the live version alone in ${liveBroke}.`,
  ];
}

function cautionWords({ scores, cautious, question, failed }: ShadowTally): readonly string[] {
  const { alpha } = question;
  if (!rejects(scores.betting.ship, alpha) || rejects(cautious.betting.ship, alpha)) return [];
  return [`${failed} repeats failed, and were they answers that are worth nothing it would not ship.`];
}

function findingWords(
  { scores, question }: ShadowTally,
  { isWorse, isShown }: { readonly isWorse: boolean; readonly isShown: boolean },
): string {
  const { mean, pairs, betting } = scores;
  if (mean === null) return `No pair has ${question.metric} on both sides.`;
  const far = `${pairs} pairs of ${betting.pairs} units differ by ${rounded(mean)} in ${question.metric}`;
  const margin = `the margin of ${betting.margin}`;
  if (isWorse) return `It is worse: ${far}, which is shown to be more than ${margin} allows.`;
  if (isShown) return `It is not worse: ${far}, shown to be within ${margin}.`;
  return `Undecided: ${far}, which neither shows that it is worse nor that it is not, with ${margin}.`;
}

/**
 * Of n observations with the mean and spread seen, a stake of the best size multiplies its purse by about
 * exp(lead² / 2(σ² + lead²)) each; 1/alpha decides.
 */
function pairsNeeded(betting: PairedBetting, pairs: number): number | null {
  const { pairs: units, sum, squares, margin, alpha } = betting;
  if (units < ENOUGH_UNITS) return null;
  const lead = (units + sum) / 2 / units - (1 - margin) / 2;
  const variance = squares / units;
  const growth = lead ** 2 / (2 * (variance + lead ** 2));
  const needed = (LEARNING * -Math.log(alpha)) / growth;
  if (!Number.isFinite(needed) || needed > 1e7) return null;
  return Math.ceil((Math.max(needed, units + 1) * pairs) / units);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
