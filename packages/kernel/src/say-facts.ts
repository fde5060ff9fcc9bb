/** What errors say in an edge bundle: the facts of the sentence, and where its words are found. */
import type { ErrorCode } from "./errors.ts";

/** The facts that stood between the words, those that are empty left out. */
export function say(...facts: readonly (string | number)[]): string {
  return facts.filter((fact) => fact !== "").join(", ");
}

/** Never called there, only imported: the bundler leaves out what chooses words. */
export function words(): string {
  return "";
}

/** The message of an error with that code. */
export function errorMessage(code: ErrorCode, said: string): string {
  const where = `${code}: see Colophon's docs/errors.md`;
  return said === "" ? where : `${said} (${where})`;
}
