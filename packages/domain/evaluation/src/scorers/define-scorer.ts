/** Makes a scorer out of its options and a function of them, read once for each spec. */
import { errorCodeOf } from "@colophon/kernel";
import type { ScorerSpec } from "../eval-case.ts";
import type { ScoreInput, ScoreOutcome, Scorer } from "../scorer.ts";
import { type OptionsOf, type OptionTable, readOptions } from "./option.ts";

export type ScoreAnswer = (input: ScoreInput) => ScoreOutcome | Promise<ScoreOutcome>;

export interface ScorerDefinition<Table extends OptionTable> {
  readonly name: string;
  readonly options: Table;
  /** What the options need that this run does not have; undefined for nothing. */
  lacks?(options: OptionsOf<Table>): string | undefined;
  /** @throws HarnessError for options that do not go together. */
  prepare(options: OptionsOf<Table>, spec: ScorerSpec): ScoreAnswer;
}

export function defineScorer<Table extends OptionTable>(definition: ScorerDefinition<Table>): Scorer {
  // A set has few specs and many answers.
  const prepared = new WeakMap<ScorerSpec, ScoreAnswer>();
  const answererOf = (spec: ScorerSpec): ScoreAnswer => {
    const known = prepared.get(spec);
    if (known !== undefined) return known;
    const made = definition.prepare(readOptions(spec, definition.options), spec);
    prepared.set(spec, made);
    return made;
  };
  return {
    name: definition.name,
    check: (spec) =>
      complaintOf(() => {
        answererOf(spec);
        return undefined;
      }),
    lacks: (spec) => complaintOf(() => definition.lacks?.(readOptions(spec, definition.options))),
    score: (spec, input) => answererOf(spec)(input),
  };
}

/** What was said or thrown; a bug is thrown on. */
function complaintOf(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return (error as Error).message;
  }
}
