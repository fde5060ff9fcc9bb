/** What a judge is told of a case: its variables as a question, and the answer as a text. */
import type { ScoreInput } from "../scorer.ts";
import { expectedText } from "../scorers/expected-text.ts";
import type { JudgeMaterial } from "./ask-judge.ts";

/** A single text as it is; else a line for each variable. */
export function caseQuestion(variables: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(variables);
  const [only] = entries;
  if (entries.length === 1 && typeof only?.[1] === "string") return only[1];
  return entries
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
}

/** The words of an answer and the tools that it calls; empty where there is neither. */
export function judgedAnswer({ text, toolCalls }: Pick<ScoreInput, "text" | "toolCalls">): string {
  const calls = toolCalls.map((call) => `Calls ${call.name} with ${JSON.stringify(call.arguments)}`);
  return [...(text === null ? [] : [text]), ...calls].join("\n").trim();
}

/** What a judge is told beside the answers; `rubric` goes before that of the case. */
export function caseMaterial(
  { expected, variables }: Pick<ScoreInput, "expected" | "variables">,
  rubric: string | undefined,
): JudgeMaterial {
  const own = expected.kind === "rubric" ? expected.value : undefined;
  const asked = rubric ?? own;
  const reference = expected.kind === "json" ? JSON.stringify(expected.value) : expectedText(expected);
  return {
    question: caseQuestion(variables),
    ...(asked !== undefined && { rubric: asked }),
    ...(reference !== undefined && { reference }),
  };
}
