/** Lists the metrics that PostgreSQL keeps, with what is not folded yet: exact at the moment of asking. */
import { HarnessError, type MetricFilter, type MetricSums } from "@colophon/kernel";
import { fillSpan, type Span, type SpanPiece } from "../shared/cut-span.ts";
import { type MetricKey, rowMetric } from "../shared/metric-groups.ts";
import { createMetricList, type ReadGroup } from "../shared/metric-list.ts";
import { type MetricsByNumber, unpackMetrics } from "../shared/packed-metrics.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import { HOUR_MS } from "../shared/units.ts";
import { METRICS_BY_DAY, METRICS_BY_HOUR, type MetricTable, measuredEnds } from "./fold-metrics.ts";
import type { LedgerEnds } from "./ledger-ends.ts";
import { scopeNumbers, Values, versionNumbers } from "./list-executions.ts";
import { type MetricValues, metricsByHour } from "./metric-reads.ts";
import type { Connection, PostgresCore } from "./postgres-core.ts";
import { spanOf } from "./read-sums.ts";
import type { WordReader } from "./word-book.ts";

interface Parts {
  readonly core: PostgresCore;
  readonly reader: WordReader;
}

/** Numbers of versions and scopes; undefined for all. */
interface Places {
  readonly versions: readonly number[] | undefined;
  readonly scopes: readonly number[] | undefined;
}

export function listMetrics({ core, reader }: Parts, filter: MetricFilter): Promise<readonly MetricSums[]> {
  return core.reading(async (connection) => {
    const found = await readMetrics(connection, filter, core.place);
    const words = await reader.know(connection, found.flatMap(wordsOf), [
      "version",
      "scope",
      "model",
      "signal",
    ]);
    const metrics = createMetricList(words, filter);
    for (const group of found) metrics.add(group);
    return metrics.list();
  });
}

/** Everything of a group that a dictionary names, as rows that refer to it. */
function wordsOf(group: ReadGroup): readonly SqlRow[] {
  const { version, scope, model } = group.key;
  const signals = [...group.metrics.keys()].filter((number) => rowMetric(number) === undefined);
  return [{ version, scope, model }, ...signals.map((signal) => ({ signal }))];
}

async function readMetrics(
  connection: Connection,
  filter: MetricFilter,
  place: string,
): Promise<readonly ReadGroup[]> {
  const { prompt, environment, purpose } = filter;
  const places: Places = {
    versions: prompt === undefined ? undefined : await versionNumbers(connection, { prompt }),
    scopes: await scopeNumbers(connection, {
      ...(environment === undefined ? undefined : { environment }),
      ...(purpose === undefined ? undefined : { purpose }),
    }),
  };
  const span = await spanOf(connection, { since: floorHour(filter.since), until: floorHour(filter.until) });
  const ends = await measuredEnds(connection, place);
  const tables = (filter.by ?? "hour") === "hour" ? [METRICS_BY_HOUR] : [METRICS_BY_DAY, METRICS_BY_HOUR];
  const units = tables.map(({ unit }) => unit);
  const found: ReadGroup[] = [];
  for (const piece of fillSpan(span, units)) {
    // Ends lie on whole hours, so every piece consists of units.
    const table = tables.find(({ unit }) => unit === piece.unit) as MetricTable;
    for (const row of await unitRows(connection, { table, places, piece })) {
      found.push({ key: keyOf(row), metrics: unpackStored(row, place), unit: table.unit });
    }
  }
  for (const group of await metricsByHour(connection, unfolded(places, span, ends))) {
    found.push({ ...group, unit: HOUR_MS });
  }
  return found;
}

function floorHour(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time - (time % HOUR_MS);
}

function keyOf({ version, slot, scope, model }: SqlRow): MetricKey {
  return { version, slot, scope, model } as unknown as MetricKey;
}

function unitRows(
  { query }: Connection,
  {
    table,
    places,
    piece,
  }: { readonly table: MetricTable; readonly places: Places; readonly piece: SpanPiece },
): Promise<readonly SqlRow[]> {
  const { name, unit } = table;
  const values = new Values();
  const conditions = [
    `row.slot >= ${values.place(piece.from / unit)}`,
    `row.slot < ${values.place(piece.until / unit)}`,
    ...conditionsOf(places, values),
  ];
  return query(`SELECT * FROM @schema.${name} AS row WHERE ${conditions.join(" AND ")}`, values.list);
}

function conditionsOf({ versions, scopes }: Places, values: Values): readonly string[] {
  return [
    ...(versions === undefined ? [] : [`row.version = ANY(${values.place(versions)}::int[])`]),
    ...(scopes === undefined ? [] : [`row.scope = ANY(${values.place(scopes)}::int[])`]),
  ];
}

function unpackStored({ metrics }: SqlRow, place: string): MetricsByNumber {
  try {
    return unpackMetrics(metrics as Uint8Array);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const sentence = `The store ${place} has metrics that cannot be read; restore it from a backup.`;
    throw new HarnessError("store-corrupt", sentence, { cause });
  }
}

/** Values that are in no sum yet: of rows, of outcomes, and of outcomes that came before their rows. */
function unfolded(places: Places, span: Span, ends: LedgerEnds): readonly MetricValues[] {
  const { execution, outcome } = ends;
  const within = (values: Values, ...conditions: readonly string[]): string =>
    [
      ...conditions,
      `row.at >= ${values.place(span.from)}`,
      `row.at < ${values.place(span.until)}`,
      ...conditionsOf(places, values),
    ].join(" AND ");
  const [rows, late, early] = [new Values(), new Values(), new Values()];
  return [
    { of: "rows", where: within(rows, `row.n > ${rows.place(execution)}`), values: rows.list },
    { of: "outcomes", where: within(late, `said.n > ${late.place(outcome)}`), values: late.list },
    {
      of: "outcomes",
      where: within(early, `row.n > ${early.place(execution)}`, `said.n <= ${early.place(outcome)}`),
      values: early.list,
    },
  ];
}
