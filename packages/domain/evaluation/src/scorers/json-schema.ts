/** The scorer `json-schema`: the answer is JSON that fits a schema. */
import { errorCodeOf, type JsonSchema } from "@colophon/kernel";
import type { Scorer } from "../scorer.ts";
import { defineScorer } from "./define-scorer.ts";
import { ALLOW_FENCE } from "./json-valid.ts";
import { OBJECT, required } from "./option.ts";
import { parseJson } from "./parse-json.ts";
import { noScore, passes } from "./score-outcome.ts";

/**
 * Makes a check out of a schema (draft 2020-12): it says in words what does not fit, undefined for nothing.
 *
 * @throws HarnessError `schema-unsupported` for what is no schema; the check throws one where it cannot say.
 */
export type SchemaCheckerOf = (schema: JsonSchema) => (value: unknown) => string | undefined;

export function jsonSchemaScorer(checkerOf: SchemaCheckerOf): Scorer {
  return defineScorer({
    name: "json-schema",
    options: { schema: required(OBJECT), allowFence: ALLOW_FENCE },
    prepare({ schema, allowFence }) {
      const misfit = checkerOf(schema);
      return ({ text }) => {
        const parsed = parseJson(text, allowFence);
        if (!parsed.ok) return passes(false, parsed.why);
        try {
          const why = misfit(parsed.value);
          return passes(why === undefined, why ?? "");
        } catch (error) {
          // An answer that cannot be held against the schema is no bad answer.
          if (errorCodeOf(error) === undefined) throw error;
          return noScore((error as Error).message);
        }
      };
    },
  });
}
