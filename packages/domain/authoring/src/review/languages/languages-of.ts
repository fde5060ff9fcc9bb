/** Tells which languages a text is written in, of those that the rules for words read, and what of it they do not. */
import { type ReviewedText, TAG_MARK, type TextPart } from "../reviewed-text.ts";
import { CHINESE } from "./chinese.ts";
import { DUTCH } from "./dutch.ts";
import { ENGLISH } from "./english.ts";
import { FRENCH } from "./french.ts";
import { GERMAN } from "./german.ts";
import { ITALIAN } from "./italian.ts";
import { JAPANESE } from "./japanese.ts";
import { PORTUGUESE } from "./portuguese.ts";
import type { ReviewLanguage } from "./review-language.ts";
import { SPANISH } from "./spanish.ts";

export const REVIEW_LANGUAGES: readonly ReviewLanguage[] = [
  ENGLISH,
  GERMAN,
  FRENCH,
  SPANISH,
  PORTUGUESE,
  ITALIAN,
  DUTCH,
  JAPANESE,
  CHINESE,
];
const LATIN = REVIEW_LANGUAGES.filter(({ script }) => script === null);

export interface ReadLanguages {
  /** English always, since its words stand in texts of every language. */
  readonly read: readonly ReviewLanguage[];
  /** In words, what the text seems to be in that nobody read; null where all of it was. */
  readonly unread: string | null;
}

/** Of the words of a language, so many different ones; fewer stand in other languages too. */
const DIFFERENT = 3;
/** Of all words of a text, so many stand in nearly every sentence of its language. */
const COMMON_SHARE = 0.15;
/** English prompts are often lists of nouns. */
const ENGLISH_SHARE = 0.06;
/** Of fewer words nobody knows a language. */
const FEWEST_WORDS = 12;
const FEWEST_LETTERS = 20;
/** Words in a row; lists of labels have no sentence of so many. */
const RUN = /[\p{Script=Latin}\p{M}'’-]+(?: [\p{Script=Latin}\p{M}'’-]+)*/gu;
const LONGEST_RUN = 5;
/** Of all letters, so many are no quotation. */
const LETTER_SHARE = 0.2;
/** Letters that none of the languages has, and words of two letters and more that have one. */
const FOREIGN =
  /\p{L}*[åæøłąęśźżćńčšžřěůőűğışțăđþðĺľŕāēīūģķļņėųįıạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹơư]\p{L}*/gu;
const FOREIGN_SHARE = 0.05;
const MOST_CHARACTERS = 100_000;

const OTHER_SCRIPTS = [
  ["Cyrillic", /\p{Script=Cyrillic}/gu],
  ["Korean", /\p{Script=Hangul}/gu],
  ["Arabic", /\p{Script=Arabic}/gu],
  ["Hebrew", /\p{Script=Hebrew}/gu],
  ["Greek", /\p{Script=Greek}/gu],
  ["Devanagari", /\p{Script=Devanagari}/gu],
  ["Thai", /\p{Script=Thai}/gu],
  ["another", /[^\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\P{L}]/gu],
] as const;

const KNOWN = new WeakMap<ReviewedText, Map<string | null, ReadLanguages>>();

/** Of the body, or of a translation, with its partials; told once for all rules. */
export function languagesIn(text: ReviewedText, locale: string | null): ReadLanguages {
  const known = KNOWN.get(text) ?? new Map<string | null, ReadLanguages>();
  KNOWN.set(text, known);
  const found = known.get(locale) ?? languagesOf(text.parts.filter((part) => part.locale === locale));
  known.set(locale, found);
  return found;
}

function languagesOf(parts: readonly Pick<TextPart, "words">[]): ReadLanguages {
  const text = parts
    .map(({ words }) => words.replaceAll(TAG_MARK, " "))
    .join("\n")
    .slice(0, MOST_CHARACTERS)
    .toLowerCase();
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const words = text.match(/[\p{Script=Latin}\p{M}]+/gu) ?? [];
  const counted = LATIN.map((language) => ({ language, ...commonOf(language, words) }));
  const latin = counted.filter(({ different }) => different >= DIFFERENT).map(({ language }) => language);
  const scripts = REVIEW_LANGUAGES.filter(({ script }) => script?.test(text) === true);
  const read = [...new Set([ENGLISH, ...latin, ...scripts])];
  const script = OTHER_SCRIPTS.find(([, pattern]) => {
    const count = text.match(pattern)?.length ?? 0;
    return count >= FEWEST_LETTERS && (count >= LETTER_SHARE * letters || hasLineOf(text, pattern));
  });
  if (script !== undefined) return { read, unread: `${script[0]} letters` };
  const longest = Math.max(0, ...(text.match(RUN) ?? []).map((run) => run.split(" ").length));
  if (longest < LONGEST_RUN || words.length < FEWEST_WORDS || words.join("").length < LETTER_SHARE * letters)
    return { read, unread: null };
  const isKnown = counted.some(
    ({ language, different, share }) =>
      different >= 2 && share >= (language === ENGLISH ? ENGLISH_SHARE : COMMON_SHARE),
  );
  const foreign = text.match(FOREIGN)?.length ?? 0;
  const isForeign = foreign >= DIFFERENT && foreign >= FOREIGN_SHARE * words.length;
  return { read, unread: isKnown && !isForeign ? null : "words that it does not know" };
}

/** A sentence that a text in another language ends with may say what nobody has read. */
function hasLineOf(text: string, pattern: RegExp): boolean {
  return text.split("\n").some((line) => {
    const count = line.match(pattern)?.length ?? 0;
    return count >= FEWEST_LETTERS && count * 2 >= (line.match(/\p{L}/gu)?.length ?? 0);
  });
}

function commonOf({ common }: ReviewLanguage, words: readonly string[]) {
  const found = words.filter((word) => common?.has(word) === true);
  return { different: new Set(found).size, share: words.length === 0 ? 0 : found.length / words.length };
}
