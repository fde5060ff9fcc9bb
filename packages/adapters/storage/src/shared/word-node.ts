/** The ledger's dictionaries as rows are packed into numbers and read back from them, whatever keeps them. */

/** What repeats from row to row, kept once as JSON and named by a small number. */
export const DICTIONARIES = ["version", "scope", "route", "model", "finish", "signal"] as const;
export type DictionaryName = (typeof DICTIONARIES)[number];

type Word = string | number | boolean | null | undefined;

/**
 * Where a row's values lead: a tree walked value by value. Strings that repeat carry their hash with
 * them, so the walk costs a fraction of joining them to one key.
 */
export class WordNode {
  number: number | undefined;
  readonly #next = new Map<Word, WordNode>();
  #lastWord: Word;
  #lastNode: WordNode | undefined;

  to(word: Word): WordNode {
    // Most rows say here what the row before them said, and comparing is cheaper than looking up.
    if (word === this.#lastWord && this.#lastNode !== undefined) return this.#lastNode;
    const node = this.#lookUp(word);
    this.#lastWord = word;
    this.#lastNode = node;
    return node;
  }

  #lookUp(word: Word): WordNode {
    let node = this.#next.get(word);
    if (node === undefined) {
      node = new WordNode();
      this.#next.set(word, node);
    }
    return node;
  }
}

/** The writing side of one dictionary. */
export interface DictionaryWriter {
  /** Where every walk begins. */
  readonly root: WordNode;
  /** The number of the entry at the end of a walk: known, looked up, or added. */
  add(end: WordNode, body: readonly unknown[]): number;
  clear(): void;
}

/** The reading side: an entry's parsed JSON by its number. */
export type DictionaryReader = (table: DictionaryName, n: number) => readonly unknown[];
