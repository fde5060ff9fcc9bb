/** The ledger's dictionaries on PostgreSQL: new words are gathered and added together, known ones are kept in memory. */
import { BoundedMap } from "../shared/bounded-map.ts";
import { fromHex } from "../shared/bytes.ts";
import { fastHash } from "../shared/fast-hash.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import {
  DICTIONARIES,
  type DictionaryName,
  type DictionaryReader,
  type DictionaryWriter,
  WordNode,
} from "../shared/word-node.ts";
import type { Connection } from "./postgres-core.ts";

const CACHE_ENTRIES = 5000;
/** Stands for the number of a word that is not known yet. */
const NO_NUMBER = 0;
const LEAD_BYTES = 8;

type Query = Pick<Connection, "query">;

function kindNumber(name: DictionaryName): number {
  return DICTIONARIES.indexOf(name);
}

/** By this versions of one prompt are found; it is no secret, and may be shared by others. */
function leadOf(first: unknown): Buffer {
  return fromHex(fastHash(JSON.stringify(first))).subarray(0, LEAD_BYTES);
}

interface PendingWord {
  readonly kind: number;
  readonly body: string;
  readonly lead: Buffer;
  readonly ends: WordNode[];
}

/** The writing side of all dictionaries. */
export class WordWriter {
  readonly words: Readonly<Record<DictionaryName, DictionaryWriter>>;
  readonly #pending = new Map<string, PendingWord>();
  readonly #roots = new Map<DictionaryName, WordNode>();
  #entries = 0;

  constructor() {
    this.words = Object.fromEntries(DICTIONARIES.map((name) => [name, this.#writerOf(name)])) as Record<
      DictionaryName,
      DictionaryWriter
    >;
    this.clear();
  }

  /** Whether words were met that have no number yet; what was packed meanwhile is to be packed again. */
  get hasNew(): boolean {
    return this.#pending.size > 0;
  }

  clear(): void {
    for (const name of DICTIONARIES) this.#roots.set(name, new WordNode());
    this.#pending.clear();
    this.#entries = 0;
  }

  /** Gives every new word its number; processes that meet here agree on one. */
  async addNew({ query }: Query): Promise<void> {
    const digests = [...this.#pending.keys()].sort();
    const words = digests.map((digest) => this.#pending.get(digest) as PendingWord);
    this.#pending.clear();
    const kinds = words.map(({ kind }) => kind);
    const bytes = digests.map((digest) => fromHex(digest.slice(digest.indexOf(":") + 1)));
    await query(
      `INSERT INTO @schema.word (kind, digest, lead, body)
       SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::bytea[], $4::text[]) ON CONFLICT DO NOTHING`,
      [kinds, bytes, words.map(({ lead }) => lead), words.map(({ body }) => body)],
    );
    const rows = await query(
      `SELECT known.n, asked.place FROM unnest($1::smallint[], $2::bytea[]) WITH ORDINALITY AS asked (kind, digest, place)
       CROSS JOIN LATERAL (SELECT n FROM @schema.word
         WHERE kind = asked.kind AND digest = asked.digest LIMIT 1) AS known`,
      [kinds, bytes],
    );
    for (const row of rows) {
      for (const end of (words[(row.place as number) - 1] as PendingWord).ends) end.number = row.n as number;
    }
    this.#entries += words.length;
  }

  /** Walks of new values leave nodes behind; a tree that grew too big starts again. */
  trim(): void {
    if (this.#entries > CACHE_ENTRIES) this.clear();
  }

  #writerOf(name: DictionaryName): DictionaryWriter {
    const roots = this.#roots;
    const kind = kindNumber(name);
    return {
      get root() {
        return roots.get(name) as WordNode;
      },
      add: (end, body) => {
        const json = JSON.stringify(body);
        const digest = `${kind}:${fastHash(json)}`;
        const known = this.#pending.get(digest);
        if (known === undefined) {
          this.#pending.set(digest, { kind, body: json, lead: leadOf(body[0]), ends: [end] });
        } else known.ends.push(end);
        return NO_NUMBER;
      },
      clear: () => this.clear(),
    };
  }
}

/** The reading side: words are fetched before rows that refer to them are read. */
export class WordReader {
  readonly #bodies = new BoundedMap<number, readonly unknown[]>(CACHE_ENTRIES * DICTIONARIES.length);

  /** Fetches what these rows refer to, by the names of their columns, and gives what reads it. */
  async know(
    { query }: Query,
    rows: Iterable<SqlRow>,
    columns: readonly DictionaryName[],
  ): Promise<DictionaryReader> {
    const known = new Map<number, readonly unknown[]>();
    const missing = new Set<number>();
    for (const row of rows) {
      for (const column of columns) {
        const n = row[column] as number | undefined;
        if (n === undefined || known.has(n) || missing.has(n)) continue;
        const body = this.#bodies.get(n);
        if (body === undefined) missing.add(n);
        else known.set(n, body);
      }
    }
    if (missing.size > 0) {
      for (const row of await query("SELECT n, body FROM @schema.word WHERE n = ANY($1::int[])", [
        [...missing],
      ])) {
        const body = JSON.parse(row.body as string) as readonly unknown[];
        known.set(row.n as number, body);
        this.#bodies.set(row.n as number, body);
      }
    }
    return (name, n) => {
      const body = known.get(n);
      if (body === undefined) throw new Error(`Entry ${n} of dictionary ${name} is missing.`);
      return body;
    };
  }
}

/** Numbers of the words of a dictionary that fit; where their first value is known, by the index of that. */
export async function wordNumbers(
  { query }: Query,
  name: DictionaryName,
  { first, fits }: { readonly first?: unknown; readonly fits: (body: readonly unknown[]) => boolean },
): Promise<readonly number[]> {
  const rows =
    first === undefined
      ? await query("SELECT n, body FROM @schema.word WHERE kind = $1", [kindNumber(name)])
      : await query("SELECT n, body FROM @schema.word WHERE kind = $1 AND lead = $2", [
          kindNumber(name),
          leadOf(first),
        ]);
  return rows
    .filter((row) => fits(JSON.parse(row.body as string) as readonly unknown[]))
    .map((row) => row.n as number);
}
