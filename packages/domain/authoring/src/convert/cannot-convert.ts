/** Ends the conversion of one prompt: what cannot be taken, in which line, and what to write instead. */

/** Never leaves the import: the prompt is left out and the sentence is said. */
export class CannotConvert extends Error {
  /** Counted from 1; null where it is about the whole. */
  readonly line: number | null;

  constructor(sentence: string, line: number | null = null) {
    super(sentence);
    this.name = "CannotConvert";
    this.line = line;
  }
}

/** Tells the lines, counted from 1, of offsets that grow, in one pass over the text. */
export function linesOf(text: string): (offset: number) => number {
  let line = 1;
  let from = 0;
  return (offset) => {
    for (let end = text.indexOf("\n", from); end !== -1 && end < offset; end = text.indexOf("\n", from)) {
      line += 1;
      from = end + 1;
    }
    return line;
  };
}

const LONGEST = 60;

/** A piece of a source, short enough for a sentence. */
export function excerpt(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
