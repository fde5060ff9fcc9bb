/** The scorer `judge`: one judge or a panel grades the answer by a rubric or against a reference. */
import type { ScorerSpec } from "../eval-case.ts";
import { askJudge, type JudgeMaterial, type JudgeOutcome } from "../judges/ask-judge.ts";
import { caseMaterial, judgedAnswer } from "../judges/case-question.ts";
import { type Judge, judgeName } from "../judges/judge.ts";
import type { JudgeCaller } from "../judges/judge-caller.ts";
import { joinVotes, PANEL_RULES, type PanelOutcome, type PanelVote } from "../judges/judge-panel.ts";
import { JUDGE_TEXTS } from "../judges/judge-texts.ts";
import type { ScoreOutcome, Scorer } from "../scorer.ts";
import { defineScorer } from "./define-scorer.ts";
import { AMOUNT, badSpec, defaulted, oneOfWords, optional, SHARE, TEXT, TEXTS } from "./option.ts";
import { graded, noScore, passes } from "./score-outcome.ts";

export interface JudgeParts {
  readonly caller: JudgeCaller;
  /**
   * The judge that a spec names: a key of the house's own judges, or `KEY@vN`; undefined for none.
   *
   * @throws HarnessError `prompt-invalid` for a text that is no judge.
   */
  find(reference: string): Judge | undefined;
}

const OPTIONS = {
  judge: optional(TEXT),
  /** A panel, in place of `judge`. */
  judges: optional(TEXTS),
  rule: defaulted(oneOfWords(PANEL_RULES), "mean"),
  /** How many judges of a panel must have graded; all of them when left out. */
  quorum: optional(AMOUNT),
  /** What a good answer is; the case's own rubric when left out. */
  rubric: optional(TEXT),
  threshold: optional(SHARE),
};

export function judgeScorer(judging: JudgeParts | undefined): Scorer {
  return defineScorer({
    name: "judge",
    options: OPTIONS,
    lacks({ judge, judges }) {
      if (judging === undefined) return 'Scorer "judge" needs a model to be asked; name one for this run.';
      return unknownJudge(judging, judges ?? (judge === undefined ? [] : [judge]));
    },
    prepare({ judge, judges, rule, quorum, rubric, threshold }) {
      if (judge !== undefined && judges !== undefined) {
        throw badSpec('Scorer "judge" takes judge or judges; keep one of them.');
      }
      const named = judges ?? (judge === undefined ? undefined : [judge]);
      const size = named?.length ?? 1;
      const least = quorum ?? size;
      if (!Number.isInteger(least) || least < 1 || least > size) {
        throw badSpec(`The quorum of scorer "judge" is ${least}; give a whole number from 1 to ${size}.`);
      }
      return async (input) => {
        if (judging === undefined) return noScore("There is no model that could judge.");
        const material = { ...caseMaterial(input, rubric), answer: judgedAnswer(input) };
        // Nothing is never a good answer, and no judge is paid to say so.
        if (material.answer === "") return passes(false, "the answer is empty");
        const panel = named?.map((one) => judging.find(one)) ?? [usualJudge(judging, material)];
        const votes = await Promise.all(
          panel.map((one, at) => voteOf({ judging, judge: one, material, draw: drawOf(panel, at) })),
        );
        return outcomeOf(joinVotes(votes, rule, least), threshold);
      };
    },
  });
}

function unknownJudge(judging: JudgeParts, named: readonly string[]): string | undefined {
  for (const one of named) {
    const judge = judging.find(one);
    if (judge === undefined) {
      const known = Object.values(JUDGE_TEXTS).map(({ key }) => key);
      return `There is no judge "${one}"; name a version of your own as KEY@vN, or one of ${known.join(", ")}.`;
    }
    if (judge.form.kind === "preference") {
      return `The judge ${one} compares two answers; name one that grades a single answer.`;
    }
  }
  return undefined;
}

/** Without a name the case decides: a rubric before a reference. */
function usualJudge({ find }: JudgeParts, { rubric }: JudgeMaterial): Judge {
  const usual = rubric === undefined ? JUDGE_TEXTS.reference : JUDGE_TEXTS.rubric;
  return find(usual.key) ?? usual;
}

/** A judge that sits on a panel twice is asked twice. */
function drawOf(panel: readonly (Judge | undefined)[], at: number): number {
  return panel.slice(0, at).filter((judge) => judge?.hash === panel[at]?.hash).length;
}

interface Vote {
  readonly judging: JudgeParts;
  readonly judge: Judge | undefined;
  readonly material: JudgeMaterial;
  readonly draw: number;
}

async function voteOf({ judging, judge, material, draw }: Vote): Promise<PanelVote> {
  if (judge === undefined) return { judge: "", value: null, why: "There is no such judge." };
  const outcome = await askJudge(judging.caller, { judge, material, draw });
  return { judge: judgeName(judge), ...foundBy(outcome) };
}

function foundBy(outcome: JudgeOutcome): Pick<PanelVote, "value" | "why"> {
  if (!outcome.ok) return { value: null, why: outcome.error };
  const { finding } = outcome;
  if (finding.kind === "grade") return { value: finding.value, why: finding.reason };
  return { value: null, why: "The judge compares two answers and grades none." };
}

function outcomeOf(outcome: PanelOutcome, threshold: number | undefined): ScoreOutcome {
  if (!outcome.ok) return noScore(outcome.error);
  const { value, disagreement, votes } = outcome.finding;
  const found = graded(value, threshold);
  if (!found.ok) return found;
  const reasons = votes.map(({ judge, value: vote, why }) =>
    votes.length === 1 ? why : `${judge} ${vote === null ? "failed" : vote.toFixed(2)}: ${why}`,
  );
  const apart = votes.length > 1 ? [`disagreement ${disagreement.toFixed(2)}`] : [];
  return { ...found, why: [...apart, ...reasons].join("; ") };
}

/** The judges that a spec can ask, by the references in it; those of the house where it names none. */
export function judgesNamed({ scorer, options }: ScorerSpec): readonly string[] {
  const { judge, judges } = (options ?? {}) as {
    readonly judge?: string;
    readonly judges?: readonly string[];
  };
  if (scorer === "pairwise") return [judge ?? JUDGE_TEXTS.pairwise.key];
  if (scorer !== "judge") return [];
  if (judges !== undefined) return judges;
  return judge === undefined ? [JUDGE_TEXTS.rubric.key, JUDGE_TEXTS.reference.key] : [judge];
}
