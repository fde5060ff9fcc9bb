/** Holds what a judge said against what people said: how far it agrees, and what its rates are worth. */
import type { CalibrationData, Estimate } from "@colophon/kernel";
import {
  cohenKappa,
  poweredRate,
  type RateEstimate,
  roganGladen,
  type ShareCount,
  wilsonBounds,
} from "@colophon/methods";

/** An answer that a person passed or failed, and the judge's score of it. */
export interface LabelledScore {
  readonly label: boolean;
  /** In [0, 1]; null where the judge failed. */
  readonly score: number | null;
}

export interface CalibrationInput {
  readonly labelled: readonly LabelledScore[];
  /** The judge's scores of answers without a label; null where it failed. None when left out. */
  readonly unlabelled?: readonly (number | null)[];
  /** From this score on the judge counts as having passed an answer. 0.5 when left out. */
  readonly threshold?: number;
}

/** The share of good answers among those without a label, as each method sees it. */
export interface CorrectedRates {
  /** As the judge says it. */
  readonly judged: Estimate;
  /** Corrected by its rates of right verdicts (Rogan-Gladen); null for a judge that says nothing. */
  readonly roganGladen: Estimate | null;
  /**
   * From labels and judge together (PPI++); null for fewer than two labels. Holds where the labelled
   * answers were drawn at random from the same answers, which the other two do not ask for.
   */
  readonly powered: Estimate | null;
}

/** All intervals are of 95 %. */
export interface Calibration
  extends Pick<
    CalibrationData,
    "threshold" | "kappa" | "truePositiveRate" | "trueNegativeRate" | "labels" | "errors"
  > {
  /** The share of good answers by the labels. */
  readonly labelled: Estimate | null;
  /** Null where no answers without a label were judged. */
  readonly rates: CorrectedRates | null;
  /** The judge is shown to agree with people beyond chance. */
  readonly agrees: boolean;
}

/** One-sided on either side, so that the interval holds 95 %. */
const ALPHA = 0.025;

export function calibrateJudge({
  labelled,
  unlabelled = [],
  threshold = 0.5,
}: CalibrationInput): Calibration {
  const scored = labelled.flatMap(({ label, score }) => (score === null ? [] : [{ label, score }]));
  const passes = (score: number): boolean => score >= threshold;
  const count = (label: boolean, passed: boolean): number =>
    scored.filter((one) => one.label === label && passes(one.score) === passed).length;
  const table = {
    bothYes: count(true, true),
    onlyFirst: count(true, false),
    onlySecond: count(false, true),
    bothNo: count(false, false),
  };
  const positives = table.bothYes + table.onlyFirst;
  const truePositives = { hits: table.bothYes, of: positives };
  const trueNegatives = { hits: table.bothNo, of: scored.length - positives };
  const kappa = scored.length === 0 ? null : cohenKappa(table, ALPHA);
  const judged = unlabelled.filter((score) => score !== null);
  const agreement = {
    kappa:
      kappa === null
        ? null
        : { value: kappa.kappa, lower: kappa.lower, upper: kappa.upper, samples: scored.length },
    truePositiveRate: shareOf(truePositives),
    trueNegativeRate: shareOf(trueNegatives),
  };
  return {
    threshold,
    labels: scored.length,
    errors: labelled.length - scored.length,
    ...agreement,
    labelled: shareOf({ hits: positives, of: scored.length }),
    rates:
      judged.length === 0
        ? null
        : correctedRates({ scored, judged, passes, right: { truePositives, trueNegatives } }),
    agrees: agreesBeyondChance(agreement),
  };
}

type Agreement = Pick<CalibrationData, "kappa" | "truePositiveRate" | "trueNegativeRate">;

/** Kappa's interval lies above 0, and so do the exacter ones of the rates, whose sum is 1 for a judge that guesses. */
export function agreesBeyondChance({ kappa, truePositiveRate, trueNegativeRate }: Agreement): boolean {
  const lower = (estimate: Estimate | null): number => estimate?.lower ?? Number.NEGATIVE_INFINITY;
  return lower(kappa) > 0 && lower(truePositiveRate) + lower(trueNegativeRate) > 1;
}

/** Null for a share of nothing. */
function shareOf(count: ShareCount): Estimate | null {
  if (count.of === 0) return null;
  const { lower, upper } = wilsonBounds(count, ALPHA);
  return { value: count.hits / count.of, lower, upper, samples: count.of };
}

interface Judged {
  readonly scored: readonly { readonly label: boolean; readonly score: number }[];
  readonly judged: readonly number[];
  readonly passes: (score: number) => boolean;
  readonly right: { readonly truePositives: ShareCount; readonly trueNegatives: ShareCount };
}

function correctedRates({ scored, judged, passes, right }: Judged): CorrectedRates {
  const passed = { hits: judged.filter(passes).length, of: judged.length };
  const known = right.truePositives.of > 0 && right.trueNegatives.of > 0;
  const corrected = known ? roganGladen({ passed, ...right, alpha: ALPHA }) : null;
  const powered =
    scored.length < 2
      ? null
      : poweredRate({
          labels: scored.map(({ label }) => Number(label)),
          judged: scored.map(({ score }) => score),
          unlabelled: judged,
          alpha: ALPHA,
        });
  const samples = scored.length + judged.length;
  return {
    judged: shareOf(passed) as Estimate,
    roganGladen: estimateOf(corrected, samples),
    powered: estimateOf(powered, samples),
  };
}

/** Within [0, 1], where shares are. */
function estimateOf(rate: RateEstimate | null, samples: number): Estimate | null {
  if (rate === null) return null;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return { value: clip(rate.rate), lower: clip(rate.lower), upper: clip(rate.upper), samples };
}
