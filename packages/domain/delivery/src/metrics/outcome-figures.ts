/** Figures of outcomes: what users, rules, judges and the application's own systems said of calls. */
import { type MetricSums, mergeSketches, STANDARD_METRICS, STANDARD_OUTCOMES } from "@colophon/kernel";
import { type MetricFigure, meanFigure, noFigure, type SummedValues, shareFigure } from "./metric-figure.ts";
import type { LineFigure, NewestRow } from "./metric-line.ts";

/** Metrics of the standard table that outcomes say; a thumb counts where it points down. */
const STANDARD = [
  "retried",
  "thumbsDown",
  "accepted",
  "editDistance",
  "quality",
  "expectedTool",
  "resolved",
  "escalated",
] as const;
const OUTCOME_OF: Readonly<Record<string, string>> = { thumbsDown: "thumbs" };
const METRIC_OF: Readonly<Record<string, string>> = { thumbs: "thumbsDown" };

/**
 * By metric, the standard ones always. Signals of several sources are counted together and each apart: two
 * signals about one call are two.
 *
 * @param sums of outcomes alone.
 * @param newest of the same calls: sums do not tell texts from what was always false, rows do.
 */
export function outcomeFigures(
  sums: readonly MetricSums[],
  newest: readonly NewestRow[],
): Readonly<Record<string, LineFigure>> {
  const said = Map.groupBy(sums, ({ metric }) => METRIC_OF[metric] ?? metric);
  const figures: Record<string, LineFigure> = {};
  for (const metric of new Set<string>([...STANDARD, ...[...said.keys()].sort()])) {
    const found = said.get(metric) ?? [];
    const texts = isText(OUTCOME_OF[metric] ?? metric, newest);
    const bySource = Map.groupBy(found, ({ source }) => source ?? "");
    const sources = [...bySource].map(
      ([source, some]) => [source, figureOf(metric, addValues(some), texts)] as const,
    );
    figures[metric] = {
      ...figureOf(metric, addValues(found), texts),
      sources: sources.length > 1 ? Object.fromEntries(sources) : null,
    };
  }
  return figures;
}

/** Whether the newest outcomes of that name are texts; null where there is none among them. */
function isText(name: string, newest: readonly NewestRow[]): boolean | null {
  for (const { outcomes } of newest) {
    const outcome = outcomes.find((one) => one.name === name);
    if (outcome !== undefined) return typeof outcome.value === "string";
  }
  return null;
}

function figureOf(metric: string, sums: SummedValues, texts: boolean | null): MetricFigure {
  const kind = kindOf(metric, sums);
  const { count, sum } = sums;
  const missing = "nobody has said it";
  if (kind === "event")
    return shareFigure({ hits: metric === "thumbsDown" ? count - sum : sum, of: count }, missing);
  if (kind !== undefined) return meanFigure(kind, sums, missing);
  if (count === 0) return noFigure("event", missing);
  // Texts add nothing to a sum, so what has one is true at times.
  if (sum > 0 || texts === false) return shareFigure({ hits: sum, of: count }, missing);
  const reason = texts === true ? "texts have no figure" : "it is not known whether these are texts";
  return { ...noFigure("event", reason), samples: count };
}

/** Undefined for outcomes of a name of one's own that are no numbers. */
function kindOf(metric: string, { sketch }: SummedValues): MetricFigure["kind"] | undefined {
  if (Object.hasOwn(STANDARD_METRICS, metric)) {
    return STANDARD_METRICS[metric as keyof typeof STANDARD_METRICS].kind;
  }
  if (Object.hasOwn(STANDARD_OUTCOMES, metric)) {
    return STANDARD_OUTCOMES[metric as keyof typeof STANDARD_OUTCOMES].type === "boolean"
      ? "event"
      : "amount";
  }
  return sketch === null ? undefined : "amount";
}

export function addValues(sums: readonly SummedValues[]): SummedValues {
  const sketches = sums.flatMap(({ sketch }) => sketch ?? []);
  return {
    count: sums.reduce((all, { count }) => all + count, 0),
    sum: sums.reduce((all, { sum }) => all + sum, 0),
    sumOfSquares: sums.reduce((all, { sumOfSquares }) => all + sumOfSquares, 0),
    sketch: sketches.length === 0 ? null : mergeSketches(sketches),
  };
}
