/** Dictionaries of the ledger: small numbers for what repeats from row to row. */
import { BoundedMap } from "../shared/bounded-map.ts";
import {
  DICTIONARIES,
  type DictionaryName,
  type DictionaryReader,
  type DictionaryWriter,
  WordNode,
} from "../shared/word-node.ts";
import type { SqlRow } from "./node-sqlite.ts";
import type { SqliteCore } from "./sqlite-core.ts";

const CACHE_ENTRIES = 5000;

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
