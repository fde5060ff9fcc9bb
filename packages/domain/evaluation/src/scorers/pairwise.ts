/** The scorer `pairwise`: a judge says which of two versions' answers is better, asked in both orders. */
import { caseMaterial, judgedAnswer } from "../judges/case-question.ts";
import { type Comparison, compareAnswers } from "../judges/compare-answers.ts";
import { JUDGE_TEXTS } from "../judges/judge-texts.ts";
import type { AnswerPair, ScoreInput, ScoreOutcome, Scorer } from "../scorer.ts";
import { defineScorer } from "./define-scorer.ts";
import type { JudgeParts } from "./judge-scorer.ts";
import { AMOUNT, badSpec, defaulted, optional, TEXT } from "./option.ts";
import { noScore } from "./score-outcome.ts";

/** As specs name it. */
export const PAIRWISE = "pairwise";

const OPTIONS = {
  judge: defaulted(TEXT, JUDGE_TEXTS.pairwise.key),
  /** What a good answer is; the case's own rubric when left out. */
  rubric: optional(TEXT),
  /** A preference for an answer more than so many times as long is a tie; 0 lets all count. */
  lengthGate: defaulted(AMOUNT, 3),
};

type Found = Comparison | { readonly ok: false; readonly error: string };

const TIE: Comparison = { ok: true, better: null, flipped: false, gated: false, reasons: ["", ""] };

/**
 * The challenger's score is 1 where it is preferred, 0.5 for a tie and 0 where the other one is, and the other
 * one's is 1 less that: their difference is 1, 0 or −1, twice what the challenger's lies above or below a half.
 */
export function pairwiseScorer(judging: JudgeParts | undefined): Scorer {
  return defineScorer({
    name: PAIRWISE,
    options: OPTIONS,
    lacks({ judge }) {
      if (judging === undefined)
        return `Scorer "${PAIRWISE}" needs a model to be asked; name one for this run.`;
      const found = judging.find(judge);
      if (found === undefined) {
        return `There is no judge "${judge}"; name a version of your own as KEY@vN, or ${JUDGE_TEXTS.pairwise.key}.`;
      }
      if (found.form.kind === "preference") return undefined;
      return `The judge ${judge} grades single answers; name one that compares two.`;
    },
    prepare({ judge, rubric, lengthGate }, { required, negate }) {
      if (required === true || negate === true) {
        throw badSpec(
          `Scorer "${PAIRWISE}" says which answer is better; it can be neither required nor negated.`,
        );
      }
      const gate = lengthGate === 0 ? null : lengthGate;
      // Both answers of a pair are scored, and compared once.
      const found = new WeakMap<AnswerPair, Promise<Found>>();
      return async (input) => {
        const { pair } = input;
        if (judging === undefined) return noScore("There is no model that could judge.");
        if (pair === undefined) return noScore("There is no other version to compare with.");
        const { answers, as } = pair;
        if (answers.challenger === null || answers.opponent === null) return unopposed(answers, as);
        const known =
          found.get(answers) ?? comparePair(judging, { input, answers, judge, rubric, lengthGate: gate });
        found.set(answers, known);
        return outcomeOf(await known, as);
      };
    },
  });
}

type Role = NonNullable<ScoreInput["pair"]>["as"];

/** An answer that only the challenger lacks is one that it lost; one that the other lacks says nothing. */
function unopposed({ challenger }: AnswerPair, as: Role): ScoreOutcome {
  if (challenger === null && as === "opponent") {
    return { ok: true, value: 1, why: "the challenger has no answer" };
  }
  return noScore("The other version has no answer to compare with.");
}

interface PairTask {
  readonly input: ScoreInput;
  readonly answers: AnswerPair;
  readonly judge: string;
  readonly rubric: string | undefined;
  readonly lengthGate: number | null;
}

async function comparePair(judging: JudgeParts, task: PairTask): Promise<Found> {
  const { input, answers, judge: name, rubric, lengthGate } = task;
  const text = (answer: AnswerPair["challenger"]): string => (answer === null ? "" : judgedAnswer(answer));
  const [challenger, baseline] = [text(answers.challenger), text(answers.opponent)];
  // Nothing is never the better answer, and no judge is paid to say so.
  if (challenger === "" || baseline === "") {
    const better = challenger !== "" ? "challenger" : baseline !== "" ? "baseline" : null;
    return { ...TIE, better, reasons: ["the other answer is empty", ""] };
  }
  const judge = judging.find(name);
  if (judge === undefined) return { ok: false, error: `There is no judge "${name}".` };
  const material = caseMaterial(input, rubric);
  return compareAnswers(judging.caller, { judge, challenger, baseline, material, lengthGate });
}

function outcomeOf(found: Found, as: Role): ScoreOutcome {
  if (!found.ok) return noScore(found.error);
  const { better, flipped, gated, reasons } = found;
  const value = better === null ? 0.5 : Number(better === "challenger");
  const why = flipped
    ? "the judge changed its mind with the order"
    : gated
      ? "the better one is much longer"
      : reasons[0];
  return { ok: true, value: as === "challenger" ? value : 1 - value, why };
}
