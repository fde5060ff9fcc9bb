/** Says of a judge whether people have shown how far it can be trusted. */
import type { CalibrationData } from "@colophon/kernel";
import { agreesBeyondChance } from "./calibrate-judge.ts";
import { type Judge, judgeName } from "./judge.ts";

export interface JudgeStanding {
  readonly judge: string;
  /** `agrees`: shown to agree with people beyond chance; `doubtful`: calibrated, and not shown to. */
  readonly state: "uncalibrated" | "doubtful" | "agrees";
  /** The latest calibration of this very text; null for none. */
  readonly calibration: CalibrationData | null;
  /** For people, to stand in every verdict that the judge carries. */
  readonly sentence: string;
}

/** @param records calibrations in the order of the log. */
export function judgeStanding(
  judge: Pick<Judge, "key" | "version" | "hash">,
  records: readonly CalibrationData[],
): JudgeStanding {
  const name = judgeName(judge);
  const calibration = records.findLast(({ hash }) => hash === judge.hash) ?? null;
  if (calibration === null) {
    const other = records.some((record) => record.judge === judge.key);
    const why = other
      ? "other texts of it are calibrated, this one is not"
      : "nobody has held it against people";
    return {
      judge: name,
      state: "uncalibrated",
      calibration,
      sentence: `The judge ${name} is uncalibrated: ${why}; run \`colophon judge calibrate\`.`,
    };
  }
  const { kappa, labels } = calibration;
  const agrees = agreesBeyondChance(calibration);
  const figure =
    kappa === null
      ? `${labels} labels say nothing of its agreement with people`
      : `kappa ${kappa.value.toFixed(2)} (${kappa.lower?.toFixed(2)} to ${kappa.upper?.toFixed(2)}) over ${labels} labels`;
  return {
    judge: name,
    state: agrees ? "agrees" : "doubtful",
    calibration,
    sentence: agrees
      ? `The judge ${name} agrees with people: ${figure}.`
      : `The judge ${name} is not shown to agree with people beyond chance: ${figure}.`,
  };
}
