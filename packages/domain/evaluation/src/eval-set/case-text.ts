/** The words of a case, to be held against other texts. */
import type { EvalCase } from "../eval-case.ts";

/** All texts in the variables, in the order of their names, one under the other. */
export function variablesText(variables: Readonly<Record<string, unknown>>): string {
  return textsIn(variables).join("\n");
}

/** Numbers count as well, true and false do not. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value)
    .sort()
    .flatMap((name) => textsIn((value as Readonly<Record<string, unknown>>)[name]));
}

/** What of a case must not stand in a body: each text of its variables, and a reference that answers it. */
export function tellingTexts({ variables, expected }: EvalCase): readonly string[] {
  return [...textsIn(variables), ...(expected.kind === "reference" ? [expected.value] : [])];
}
