/** Compares two answers by a judge, in both orders: a judge that changes its mind with the order found a tie. */
import { askJudge, type JudgeMaterial, type JudgeOutcome } from "./ask-judge.ts";
import type { Judge } from "./judge.ts";
import type { JudgeCaller } from "./judge-caller.ts";

export interface Comparison {
  readonly ok: true;
  /** Null for a tie. */
  readonly better: "challenger" | "baseline" | null;
  /** The judge preferred what stood first, or what stood second, both times. */
  readonly flipped: boolean;
  /** A preference that the length gate did not let count. */
  readonly gated: boolean;
  readonly reasons: readonly [string, string];
}

export interface ComparisonTask {
  readonly judge: Judge;
  readonly challenger: string;
  readonly baseline: string;
  /** Of the case: the question, and a rubric or reference where there is one. */
  readonly material: Omit<JudgeMaterial, "answer" | "answerA" | "answerB">;
  /**
   * A preference for an answer more than so many times as long as the other counts as a tie, for judges
   * like length (MT-Bench: a padded list fooled two of three). Null counts all preferences. Default 3.
   */
  readonly lengthGate?: number | null;
  readonly draw?: number;
}

/** Short answers differ in length by chance. */
const ALWAYS_SHORT = 400;
const LENGTH_GATE = 3;

/** The same answer twice is a tie that nobody is asked about. */
export async function compareAnswers(
  caller: JudgeCaller,
  task: ComparisonTask,
): Promise<Comparison | { readonly ok: false; readonly error: string }> {
  const { judge, challenger, baseline, material, draw = 0 } = task;
  if (challenger === baseline) {
    return { ok: true, better: null, flipped: false, gated: false, reasons: ["the same", "the same"] };
  }
  const ask = (answerA: string, answerB: string): Promise<JudgeOutcome> =>
    askJudge(caller, { judge, draw, material: { ...material, answerA, answerB } });
  const [ahead, behind] = await Promise.all([ask(challenger, baseline), ask(baseline, challenger)]);
  const first = sideOf(ahead, "A");
  const second = sideOf(behind, "B");
  if (!first.ok) return first;
  if (!second.ok) return second;
  const agreed = first.side === second.side ? first.side : null;
  const gated = agreed !== null && isGated(task, agreed);
  return {
    ok: true,
    better: gated ? null : agreed,
    flipped: first.side !== null && second.side !== null && first.side !== second.side,
    gated,
    reasons: [first.reason, second.reason],
  };
}

type Preference =
  | { readonly ok: true; readonly side: "challenger" | "baseline" | null; readonly reason: string }
  | { readonly ok: false; readonly error: string };

function sideOf(outcome: JudgeOutcome, challengerAs: "A" | "B"): Preference {
  if (!outcome.ok) return outcome;
  const { finding } = outcome;
  if (finding.kind !== "preference") {
    return { ok: false, error: "The judge grades single answers; name one that compares two." };
  }
  const { better, reason } = finding;
  const side = better === "tie" ? null : better === challengerAs ? "challenger" : "baseline";
  return { ok: true, side, reason };
}

function isGated(task: ComparisonTask, better: "challenger" | "baseline"): boolean {
  const { lengthGate = LENGTH_GATE } = task;
  if (lengthGate === null) return false;
  const own = task[better].length;
  const other = task[better === "challenger" ? "baseline" : "challenger"].length;
  return own > ALWAYS_SHORT && own > lengthGate * other;
}
