/** Lists judges with what is known of their agreement with people. */
import { JUDGE_TEXTS, type Judge, type JudgeStanding, judgeStanding } from "@colophon/evaluation";
import type { CalibrationData, ModelChoice } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { findJudge } from "./find-judge.ts";

/** What a verdict says of the judges that it rests on, in their order. */
export async function judgeStandings(
  harness: Harness,
  judges: readonly Pick<Judge, "key" | "version" | "hash">[],
): Promise<readonly JudgeStanding[]> {
  if (judges.length === 0) return [];
  const records = await harness.records.listRecords({ kinds: ["calibration"] });
  const calibrations = records.flatMap(({ kind, data }) => (kind === "calibration" ? [data] : []));
  return judges.map((judge) => judgeStanding(judge, calibrations));
}

export interface JudgeRow extends JudgeStanding {
  readonly form: Judge["form"]["kind"];
  readonly model: ModelChoice;
}

/**
 * The judges that come with the house, and those of one's own that were calibrated.
 */
export async function listJudges(harness: Harness): Promise<readonly JudgeRow[]> {
  const own = await calibratedVersions(harness);
  const built = Object.values(JUDGE_TEXTS).map(({ key }) => key);
  const judges: Judge[] = [];
  for (const reference of [...built, ...own]) {
    const judge = await findJudge(harness, reference);
    if (!judges.some(({ hash }) => hash === judge.hash)) judges.push(judge);
  }
  const standings = await judgeStandings(harness, judges);
  return judges.map(({ form, text }, at) => ({
    ...(standings[at] as JudgeStanding),
    form: form.kind,
    model: text.model,
  }));
}

/** Withdrawn ones are not judges any more. */
async function calibratedVersions(harness: Harness): Promise<readonly string[]> {
  const state = await harness.records.state();
  const records = await harness.records.listRecords({ kinds: ["calibration"] });
  const served = ({ judge, version }: CalibrationData): boolean =>
    version !== null && state.prompts.get(judge)?.versions.get(version)?.withdrawn === null;
  const names = records.flatMap(({ kind, data }) =>
    kind === "calibration" && served(data) ? [`${data.judge}@v${data.version}`] : [],
  );
  return [...new Set(names)];
}
