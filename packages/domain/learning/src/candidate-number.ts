/** Reads `c3`, the name of a candidate. */
import { HarnessError } from "@colophon/kernel";

/**
 * @throws HarnessError `usage` for anything else.
 * @example
 * candidateNumber("c3"); // 3
 */
export function candidateNumber(text: string): number {
  const digits = /^c([1-9][0-9]{0,8})$/.exec(text)?.[1];
  if (digits !== undefined) return Number(digits);
  throw new HarnessError("usage", `"${text}" names no candidate: write it as c3.`);
}
