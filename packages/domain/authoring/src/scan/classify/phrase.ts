/** A way of saying something, and the feature that it shows. */
import type { FeatureName } from "./feature-weights.ts";

export interface Phrase {
  readonly feature: FeatureName;
  readonly pattern: RegExp;
}

/** Where a sentence, a line or an entry of a list begins. */
const START = String.raw`(?:^|[.!?:;>)\]"”,][ \n]+|\n[ \t]*(?:[-*•#>]+[ \t]*|\d+[.)][ \t]*|[a-z][.)][ \t]*)?)`;

const SENTENCE = String.raw`(?:^|[.!?:>)\]"”][ \n]+|\n[ \t]*(?:[-*•#>]+[ \t]*|\d+[.)][ \t]*|[a-z][.)][ \t]*)?)`;

/** The pattern at the beginning of a sentence or line, or of a part of it, in any case. */
export function atStart(pattern: string): RegExp {
  return new RegExp(`${START}(?:${pattern})`, "i");
}

/** The pattern at the beginning of a sentence, line or entry, and not after a comma or semicolon. */
export function atSentence(pattern: string): RegExp {
  return new RegExp(`${SENTENCE}(?:${pattern})`, "i");
}

/** The pattern at the beginning of a sentence or line, and after a colon in capitals alone; in no question. */
export function asStatement(pattern: string): RegExp {
  const start = String.raw`(?:^|[.!?>)\]"”][ \n]+|\n[ \t]*(?:[-*•#>]+[ \t]*|\d+[.)][ \t]*)?|: ?\n?(?-i:(?=\p{Lu})))`;
  return new RegExp(`${start}(?:${pattern})(?![^.!\\n]{0,120}\\?)`, "iu");
}

/** The pattern as whole words, in any case and any script. */
export function asWords(pattern: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${pattern})(?![\p{L}\p{N}_])`, "iu");
}

/** The pattern at the beginning of a sentence or line, as whole words in any script. */
export function wordsAtStart(pattern: string): RegExp {
  return new RegExp(String.raw`${START}(?:${pattern})(?![\p{L}\p{N}_])`, "iu");
}
