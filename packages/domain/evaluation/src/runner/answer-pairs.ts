/** Pairs the answers that sides gave to one repeat of a case, for scorers that compare two of them. */
import type { AnswerPair, ComparableAnswer, ScoreInput } from "../scorer.ts";
import type { PaidResult } from "./paid-calls.ts";
import type { RunSide } from "./run-plan.ts";

type PlacedPair = NonNullable<ScoreInput["pair"]>;

export interface AnswerPairs {
  /** That a side's answer is scored in; undefined where it stands alone. */
  readonly own: Readonly<Partial<Record<RunSide, PlacedPair>>>;
  /** Of the challenger with the anchor; undefined without one. */
  readonly anchor: PlacedPair | undefined;
}

/** The baseline and the anchor are each held against the challenger, and the challenger against the baseline. */
export function answerPairs(results: ReadonlyMap<RunSide, PaidResult>): AnswerPairs {
  const challenger = results.get("challenger");
  const pairWith = (side: RunSide): AnswerPair | undefined => {
    const other = results.get(side);
    if (challenger === undefined || other === undefined) return undefined;
    return { challenger: answerOf(challenger), opponent: answerOf(other) };
  };
  const [baseline, anchor] = [pairWith("baseline"), pairWith("anchor")];
  return {
    own: {
      ...(baseline !== undefined && {
        baseline: { answers: baseline, as: "opponent" },
        challenger: { answers: baseline, as: "challenger" },
      }),
      ...(anchor !== undefined && { anchor: { answers: anchor, as: "opponent" } }),
    },
    anchor: anchor === undefined ? undefined : { answers: anchor, as: "challenger" },
  };
}

function answerOf(result: PaidResult): ComparableAnswer | null {
  if (result.kind !== "answered") return null;
  const { text, toolCalls } = result.answer;
  return { text, toolCalls };
}
