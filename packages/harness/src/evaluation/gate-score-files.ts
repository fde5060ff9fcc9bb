/** Judges recorded scores, whichever tool they come from. */
import {
  decideGate,
  type GateOptions,
  type GateVerdict,
  readScoreLines,
  type ScoreLine,
} from "@colophon/evaluation";
import type { Picture } from "./reports/report.ts";
import { scorePictures } from "./reports/score-pictures.ts";

/** A score file as it was read. */
export interface ScoreText {
  /** As people know it, for messages. */
  readonly file: string;
  /** JSON Lines. */
  readonly text: string;
}

export interface ScoreFilesRequest {
  readonly baseline: ScoreText;
  readonly challenger: ScoreText;
  /** Of the best version that was ever accepted. */
  readonly anchor?: ScoreText | undefined;
  readonly options?: GateOptions;
}

export interface JudgedScores {
  readonly verdict: GateVerdict;
  /** For a report: the scores of both sides, and their differences. */
  readonly pictures: readonly Picture[];
}

/**
 * The verdict of the gate over score files; nothing is recorded, since nobody can say what the scores are of.
 *
 * @throws HarnessError `input-malformed` with the numbers of wrong lines; `usage` for options that cannot be.
 * @example
 * const score = (file: string, text: string) => ({ file, text });
 * const baseline = score("live.jsonl", '{"case":"a","score":1}');
 * const { verdict } = gateScoreFiles({ baseline, challenger: score("v8.jsonl", '{"case":"a","score":0}') });
 */
export function gateScoreFiles(request: ScoreFilesRequest): JudgedScores {
  const read = ({ text, file }: ScoreText): readonly ScoreLine[] => readScoreLines(text, file);
  const [baseline, challenger] = [read(request.baseline), read(request.challenger)];
  const { anchor, options } = request;
  const verdict = decideGate({
    baseline,
    challenger,
    ...(anchor !== undefined && { anchor: read(anchor) }),
    ...(options !== undefined && { options }),
  });
  const pictures = scorePictures([
    { name: "baseline", lines: baseline },
    { name: "challenger", lines: challenger },
  ]);
  return { verdict, pictures: verdict.cases === 0 ? [] : pictures };
}
