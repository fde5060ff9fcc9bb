/** Reads how long a prompt wants its answer. */

export type LengthReading =
  | { readonly kind: "sentences" | "words" | "bullets"; readonly count: number }
  | { readonly kind: "open" };

const NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const COUNT = `(\\d{1,4}|${NUMBERS.join("|")}|a single|a)`;
const KINDS = [
  ["bullets", "(?:short )?(?:bullet points?|bullets?|points|key points)"],
  ["words", "words?"],
  ["sentences", "(?:short |brief |concise |complete )?sentences?"],
] as const;

function countOf(word: string): number {
  const spelled = NUMBERS.indexOf(word.toLowerCase()) + 1;
  if (spelled > 0) return spelled;
  return /^a\b/i.test(word) ? 1 : Number(word);
}

/** "in two sentences", "at most 20 words", "as 3 bullet points", "a one-sentence summary". */
export function readLength(instructions: string): LengthReading {
  for (const [kind, unit] of KINDS) {
    const count = new RegExp(`\\b${COUNT}[ -]${unit}\\b`, "i").exec(instructions)?.[1];
    if (count !== undefined && countOf(count) > 0) return { kind, count: countOf(count) };
  }
  return { kind: "open" };
}
