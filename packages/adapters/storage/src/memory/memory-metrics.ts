/** Metrics of a memory ledger, added up whenever they are asked for. */
import {
  type Execution,
  type MetricFilter,
  type MetricSums,
  type OutcomeSource,
  type OutcomeValue,
  sketchOf,
} from "@colophon/kernel";
import type { MemoryState } from "./memory-state.ts";

const HOUR_MS = 3_600_000;
const HOURS_PER_DAY = 24;

/** One measured value of a call. */
interface Measured {
  readonly metric: string;
  readonly source: OutcomeSource | null;
  readonly value: OutcomeValue;
}

export function listMemoryMetrics(state: MemoryState, filter: MetricFilter): readonly MetricSums[] {
  const groups = new Map<string, readonly [Omit<MetricSums, keyof Sums>, OutcomeValue[]]>();
  for (const row of state.executions.values()) {
    if (!fits(row, filter)) continue;
    for (const { metric, source, value } of measuredOf(state, row)) {
      const key = { ...keyOf(row, filter), metric, source };
      const place = JSON.stringify(key);
      const known = groups.get(place);
      if (known === undefined) groups.set(place, [key, [value]]);
      else known[1].push(value);
    }
  }
  return [...groups.values()]
    .map(([key, values]) => ({ ...key, ...sumsOf(values) }))
    .sort((a, b) => (a.hour ?? 0) - (b.hour ?? 0));
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS);
}

function fits(row: Execution, { prompt, environment, purpose, since, until }: MetricFilter): boolean {
  const hour = hourOf(row.at);
  return (
    (since === undefined || hour >= hourOf(since)) &&
    (until === undefined || hour < hourOf(until)) &&
    (prompt === undefined || row.prompt === prompt) &&
    (environment === undefined || row.environment === environment) &&
    (purpose === undefined || row.purpose === purpose)
  );
}

function measuredOf(state: MemoryState, row: Execution): readonly Measured[] {
  const { latency, firstToken, outputLength, tokens } = row;
  const values = {
    latency,
    firstToken,
    outputLength,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
  };
  const ofRow = Object.entries(values).flatMap(([metric, value]) =>
    value === null ? [] : [{ metric, source: null, value }],
  );
  const outcomes = state.outcomesByExecution.get(row.id) ?? [];
  return [...ofRow, ...outcomes.map(({ name, source, value }) => ({ metric: name, source, value }))];
}

function keyOf(row: Execution, { by = "hour" }: MetricFilter) {
  const { prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider } = row;
  const ofDay = hourOf(row.at) - (hourOf(row.at) % HOURS_PER_DAY);
  return {
    ...{ prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider },
    hour: { hour: hourOf(row.at), day: ofDay, window: null }[by],
  };
}

type Sums = Pick<MetricSums, "count" | "sum" | "sumOfSquares" | "sketch">;

function sumsOf(values: readonly OutcomeValue[]): Sums {
  const amounts = values.map((value) => (typeof value === "string" ? 0 : Number(value)));
  const numbers = values.filter((value) => typeof value === "number");
  return {
    count: values.length,
    sum: amounts.reduce((sum, amount) => sum + amount, 0),
    sumOfSquares: amounts.reduce((sum, amount) => sum + amount * amount, 0),
    sketch: numbers.length === 0 ? null : sketchOf(numbers),
  };
}
