/** The scorer `custom`: a function of the user's own, loaded from a file by the harness. */
import type { ScorerSpec } from "../eval-case.ts";
import type { ScoreInput, ScoreOutcome, Scorer } from "../scorer.ts";
import { defineScorer } from "./define-scorer.ts";
import { defaulted, OBJECT, required, TEXT } from "./option.ts";
import { noScore } from "./score-outcome.ts";

/** What a function of the user's may say: a share in [0, 1], yes or no, or either with a reason. */
export type CustomScore =
  | number
  | boolean
  | { readonly score: number | boolean; readonly why?: string | undefined };

export type CustomScorer = (
  input: ScoreInput,
  parameters: Readonly<Record<string, unknown>>,
) => CustomScore | Promise<CustomScore>;

/** `loaded` has the functions by the path that the spec names. */
export function customScorer(loaded: ReadonlyMap<string, CustomScorer>): Scorer {
  return defineScorer({
    name: "custom",
    options: { file: required(TEXT), parameters: defaulted(OBJECT, {}) },
    lacks: ({ file }) =>
      loaded.has(file)
        ? undefined
        : `The scorer file ${file} is not loaded; name a file that exports a function called score.`,
    prepare:
      ({ file, parameters }) =>
      async (input) => {
        const score = loaded.get(file);
        if (score === undefined) return noScore(`The scorer file ${file} is not loaded.`);
        try {
          return outcomeOf(file, await score(input, parameters));
        } catch (error) {
          return noScore(`${file} failed: ${error instanceof Error ? error.message : String(error)}`);
        }
      },
  });
}

function outcomeOf(file: string, said: unknown): ScoreOutcome {
  const { score, why } = (typeof said === "object" && said !== null ? said : { score: said }) as {
    readonly score?: unknown;
    readonly why?: unknown;
  };
  const value = typeof score === "boolean" ? Number(score) : score;
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    return noScore(
      `${file} gave ${String(score)} for a score; it must give a number from 0 to 1, or true or false.`,
    );
  }
  return { ok: true, value, ...(typeof why === "string" && { why }) };
}

/** The files that the specs name, each once, to be loaded before a run. */
export function scorerFiles(specs: readonly ScorerSpec[]): readonly string[] {
  const files = specs.flatMap(({ scorer, options }) =>
    scorer === "custom" && typeof options?.file === "string" ? [options.file] : [],
  );
  return [...new Set(files)];
}
