/** Texts as rules compare them: trimmed and in one letter case where the spec says so. */
import { defaulted, FLAG } from "./option.ts";

export const TRIM = defaulted(FLAG, true);
export const IGNORE_CASE = defaulted(FLAG, false);

export interface Plainness {
  readonly trim?: boolean;
  readonly ignoreCase: boolean;
}

/** Unicode's composed form always, so that the same letters are the same text. */
export function plainText(text: string, { trim = false, ignoreCase }: Plainness): string {
  const composed = text.normalize("NFC");
  const cased = ignoreCase ? composed.toLowerCase() : composed;
  return trim ? cased.trim() : cased;
}
