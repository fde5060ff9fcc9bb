/** The metrics that a list of rows and outcomes should come to, worked out the long way. */
import {
  type Execution,
  type MetricFilter,
  type MetricSums,
  type Outcome,
  type OutcomeValue,
  SKETCH_GAMMA,
} from "@colophon/kernel";

const HOUR_MS = 3_600_000;

/** What tells one sum from another, time included. */
const KEYS = [
  "hour",
  "prompt",
  "version",
  "hash",
  "environment",
  "lane",
  "purpose",
  "requestedModel",
  "answeringModel",
  "provider",
  "metric",
  "source",
] as const;

type Key = Pick<MetricSums, (typeof KEYS)[number]>;

export function metricKey(sums: Key): string {
  return JSON.stringify(KEYS.map((name) => sums[name]));
}

/** By key. */
export function expectedMetrics(
  executions: readonly Execution[],
  outcomes: readonly Outcome[],
  filter: MetricFilter,
): ReadonlyMap<string, MetricSums> {
  const rows = new Map(executions.filter((row) => fits(row, filter)).map((row) => [row.id, row]));
  const measured: (readonly [Key, OutcomeValue])[] = [];
  for (const row of rows.values()) {
    const values = [
      ["latency", row.latency],
      ["firstToken", row.firstToken],
      ["outputLength", row.outputLength],
      ["inputTokens", row.tokens.input],
      ["outputTokens", row.tokens.output],
    ] as const;
    for (const [metric, value] of values)
      if (value !== null) measured.push([keyOf(row, { metric, source: null }, filter), value]);
  }
  for (const { execution, name, source, value } of outcomes) {
    const row = rows.get(execution);
    if (row !== undefined) measured.push([keyOf(row, { metric: name, source }, filter), value]);
  }
  const groups = Map.groupBy(measured, ([key]) => metricKey(key));
  return new Map(
    [...groups].map(([place, group]) => {
      const [key] = group[0] as (typeof group)[number];
      return [place, { ...key, ...sumsOf(group.map(([, value]) => value)) }];
    }),
  );
}

function wholeHour(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}

function fits(row: Execution, { prompt, environment, purpose, since, until }: MetricFilter): boolean {
  if (since !== undefined && row.at < wholeHour(since)) return false;
  if (until !== undefined && row.at >= wholeHour(until)) return false;
  if (prompt !== undefined && row.prompt !== prompt) return false;
  if (environment !== undefined && row.environment !== environment) return false;
  return purpose === undefined || row.purpose === purpose;
}

function keyOf(row: Execution, measured: Pick<Key, "metric" | "source">, { by }: MetricFilter): Key {
  const { prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider } = row;
  const hours = Math.floor(row.at / HOUR_MS);
  const hour = by === "window" ? null : by === "day" ? Math.floor(hours / 24) * 24 : hours;
  const place = {
    prompt,
    version,
    hash,
    environment,
    lane,
    purpose,
    requestedModel,
    answeringModel,
    provider,
  };
  return { ...place, hour, ...measured };
}

function sumsOf(values: readonly OutcomeValue[]) {
  const numbers = values.filter((value) => typeof value === "number");
  const ones = values.filter((value) => value === true).length;
  const bins: Record<number, number> = {};
  for (const value of numbers) if (value > 0) bins[binOf(value)] = (bins[binOf(value)] ?? 0) + 1;
  const zeros = numbers.filter((value) => value <= 0).length;
  return {
    count: values.length,
    sum: ones + numbers.reduce((sum, value) => sum + value, 0),
    sumOfSquares: ones + numbers.reduce((sum, value) => sum + value ** 2, 0),
    sketch: numbers.length === 0 ? null : { zeros, bins },
  };
}

/** The bin whose bounds a value lies between, looked for from a guess on; bounds lie a little above γ^i. */
function binOf(value: number): number {
  const slack = 1 + 1e-11;
  let bin = Math.round(Math.log(value) / Math.log(SKETCH_GAMMA));
  while (value > SKETCH_GAMMA ** bin * slack) bin += 1;
  while (value <= SKETCH_GAMMA ** (bin - 1) * slack) bin -= 1;
  return bin;
}
