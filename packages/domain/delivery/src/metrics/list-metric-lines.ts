/** Adds up what sums and rows say of calls, line by line. */
import type { MetricSums, Rollup } from "@colophon/kernel";
import type { Priced } from "../costs/price-sum.ts";
import { costFigure } from "./cost-figure.ts";
import { judgedQuality } from "./judged-quality.ts";
import type { LineFigure, MetricLine, MetricSources, NewestRow } from "./metric-line.ts";
import { type MetricDimension, type MetricPlace, placeName, placeOfRow, placeOfSum } from "./metric-place.ts";
import { addValues, outcomeFigures } from "./outcome-figures.ts";
import { addCalls, NO_CALLS, ROW_AMOUNTS, rowFigures } from "./row-figures.ts";

interface Gathered {
  readonly place: MetricPlace;
  readonly calls: Priced<Rollup>[];
  readonly metrics: MetricSums[];
  readonly newest: NewestRow[];
}

/**
 * A line for each place that has calls, in order of time, environment, version, lane and model. What rows
 * say of schema and refusal comes before what outcomes say of it; an outcome with the name of a row's amount,
 * or of what only rows count, is called `outcome:NAME`.
 */
export function listMetricLines(
  sources: MetricSources,
  by: readonly MetricDimension[],
): readonly MetricLine[] {
  const found = new Map<string, Gathered>();
  const at = (place: MetricPlace): Gathered => {
    const name = placeName(place);
    const gathered = found.get(name) ?? { place, calls: [], metrics: [], newest: [] };
    found.set(name, gathered);
    return gathered;
  };
  for (const priced of sources.calls) at(placeOfSum(priced.sum, by)).calls.push(priced);
  for (const sum of sources.metrics) at(placeOfSum(sum, by)).metrics.push(sum);
  for (const one of sources.newest) at(placeOfRow(one.row, by)).newest.push(one);
  return [...found.values()]
    .filter(({ calls }) => calls.length > 0)
    .sort((a, b) => comparePlaces(a.place, b.place))
    .map((gathered) => lineOf(gathered, sources));
}

function lineOf({ place, calls, metrics, newest }: Gathered, { calibrations }: MetricSources): MetricLine {
  const counts = calls.reduce((all, { sum }) => addCalls(all, sum), NO_CALLS);
  const ofRows = Map.groupBy(
    metrics.filter(({ source }) => source === null),
    ({ metric }) => metric,
  );
  const amounts = new Map([...ofRows].map(([metric, sums]) => [metric, addValues(sums)]));
  const rows = rowFigures(counts, amounts);
  const said = outcomeFigures(
    metrics.filter(({ source }) => source !== null),
    newest,
  );
  return {
    ...place,
    calls: counts.calls,
    metrics: merged(rows, said),
    cost: costFigure(calls, newest),
    judged: judgedQuality(newest, calibrations),
  };
}

/** Metrics that a row leaves open and an outcome may say. */
const OPEN: readonly string[] = ["schemaOk", "refused"];

function merged(
  rows: ReturnType<typeof rowFigures>,
  said: Readonly<Record<string, LineFigure>>,
): Readonly<Record<string, LineFigure>> {
  const figures: Record<string, LineFigure> = {};
  const [amounts, events] = [ROW_AMOUNTS, Object.keys(rows).filter((name) => !ROW_AMOUNTS.includes(name))];
  for (const name of events) {
    const row = rows[name] as LineFigure;
    const outcome = OPEN.includes(name) ? said[name] : undefined;
    figures[name] = row.value === null && outcome !== undefined ? outcome : { ...row, sources: null };
  }
  for (const [name, figure] of Object.entries(said)) {
    if (OPEN.includes(name)) continue;
    figures[Object.hasOwn(rows, name) ? `outcome:${name}` : name] = figure;
  }
  for (const name of amounts) figures[name] = { ...(rows[name] as LineFigure), sources: null };
  return figures;
}

function comparePlaces(a: MetricPlace, b: MetricPlace): number {
  return (
    (a.hour ?? 0) - (b.hour ?? 0) ||
    compare(a.environment, b.environment) ||
    (a.version ?? 0) - (b.version ?? 0) ||
    compare(a.lane ?? "", b.lane ?? "") ||
    compare(a.model ?? "", b.model ?? "")
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
