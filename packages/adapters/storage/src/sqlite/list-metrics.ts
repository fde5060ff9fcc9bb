/** Lists the metrics that SQLite keeps, with what is not folded yet. */
import type { MetricFilter, MetricSums } from "@colophon/kernel";
import { createMetricList } from "../shared/metric-list.ts";
import type { DictionaryReader } from "../shared/word-node.ts";
import { readMetrics } from "./read-metrics.ts";
import type { SqliteCore } from "./sqlite-core.ts";

export function listMetrics(
  core: SqliteCore,
  words: DictionaryReader,
  filter: MetricFilter,
): readonly MetricSums[] {
  const metrics = createMetricList(words, filter);
  readMetrics(core, filter, metrics.add);
  return metrics.list();
}
