/** What a judge said of the newest calls, and what that is worth by its calibration. */
import type { CalibrationData, Estimate, Outcome } from "@colophon/kernel";
import { roganGladen, type ShareCount } from "@colophon/methods";
import { ALPHA, shareFigure } from "./metric-figure.ts";
import type { NewestRow } from "./metric-line.ts";

export interface JudgedQuality {
  /** As the outcomes name it. */
  readonly judge: string;
  /** Share of answers that it passed by the threshold of its calibration; null without one. */
  readonly passed: Estimate | null;
  /** The share of good answers once its errors are taken out (Rogan and Gladen); null where nothing is known of them. */
  readonly corrected: Estimate | null;
  /** Answers among the newest rows that it judged. */
  readonly samples: number;
  /** In words, why there is no corrected share; null where there is one. */
  readonly reason: string | null;
}

/** By judge; an answer that one judge judged twice counts as it did last. */
export function judgedQuality(
  newest: readonly NewestRow[],
  calibrations: readonly CalibrationData[],
): readonly JudgedQuality[] {
  const scores = new Map<string, number[]>();
  for (const { outcomes } of newest) {
    const judged = outcomes.filter(({ name, source }) => name === "quality" && source === "judge");
    const last = new Map(judged.map((outcome) => [judgeOf(outcome), outcome.value]));
    for (const [judge, value] of last) {
      if (typeof value !== "number") continue;
      const values = scores.get(judge) ?? [];
      values.push(value);
      scores.set(judge, values);
    }
  }
  return [...scores]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([judge, values]) => qualityBy(judge, values, calibrations));
}

function judgeOf({ by }: Outcome): string {
  return by ?? "a judge without a name";
}

function qualityBy(
  judge: string,
  values: readonly number[],
  calibrations: readonly CalibrationData[],
): JudgedQuality {
  const samples = values.length;
  const calibration = calibrations.findLast((one) => isOf(one, judge));
  if (calibration === undefined) {
    const reason = "nobody has held this judge against people: see `colophon judge calibrate`";
    return { judge, passed: null, corrected: null, samples, reason };
  }
  const hits = values.filter((value) => value >= calibration.threshold).length;
  const { value, lower, upper } = shareFigure({ hits, of: samples }, "");
  const passed = { value: value ?? 0, lower, upper, samples };
  const corrected = correctedShare({ hits, of: samples }, calibration);
  const reason = "its calibration does not show that it tells good answers from bad ones";
  return { judge, passed, corrected, samples, reason: corrected === null ? reason : null };
}

/** A calibration holds for one text of a judge: outcomes name the hash, or the version that it belongs to. */
function isOf({ judge, version, hash }: CalibrationData, name: string): boolean {
  return name.includes(hash) || (version !== null && name === `${judge}@v${version}`);
}

function correctedShare(passed: ShareCount, calibration: CalibrationData): Estimate | null {
  const { truePositiveRate, trueNegativeRate } = calibration;
  if (truePositiveRate === null || trueNegativeRate === null) return null;
  const counted = ({ value, samples }: Estimate): ShareCount => ({
    hits: Math.round(value * samples),
    of: samples,
  });
  const rate = roganGladen({
    passed,
    truePositives: counted(truePositiveRate),
    trueNegatives: counted(trueNegativeRate),
    alpha: ALPHA,
  });
  return rate === null
    ? null
    : { value: rate.rate, lower: rate.lower, upper: rate.upper, samples: passed.of };
}
