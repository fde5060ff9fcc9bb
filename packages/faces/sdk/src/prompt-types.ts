/** What prompts of the registry take and give, as `colophon types` declares it by key and version. */

/**
 * Empty here; a file of `colophon types` fills it in. What it does not name stays as open as it was.
 *
 * @example
 * declare module "colophon" {
 *   interface PromptTypes {
 *     "support.refund": { v7: { variables: { readonly ticket: string }; output: { readonly label: string } } };
 *   }
 * }
 */
export interface PromptTypes extends Record<never, never> {}

/** What is declared of a version; never for one that no file names. */
type Declared<Key, Version> = Key extends keyof PromptTypes
  ? Version extends keyof PromptTypes[Key]
    ? PromptTypes[Key][Version]
    : never
  : never;

/**
 * The variables of a version: any, where no file of `colophon types` names it.
 *
 * @example
 * import type { PromptVariables } from "colophon";
 *
 * const variables: PromptVariables<"support.refund", "v7"> = { ticket: "I was charged twice" };
 */
export type PromptVariables<Key extends string, Version extends string> = [Declared<Key, Version>] extends [
  never,
]
  ? Record<string, unknown>
  : Declared<Key, Version> extends { readonly variables: infer Variables }
    ? Variables
    : Record<string, unknown>;

/**
 * The answer of a version by its contract, a text where it has none; unknown where no file of `colophon types`
 * names it.
 *
 * @example
 * import type { PromptOutput } from "colophon";
 *
 * const answer = JSON.parse("{}") as PromptOutput<"support.refund", "v7">;
 */
export type PromptOutput<Key extends string, Version extends string> = [Declared<Key, Version>] extends [
  never,
]
  ? unknown
  : Declared<Key, Version> extends { readonly output: infer Output }
    ? Output
    : unknown;
