/** Cuts the words of a part into sentences, with where each begins. */
import { TAG_MARK, type TextPart } from "./reviewed-text.ts";

export interface Sentence {
  /** Without what marks a list's item, in one line. */
  readonly text: string;
  readonly offset: number;
  /** Whether it is always there: inside a block it is only there at times. */
  readonly isAlways: boolean;
  readonly part: TextPart;
}

/** A line that goes on in lower case was only wrapped. */
const END = /[.!?](?=\s|$)|[。！？]|;|\n(?!\s{0,40}[\p{Ll}(,])/gu;
const TAGS = new RegExp(`${TAG_MARK}+`, "g");
const ITEM = /^(?:[-*•+]|\d{1,3}[.)]|#{1,6})\s+/;

export function sentencesOf(part: TextPart): readonly Sentence[] {
  const { words } = part;
  const sentences: Sentence[] = [];
  let from = 0;
  const add = (to: number): void => {
    const raw = words.slice(from, to);
    const blank = raw.length - raw.trimStart().length;
    const text = raw.trim().replace(ITEM, "").replaceAll(TAGS, TAG_MARK).replaceAll(/\s+/g, " ");
    if (/\p{L}/u.test(text)) {
      sentences.push({ text, offset: from + blank, isAlways: part.isAlways(from + blank), part });
    }
    from = to;
  };
  for (const { index, 0: end } of words.matchAll(END)) add(index + end.length);
  add(words.length);
  return sentences;
}
