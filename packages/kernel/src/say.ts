/** What errors say: whole sentences, of which an edge bundle carries the facts alone. */
import type { ErrorCode } from "./errors.ts";

/**
 * The words of an error, or a piece of them. The edge bundle is built with `say-facts.ts` in the
 * place of this file, and without the words.
 */
export function say(words: TemplateStringsArray, ...facts: readonly (string | number)[]): string {
  return String.raw({ raw: words }, ...facts);
}

/** Words that what went wrong has to choose; the edge bundle leaves out the choice with them. */
export function words(choose: () => string): string {
  return choose();
}

/** The message of an error with that code. */
export function errorMessage(_code: ErrorCode, said: string): string {
  return said;
}
