/** Turns text into stems: the only evidence the simulated model has of what a text is about. */

const STOP_WORDS = new Set(
  `a about after again all also am an and any are as at be because been before being both but by can could
  did do does doing done down during each either else even ever every few for from get gets getting give
  given go going got had has have having he hello her here hi him his how i if in into is it its just let
  like ll made make many may me might more most much must my need no nor not now of off ok okay on once one
  only or our out over please quite rather re really s say she should since so some still such t than thank
  thanks that the their them then there these they thing this those though to too under until up us use used
  using ve very via was we well were what when where whether which while who whom why will with would yes yet
  you your everything something anything nothing someone anyone everyone`.split(/\s+/),
);

const IRREGULAR: Readonly<Record<string, string>> = {
  paid: "pay",
  payment: "pay",
  broke: "break",
  broken: "break",
  froze: "freez",
  frozen: "freez",
  freeze: "freez",
  freezes: "freez",
  lost: "lose",
  sent: "send",
  bought: "buy",
  died: "die",
  dies: "die",
  news: "news",
  business: "business",
};

const SUFFIXES = [
  "ations",
  "ation",
  "ments",
  "ment",
  "ings",
  "ing",
  "ied",
  "ies",
  "ed",
  "es",
  "ly",
  "s",
  "e",
];

/** The stem of one lower-case word, by a short suffix list: "invoices", "invoiced" → "invoic". */
export function stemOf(word: string): string {
  const irregular = IRREGULAR[word];
  if (irregular !== undefined) return irregular;
  if (word.endsWith("ss")) return word;
  const suffix = SUFFIXES.find((end) => word.endsWith(end) && word.length - end.length >= 3);
  if (suffix === undefined) return word;
  const base = word.slice(0, word.length - suffix.length);
  if (suffix === "ies" || suffix === "ied") return `${base}y`;
  const doubled = /([bdgmnprt])\1$/.test(base) && base.length > 3;
  const short = doubled ? base.slice(0, -1) : base;
  return short.endsWith("e") ? short.slice(0, -1) : short;
}

/** The words of a text in order, lower case, with letters and digits of any script. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/[’']/g, "")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** The distinct stems of a text that carry meaning (stop words left out). */
export function stemsOf(text: string): ReadonlySet<string> {
  const stems = new Set<string>();
  for (const word of wordsOf(text)) if (!STOP_WORDS.has(word)) stems.add(stemOf(word));
  return stems;
}

/** The first words of the text whose stems are wanted, as they are written there, for a reason given in an answer. */
export function wordsWithStems(text: string, wanted: ReadonlySet<string>): readonly string[] {
  const found = new Map<string, string>();
  for (const word of wordsOf(text)) {
    const stem = stemOf(word);
    if (wanted.has(stem) && !found.has(stem)) found.set(stem, word);
  }
  return [...found.values()];
}

/** Splits a text into sentences, at line ends too. */
export function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

export function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
