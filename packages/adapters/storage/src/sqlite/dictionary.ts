/** Dictionaries of the ledger: small numbers for what repeats from row to row. */
import { BoundedMap } from "../shared/bounded-map.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { DICTIONARIES, type DictionaryName } from "./schema.ts";
import type { SqliteCore } from "./sqlite-core.ts";

const CACHE_ENTRIES = 5000;

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

export function createDictionaryWriter(
  core: Pick<SqliteCore, "prepare">,
  table: DictionaryName,
): DictionaryWriter {
  let root = new WordNode();
  let entries = 0;
  const find = `SELECT n FROM ${table} WHERE body = ?`;
  const insert = `INSERT INTO ${table} (body) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE body = ?)`;
  const lookUp = (body: string): number => {
    const found = core.prepare(find).get(body) as SqlRow | undefined;
    if (found !== undefined) return found.n as number;
    // Values are repeated rather than numbered: Node 22 takes ?1 for a name and binds it wrongly.
    core.prepare(insert).run(body, body);
    return (core.prepare(find).get(body) as SqlRow).n as number;
  };
  const clear = (): void => {
    root = new WordNode();
    entries = 0;
  };
  return {
    get root() {
      return root;
    },
    add(end, body) {
      const n = lookUp(JSON.stringify(body));
      // Walks of new values leave nodes behind; a tree that grew too big starts again.
      entries += 1;
      if (entries > CACHE_ENTRIES) clear();
      else end.number = n;
      return n;
    },
    clear,
  };
}

/** The reading side: an entry's parsed JSON by its number. */
export type DictionaryReader = (table: DictionaryName, n: number) => readonly unknown[];

export function createDictionaryReader(core: Pick<SqliteCore, "prepare">): DictionaryReader {
  const caches = Object.fromEntries(
    DICTIONARIES.map((table) => [table, new BoundedMap<number, readonly unknown[]>(CACHE_ENTRIES)]),
  ) as Record<DictionaryName, BoundedMap<number, readonly unknown[]>>;
  return (table, n) => {
    const cache = caches[table];
    const known = cache.get(n);
    if (known !== undefined) return known;
    const row = core.prepare(`SELECT body FROM ${table} WHERE n = ?`).get(n) as SqlRow | undefined;
    if (row === undefined) throw new Error(`Entry ${n} of dictionary ${table} is missing.`);
    const body = JSON.parse(row.body as string) as readonly unknown[];
    cache.set(n, body);
    return body;
  };
}
