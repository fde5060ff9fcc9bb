/** Judges recorded scores, whichever tool they come from. */
import {
  decideGate,
  type GateOptions,
  type GateVerdict,
  readScoreLines,
  ScoreFold,
  type ScoreLine,
  towardsAnchor,
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
  const { anchor, options } = request;
  const fold = ({ text, file }: ScoreText, seen = (line: ScoreLine): ScoreLine => line): ScoreFold => {
    const scores = new ScoreFold(options?.requiredMetrics);
    for (const line of readScoreLines(text, file)) scores.add(seen(line));
    return scores;
  };
  const [baseline, challenger] = [fold(request.baseline), fold(request.challenger)];
  const verdict = decideGate({
    baseline,
    challenger,
    ...(anchor !== undefined && {
      anchor: fold(anchor),
      challengerToAnchor: fold(request.challenger, towardsAnchor),
    }),
    ...(options !== undefined && { options }),
  });
  const pictures = scorePictures([
    { name: "baseline", scores: baseline.side() },
    { name: "challenger", scores: challenger.side() },
  ]);
  return { verdict, pictures: verdict.cases === 0 ? [] : pictures };
}
