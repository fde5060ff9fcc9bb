/** Lists rows and outcomes in the order in which they came in, page by page. */
import type { ArrivalFilter, Arrivals, ArrivedOutcome, Execution } from "@colophon/kernel";
import { type ArrivalPlace, placeOfCursor } from "../shared/arrival-place.ts";
import { unpackExecution } from "../shared/execution-codec.ts";
import { type ArrivalSource, type Numbered, pageArrivals } from "../shared/page-arrivals.ts";
import { unpackOutcome } from "../shared/unpack-outcome.ts";
import type { DictionaryReader } from "../shared/word-node.ts";
import { EXECUTION_SELECT } from "./execution-select.ts";
import { ledgerEnds } from "./fold-metrics.ts";
import type { SqlRow } from "./node-sqlite.ts";
import type { SqliteCore } from "./sqlite-core.ts";

export function listArrivals(core: SqliteCore, words: DictionaryReader, filter: ArrivalFilter): Arrivals {
  return core.reading(() => {
    const { execution: executions, outcome: outcomes } = ledgerEnds(core);
    const end: ArrivalPlace = { executions, outcomes };
    const from = filter.after === undefined ? beginning(core, filter, end) : placeOfCursor(filter.after, end);
    return pageArrivals(sourceOf(core, { words, prompts: filter.prompts, end }), from, filter.limit);
  });
}

/**
 * The number before the first row since a time, in order of arrival. The rows since then are looked
 * through in the index of times, which is a small part of reading them afterwards; a plus keeps SQLite
 * from walking all the rows before them instead.
 */
export function numberBeforeSql(table: "execution" | "outcome"): string {
  return `SELECT min(+n) - 1 AS n FROM ${table} WHERE at >= ?`;
}

/** Before the first row of a call that started at `since` or later, and before the first outcome given since then. */
function beginning(core: SqliteCore, { since }: ArrivalFilter, end: ArrivalPlace): ArrivalPlace {
  if (since === undefined) return { executions: 0, outcomes: 0 };
  const before = (table: "execution" | "outcome", otherwise: number): number => {
    const first = core.prepare(numberBeforeSql(table)).get(since) as SqlRow;
    return (first.n as number | null) ?? otherwise;
  };
  return {
    executions: before("execution", end.executions),
    outcomes: before("outcome", end.outcomes),
  };
}

interface SourceParts {
  readonly words: DictionaryReader;
  readonly prompts: readonly string[] | undefined;
  readonly end: ArrivalPlace;
}

const OUTCOMES = `SELECT said.*, w.id AS writer_id, row.n AS execution_n FROM`;
const WRITER = "LEFT JOIN writer AS w ON w.n = said.writer";

function sourceOf(core: SqliteCore, { words, prompts, end }: SourceParts): ArrivalSource {
  const fits =
    prompts === undefined
      ? ""
      : "AND +row.version IN (SELECT n FROM version WHERE prompt IN (SELECT value FROM json_each(?)))";
  const wanted = prompts === undefined ? [] : [JSON.stringify(prompts)];
  const selectRow = core.prepare(`${EXECUTION_SELECT} WHERE e.n = ?`);
  // The outcomes of one row share it.
  const known = new Map<number, Execution>();
  const rowOf = (n: number): Execution => {
    const row = known.get(n) ?? unpackExecution(selectRow.get(n) as SqlRow, words);
    known.set(n, row);
    return row;
  };
  const arrived = (row: SqlRow): Numbered<ArrivedOutcome> => ({
    n: row.n as number,
    value: { outcome: unpackOutcome(row, words), execution: rowOf(row.execution_n as number) },
  });
  return {
    end,
    executions: ({ after, upTo }, limit) =>
      core
        .prepare(
          `SELECT row.n FROM execution AS row WHERE row.n > ? AND row.n <= ? ${fits} ORDER BY row.n LIMIT ?`,
        )
        .all(after, upTo, ...wanted, limit)
        .map(({ n }) => ({ n: n as number, value: rowOf(n as number) })),
    outcomesOf: ({ n }, upTo) =>
      core
        .prepare(
          `${OUTCOMES} execution AS row CROSS JOIN outcome AS said
             ON said.execution_at = row.at AND said.execution_rest = row.rest ${WRITER}
           WHERE row.n = ? AND said.n <= ? ORDER BY said.n`,
        )
        .all(n, upTo)
        .map((row) => arrived(row as SqlRow)),
    outcomes: ({ after, upTo }, lastRow, limit) =>
      core
        .prepare(
          `${OUTCOMES} outcome AS said CROSS JOIN execution AS row
             ON row.at = said.execution_at AND row.rest = said.execution_rest ${WRITER}
           WHERE said.n > ? AND said.n <= ? AND +row.n <= ? ${fits} ORDER BY said.n LIMIT ?`,
        )
        .all(after, upTo, lastRow, ...wanted, limit)
        .map((row) => arrived(row as SqlRow)),
  };
}
