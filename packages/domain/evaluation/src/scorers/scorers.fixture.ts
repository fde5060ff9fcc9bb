/** Scorers on real checks, and answers to score, for tests. */
import type { JsonSchema, ModelAnswer } from "@colophon/kernel";
import type { Expectation, ScorerSpec } from "../eval-case.ts";
import type { JudgeCaller } from "../judges/judge-caller.ts";
import { builtInJudge } from "../judges/judge-texts.ts";
import type { ScoreInput, ScoreOutcome } from "../scorer.ts";
import { createScorers, type ScorerParts } from "./create-scorers.ts";

/** Knows `type` and `required` alone: what a schema means is ajv's, which stands outside of this package. */
export function typeChecker(schema: JsonSchema): (value: unknown) => string | undefined {
  return (value) => {
    if (schema.type === "object" && (typeof value !== "object" || value === null)) return "must be object";
    const missing = ((schema.required ?? []) as string[]).find(
      (name) => !Object.hasOwn(value as object, name),
    );
    return missing === undefined ? undefined : `${missing} is missing`;
  };
}

export function input(
  text: string | null,
  expected: Expectation = { kind: "none" },
  more: Partial<ScoreInput> = {},
): ScoreInput {
  return { variables: {}, expected, text, toolCalls: [], refused: false, latency: 120, cost: 0.002, ...more };
}

export const asLabel = (value: string): Expectation => ({ kind: "label", value });
export const asJson = (value: unknown): Expectation => ({ kind: "json", value });

/** Scores one answer, after the check that a set makes. */
export async function scoreBy(
  spec: ScorerSpec,
  answer: ScoreInput,
  parts: Partial<ScorerParts> = {},
): Promise<ScoreOutcome> {
  const scorers = createScorers({ checkerOf: typeChecker, ...parts });
  const wrong = scorers.check(spec) ?? scorers.lacks(spec);
  if (wrong !== undefined) throw new Error(wrong);
  return scorers.score(spec, answer);
}

export function modelAnswer(text: string | null, more: Partial<ModelAnswer> = {}): ModelAnswer {
  return {
    text,
    toolCalls: [],
    refused: false,
    finishReason: "stop",
    cutShort: false,
    model: null,
    systemFingerprint: null,
    tokens: { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null },
    latency: 1,
    host: null,
    ...more,
  };
}

/** A judge that says the same each time, or what a function makes of the rendered messages. */
export function judgeSaying(said: string | ((messages: string, draw: number) => string | ModelAnswer)): {
  readonly caller: JudgeCaller;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const caller: JudgeCaller = {
    async ask({ messages, draw }) {
      const text = messages.map(({ content }) => content).join("\n\n");
      asked.push(text);
      const answer = typeof said === "string" ? said : said(text, draw);
      return { ok: true, answer: typeof answer === "string" ? modelAnswer(answer) : answer };
    },
  };
  return { caller, asked };
}

export const judging = (caller: JudgeCaller) => ({ caller, find: builtInJudge });
