/** The eval set that a prompt's metadata name. */
import { HarnessError } from "@colophon/kernel";

/** @throws HarnessError `usage` where none is. */
export function linkedSet(evalSet: string | null | undefined, key: string): string {
  if (evalSet !== null && evalSet !== undefined) return evalSet;
  throw new HarnessError(
    "usage",
    `${key} names no eval set; add --set NAME, or name one in the prompt's metadata.`,
  );
}
