/** What a scorer needs of a call of production, where nobody has said what is expected. */
import type { ScorerSpec } from "../eval-case.ts";
import type { Judge } from "../judges/judge.ts";
import { amountLack } from "./online-rater.ts";

/** Options of which one has to be there, where there is no case that could say it. */
const EXPECTS: Readonly<Record<string, readonly string[]>> = {
  exact: ["value"],
  contains: ["value", "any", "all"],
  "starts-with": ["value"],
  label: ["value"],
  numeric: ["value"],
  "edit-distance": ["value"],
  "token-f1": ["value"],
  "rouge-l": ["value"],
  similarity: ["value"],
  "json-path": ["value", "exists"],
  "json-equal": ["value"],
};

/**
 * Why a scorer cannot score calls of production, in a sentence; undefined where it can.
 *
 * @param judges those that the spec asks.
 */
export function onlineLack(spec: ScorerSpec, judges: readonly Judge[]): string | undefined {
  const { scorer, options = {} } = spec;
  const expects = EXPECTS[scorer];
  if (expects?.every((name) => options[name] === undefined)) {
    return `Scorer "${scorer}" holds an answer against what a case expects, and a call of production expects nothing; give it ${expects.join(" or ")}.`;
  }
  if (scorer === "tool-call" && options.arguments !== undefined) {
    return `Scorer "${scorer}" asks for arguments, which the ledger does not hold; ask for the name alone.`;
  }
  const told = (name: string): boolean =>
    name !== "reference" && (name !== "rubric" || options.rubric !== undefined);
  for (const { key, needs } of judges) {
    const missing = [...needs].find((name) => !told(name));
    if (missing !== undefined) {
      return `The judge ${key} needs a ${missing}, which a call of production does not have${missing === "rubric" ? "; give the scorer a rubric" : ""}.`;
    }
  }
  return amountLack(spec);
}

/** Which captured contents a scorer reads. */
export function contentsNeeded({ scorer, options = {} }: ScorerSpec): "none" | "answer" | "all" {
  if (scorer === "cost" || scorer === "latency" || scorer === "tool-call") return "none";
  if (scorer === "refusal" && options.words === false) return "none";
  return scorer === "judge" || scorer === "pairwise" || scorer === "custom" ? "all" : "answer";
}
