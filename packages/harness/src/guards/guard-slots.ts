/** What a metric did in the past, in slots of time: from rows where they reach back far enough, else from sums. */
import { metricKind, outcomeValue, priceExecution, rowValue } from "@colophon/delivery";
import type { EpochMs, Execution, MetricSums, Outcome, PriceBook, Rollup } from "@colophon/kernel";
import { pricedRollups } from "../costs/priced-sums.ts";
import type { Harness } from "../harness.ts";

export interface Slot {
  readonly index: number;
  readonly count: number;
  readonly sum: number;
}

/** The past of a metric, in slots of this many milliseconds. */
export interface MetricPast {
  readonly from: "rows" | "sums";
  readonly slot: number;
  readonly slots: readonly Slot[];
}

export interface PastScope {
  readonly key: string;
  readonly environment: string;
  readonly since: EpochMs;
  readonly until: EpochMs;
  /** Rows from which on sums are read instead; 50,000 unless given. */
  readonly mostRows?: number;
}

/** Rows and sums of the window, read once for all metrics. */
export interface PastReading {
  readonly rows: readonly { readonly row: Execution; readonly outcomes: readonly Outcome[] }[];
  /** True where the rows are all of the window. */
  readonly complete: boolean;
  readonly sums: readonly MetricSums[];
  readonly calls: Awaited<ReturnType<typeof pricedRollups>>;
  readonly book: PriceBook;
}

const HOUR_MS = 3_600_000;
/** Windows of rows slide in steps of a twelfth of their length. */
const STEPS = 12;
const MOST_ROWS = 50_000;

export async function readPast(harness: Harness, asked: PastScope, book: PriceBook): Promise<PastReading> {
  const { key, environment, since, until, mostRows = MOST_ROWS } = asked;
  const scope = { prompt: key, environment, since, until };
  const found = await harness.ledger.listExecutions({ ...scope, purpose: "serve", limit: mostRows });
  const complete = found.length < mostRows;
  if (!complete) {
    const sums = await harness.ledger.listMetrics({ ...scope, purpose: "serve", by: "hour" });
    const calls = (await pricedRollups(harness, { ...scope, by: "hour" }, book)).filter(
      ({ sum }) => sum.purpose === "serve",
    );
    return { rows: [], complete, sums, calls, book };
  }
  const outcomes = await harness.ledger.listOutcomes(found.map(({ id }) => id));
  const said = Map.groupBy<string, Outcome>(outcomes, ({ execution }) => execution);
  const rows = found.map((row) => ({ row, outcomes: said.get(row.id) ?? [] }));
  return { rows, complete, sums: [], calls: [], book };
}

/** Values as standing guards read them; of sums those of failed calls are among latencies, which rows leave out. */
export function metricPast(metric: string, window: number, past: PastReading): MetricPast {
  return past.complete ? pastOfRows(metric, window, past) : pastOfSums(metric, past);
}

function pastOfRows(metric: string, window: number, { rows, book }: PastReading): MetricPast {
  const slot = Math.max(1, Math.round(window / STEPS));
  const slots = new Slots();
  for (const { row, outcomes } of rows) {
    if (row.version === null) continue;
    const own = rowValue(metric, row, (execution) => priceExecution(execution, book));
    if (own !== null) slots.add(Math.floor(row.at / slot), { count: 1, sum: own });
    for (const outcome of outcomes) {
      const value = outcomeValue(metric, { outcome, execution: row });
      if (value !== null) slots.add(Math.floor(outcome.at / slot), { count: 1, sum: value });
    }
  }
  return { from: "rows", slot, slots: slots.list() };
}

/** Metrics that rows count, out of their sums. */
const COUNTED: Readonly<Record<string, (sum: Rollup) => { readonly count: number; readonly sum: number }>> = {
  errors: ({ calls, aborted, errors }) => ({ count: calls - aborted, sum: errors }),
  schemaOk: ({ schemaOk, schemaBad }) => ({ count: schemaOk + schemaBad, sum: schemaOk }),
  refused: ({ calls, errors, aborted, refused }) => ({
    count: Math.max(refused, calls - errors - aborted),
    sum: refused,
  }),
};

function pastOfSums(metric: string, { sums, calls }: PastReading): MetricPast {
  const slots = new Slots();
  const counted = COUNTED[metric];
  for (const { sum, cost } of calls) {
    if (sum.version === null) continue;
    const index = sum.hour ?? 0;
    if (counted !== undefined) slots.add(index, counted(sum));
    if (metric !== "cost" || cost.kind === "unpriced") continue;
    slots.add(index, { count: cost.kind === "priced" ? cost.billed : sum.calls, sum: cost.amount });
  }
  const [name, turned] = metric === "thumbsDown" ? ["thumbs", true] : [metric, false];
  const isAmount = metricKind(metric)?.kind === "amount";
  for (const one of counted === undefined ? sums : []) {
    // A row's amount and an outcome of the same name are different metrics.
    if (one.metric !== name || one.version === null || (one.source === null) !== isAmount) continue;
    slots.add(one.hour ?? 0, { count: one.count, sum: turned ? one.count - one.sum : one.sum });
  }
  return { from: "sums", slot: HOUR_MS, slots: slots.list() };
}

class Slots {
  readonly #slots = new Map<number, { count: number; sum: number }>();

  add(index: number, { count, sum }: { readonly count: number; readonly sum: number }): void {
    if (count === 0) return;
    const slot = this.#slots.get(index) ?? { count: 0, sum: 0 };
    this.#slots.set(index, slot);
    slot.count += count;
    slot.sum += sum;
  }

  list(): readonly Slot[] {
    return [...this.#slots].map(([index, sums]) => ({ index, ...sums }));
  }
}
