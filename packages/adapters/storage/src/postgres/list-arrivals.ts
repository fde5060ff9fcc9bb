/** Lists rows and outcomes in the order in which they came in, page by page. */
import type { ArrivalFilter, Arrivals, ArrivedOutcome, Execution } from "@colophon/kernel";
import { type ArrivalPlace, placeOfCursor } from "../shared/arrival-place.ts";
import {
  type ArrivalSource,
  type Numbered,
  type NumberRange,
  pageArrivals,
} from "../shared/page-arrivals.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import {
  EXECUTION_SELECT,
  EXECUTION_WORDS,
  executionOf,
  OUTCOME_WORDS,
  outcomeOf,
  readExecutions,
} from "./execution-rows.ts";
import { ledgerEnds } from "./ledger-ends.ts";
import { versionNumbers } from "./list-executions.ts";
import { firstIdAt } from "./partitions.ts";
import { type Connection, FEW_ROWS, type PostgresCore, type SqlParameter } from "./postgres-core.ts";
import type { WordReader } from "./word-book.ts";

export function listArrivals(
  core: PostgresCore,
  reader: WordReader,
  filter: ArrivalFilter,
): Promise<Arrivals> {
  return core.reading(async (connection) => {
    const { execution: executions, outcome: outcomes } = await ledgerEnds(connection);
    const end: ArrivalPlace = { executions, outcomes };
    const from =
      filter.after === undefined
        ? await beginning(connection, filter, end)
        : placeOfCursor(filter.after, end);
    const source = new ReadAheadSource({
      connection,
      reader,
      versions: await versionsOf(connection, filter),
      end,
    });
    // What a page asks for depends on what it found before: it is made again until it asks for nothing new.
    for (;;) {
      const page = pageArrivals(source, from, filter.limit);
      if (await source.readAhead()) return page;
    }
  }, FEW_ROWS);
}

async function versionsOf(
  connection: Connection,
  { prompts }: ArrivalFilter,
): Promise<readonly number[] | undefined> {
  if (prompts === undefined) return undefined;
  const versions: number[] = [];
  for (const prompt of new Set(prompts))
    versions.push(...((await versionNumbers(connection, { prompt })) ?? []));
  return versions;
}

/** Before the first row of a call that started at `since` or later, and before the first outcome given since then. */
async function beginning(
  { query }: Connection,
  { since }: ArrivalFilter,
  end: ArrivalPlace,
): Promise<ArrivalPlace> {
  if (since === undefined) return { executions: 0, outcomes: 0 };
  const [row] = await query(
    `SELECT (SELECT min(n) - 1 FROM @schema.execution WHERE id >= $1) AS executions,
     (SELECT min(n) - 1 FROM @schema.outcome WHERE at >= $2) AS outcomes`,
    [firstIdAt(since), Math.ceil(since)],
  );
  return {
    executions: (row?.executions as number | null) ?? end.executions,
    outcomes: (row?.outcomes as number | null) ?? end.outcomes,
  };
}

interface SourceParts {
  readonly connection: Connection;
  readonly reader: WordReader;
  /** Only rows of these versions; all of them where undefined. */
  readonly versions: readonly number[] | undefined;
  readonly end: ArrivalPlace;
}

type Outcomes = readonly Numbered<ArrivedOutcome>[];

/** Answers what it has read, notes what it has not, and reads that between two tries. */
class ReadAheadSource implements ArrivalSource {
  readonly end: ArrivalPlace;
  readonly #parts: SourceParts;
  #rows: readonly Numbered<Execution>[] | undefined;
  #early: ReadonlyMap<number, Outcomes> | undefined;
  #late: Outcomes | undefined;
  #wanted: (() => Promise<void>) | undefined;

  constructor(parts: SourceParts) {
    this.#parts = parts;
    this.end = parts.end;
  }

  executions(range: NumberRange, limit: number): readonly Numbered<Execution>[] {
    if (this.#rows === undefined) this.#want(() => this.#readRows(range, limit));
    return this.#rows ?? [];
  }

  outcomesOf({ n }: Numbered<Execution>, upTo: number): Outcomes {
    if (this.#early === undefined) this.#want(() => this.#readEarly(upTo));
    return this.#early?.get(n) ?? [];
  }

  outcomes(range: NumberRange, lastRow: number, limit: number): Outcomes {
    // Before all rows of the page are known, its last one is not.
    if (this.#wanted !== undefined) return [];
    if (this.#late === undefined) this.#want(() => this.#readLate(range, lastRow, limit));
    return this.#late ?? [];
  }

  /** @returns whether there was nothing left to read. */
  async readAhead(): Promise<boolean> {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    await wanted?.();
    return wanted === undefined;
  }

  #want(read: () => Promise<void>): void {
    this.#wanted ??= read;
  }

  /** The condition that rows fit what is asked for, with its value behind those that come before. */
  #fits(before: readonly SqlParameter[]): { readonly sql: string; readonly values: readonly SqlParameter[] } {
    const { versions } = this.#parts;
    if (versions === undefined) return { sql: "", values: before };
    return { sql: `AND e.version = ANY($${before.length + 1}::int[])`, values: [...before, versions] };
  }

  async #readRows({ after, upTo }: NumberRange, limit: number): Promise<void> {
    const { connection, reader } = this.#parts;
    const { sql, values } = this.#fits([after, upTo, limit]);
    const rows = await connection.query(
      `${EXECUTION_SELECT} WHERE e.n > $1 AND e.n <= $2 ${sql} ORDER BY e.n LIMIT $3`,
      values,
    );
    const words = await reader.know(connection, rows, EXECUTION_WORDS);
    this.#rows = rows.map((row) => ({ n: row.n as number, value: executionOf(row, words) }));
  }

  /** The outcomes up to a number of all rows of the page, at once. */
  async #readEarly(upTo: number): Promise<void> {
    const executions = new Map((this.#rows ?? []).map(({ n, value }) => [value.id as string, { n, value }]));
    const rows = await this.#parts.connection.query(
      `SELECT o.*, w.id AS writer_id FROM @schema.outcome o LEFT JOIN @schema.writer w ON w.n = o.writer
       WHERE o.execution = ANY($1::uuid[]) AND o.n <= $2 ORDER BY o.n`,
      [[...executions.keys()], upTo],
    );
    const outcomes = await this.#arrived(
      rows,
      new Map([...executions].map(([id, { value }]) => [id, value])),
    );
    this.#early = Map.groupBy(
      outcomes,
      ({ value }) => (executions.get(value.execution.id) as { readonly n: number }).n,
    );
  }

  async #readLate({ after, upTo }: NumberRange, lastRow: number, limit: number): Promise<void> {
    const { connection, reader } = this.#parts;
    const { sql, values } = this.#fits([after, upTo, lastRow, limit]);
    const rows = await connection.query(
      `SELECT o.*, w.id AS writer_id FROM @schema.outcome o JOIN @schema.execution e ON e.id = o.execution
         LEFT JOIN @schema.writer w ON w.n = o.writer
       WHERE o.n > $1 AND o.n <= $2 AND e.n <= $3 ${sql} ORDER BY o.n LIMIT $4`,
      values,
    );
    const ids = [...new Set(rows.map(({ execution }) => execution as string))];
    this.#late = await this.#arrived(rows, await readExecutions(connection, reader, ids));
  }

  async #arrived(rows: readonly SqlRow[], executions: ReadonlyMap<string, Execution>): Promise<Outcomes> {
    const { connection, reader } = this.#parts;
    const words = await reader.know(connection, rows, OUTCOME_WORDS);
    return rows.map((row) => ({
      n: row.n as number,
      value: {
        outcome: outcomeOf(row, words),
        execution: executions.get(row.execution as string) as Execution,
      },
    }));
  }
}
