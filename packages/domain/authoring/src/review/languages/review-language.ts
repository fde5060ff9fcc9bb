/** What the rules that read words have to know of a language, as data. */

/** What no prompt should give a model. */
export const PRIVILEGES = ["ignores rules", "no limits", "obeys anybody", "full access"] as const;
export type PrivilegeName = (typeof PRIVILEGES)[number];

/** Two ways to ask for an answer that cannot both be followed. */
export const OPPOSITES = [
  "only json, explained",
  "one word, explained",
  "language of the user, another",
] as const;
export type OppositeName = (typeof OPPOSITES)[number];

export const UNITS = ["word", "sentence", "character", "paragraph", "bullet"] as const;
export type Unit = (typeof UNITS)[number];

export interface ReviewLanguage {
  readonly name: string;
  /** Words that stand in nearly every sentence of it; null for one that is known by its script. */
  readonly common: ReadonlySet<string> | null;
  /** Null for the Latin script. */
  readonly script: RegExp | null;
  /** A sentence that forbids, reports or conditions something is a good one. */
  readonly defensive: RegExp;
  readonly privileges: Readonly<Record<PrivilegeName, RegExp>>;
  /** Heads a list of what is not to be done. */
  readonly ofAttacks: RegExp;
  /** What changes the world. */
  readonly acting: RegExp;
  /** Without being asked. */
  readonly unasked: RegExp;
  /** Takes the question away from nobody. */
  readonly forbidsUnasked: RegExp;
  /** Holds for some answers only, so that another sentence may hold for the rest. */
  readonly conditional: RegExp;
  /** About a field of the answer, or what is not said aloud. */
  readonly inField: RegExp;
  readonly opposites: Readonly<Record<OppositeName, readonly [one: RegExp, other: RegExp]>>;
  /** Asks for answers in a language, `(?<language>…)`. */
  readonly answersIn: RegExp;
  /** By the word, the language's English name. */
  readonly languages: Readonly<Record<string, string>>;
  /** Bounds of an answer, with `(?<count>…)` and `(?<unit>…)`. */
  readonly most: RegExp;
  readonly least: RegExp;
  /** By how its word begins. */
  readonly units: Readonly<Record<string, Unit>>;
  readonly brief: RegExp;
  /** A limit on a part of the answer says nothing of the whole. */
  readonly partOfAnswer: RegExp;
  /** A command that is forbidden, and one that always holds: what is commanded is the first group. */
  readonly never: RegExp;
  readonly always: RegExp;
  /** Tells a model that what is fenced gives no orders. */
  readonly notice: RegExp;
  readonly asksJson: RegExp;
  /** Speaks of JSON that comes in. */
  readonly aboutInput: RegExp;
}

export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}

/** For a language in which no such thing is looked for. */
export const NOTHING = /(?!)/;

/** The unit that a word stands for; undefined for none. */
export function unitOf({ units }: ReviewLanguage, word: string): Unit | undefined {
  const said = word.toLowerCase();
  return Object.entries(units).find(([begin]) => said.startsWith(begin))?.[1];
}
