/** Lists metrics by what they stand for; entries that differ only in storage are added up. */
import type { MetricFilter, MetricSums } from "@colophon/kernel";
import { createFirstSaid } from "./first-said.ts";
import { type MetricGroup, type MetricKey, rowMetric } from "./metric-groups.ts";
import { type MetricTotals, mergeTotals, sketchOfTotals } from "./metric-totals.ts";
import { DAY_MS, HOUR_MS } from "./units.ts";
import type { DictionaryReader } from "./word-node.ts";

/** A group of metrics, with the milliseconds of its slot. */
export interface ReadGroup extends MetricGroup {
  readonly unit: number;
}

interface Listed {
  readonly hour: number | null;
  readonly key: MetricKey;
  readonly number: number;
  totals: MetricTotals;
}

const NOTHING: MetricTotals = { count: 0, sum: 0, squares: 0, zeros: 0, bins: [] };

/** Metrics while groups of them are added, or taken away; all words of a group must be known when it is. */
export interface MetricList {
  add(group: ReadGroup, sign?: 1 | -1): void;
  /** In order of time; what was taken away altogether is not there. */
  list(): readonly MetricSums[];
}

export function createMetricList(words: DictionaryReader, filter: MetricFilter): MetricList {
  const found = new Map<string, Listed>();
  const placeOf = createPlaceOf(words);
  return {
    add(group, sign) {
      const hour = hourOf(group, filter);
      for (const [number, totals] of group.metrics) {
        const place = placeOf(group.key, number, hour);
        const listed = found.get(place) ?? { hour, key: group.key, number, totals: NOTHING };
        listed.totals = mergeTotals(listed.totals, totals, sign);
        found.set(place, listed);
      }
    },
    list: () =>
      [...found.values()]
        .filter(({ totals }) => totals.count > 0)
        .sort((a, b) => (a.hour ?? 0) - (b.hour ?? 0))
        .map((listed) => metricSums(listed, words)),
  };
}

/** Hours since the epoch: where what is asked for begins that the group belongs to. */
function hourOf({ key, unit }: ReadGroup, { by = "hour" }: MetricFilter): number | null {
  if (by === "window") return null;
  const wanted = by === "day" ? DAY_MS : HOUR_MS;
  return (Math.floor((key.slot * unit) / wanted) * wanted) / HOUR_MS;
}

/** A version's entries may differ in the caller; a model's in host, fingerprint and price table; a signal's in who gave it. */
function createPlaceOf(words: DictionaryReader) {
  const version = createFirstSaid(words, "version", 3);
  const model = createFirstSaid(words, "model", 3);
  const outcome = createFirstSaid(words, "signal", 2);
  return (key: MetricKey, number: number, hour: number | null): string => {
    const metric = rowMetric(number) === undefined ? outcome(number) : number;
    return `${hour} ${version(key.version)} ${key.scope} ${model(key.model)} ${metric}`;
  };
}

function metricSums({ hour, key, number, totals }: Listed, words: DictionaryReader): MetricSums {
  const [prompt, version, hash] = words("version", key.version);
  const [environment, lane, purpose] = words("scope", key.scope);
  const [requestedModel, answeringModel, provider] = words("model", key.model);
  const ofRow = rowMetric(number);
  const [metric, source] = ofRow === undefined ? words("signal", number) : [ofRow, null];
  const { count, sum, squares } = totals;
  return {
    ...{ prompt, version, hash, environment, lane, purpose, requestedModel, answeringModel, provider },
    ...{ hour, metric, source, count, sum, sumOfSquares: squares, sketch: sketchOfTotals(totals) },
  } as MetricSums;
}
