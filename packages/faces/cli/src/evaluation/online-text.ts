/** Tells people what a pass over calls of production found, and what all scores come to. */
import type { OnlineRate, OnlineReport, RaterReport } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { textTable } from "../text-table.ts";

export function scoresText(report: OnlineReport, rates: readonly OnlineRate[], paint: Paint): string {
  return [
    sampleSentence(report),
    ...(report.raters.length === 0 ? [] : [raterTable(report.raters, paint)]),
    ...report.raters.flatMap(({ by, error }) =>
      error === null ? [] : [`${shortName(by)} failed: ${error}`],
    ),
    ...report.skipped,
    ...endSentences(report),
    ...(rates.length === 0 ? [] : ["", rateTable(rates, paint), ...reasonsOf(rates)]),
  ].join("\n");
}

function sampleSentence({ key, calls, pairs, sample, insufficient }: OnlineReport): string {
  const chosen = `${key}: ${calls} calls, ${pairs} pairs of them; ${Number((sample * 100).toPrecision(4))} % of what was served`;
  return insufficient === null
    ? chosen
    : `${chosen}; insufficient: ${insufficient.reason} (${insufficient.calls} of them)`;
}

function endSentences({ end, spent }: OnlineReport): readonly string[] {
  const cost = (spent?.money ?? []).map(
    ({ amount, currency }) => `${Number(amount.toPrecision(3))} ${currency}`,
  );
  const used =
    spent === null
      ? []
      : [`Judges answered ${spent.calls} calls${cost.length === 0 ? "" : ` for ${cost.join(" and ")}`}.`];
  switch (end.kind) {
    case "complete":
      return used;
    case "stopped":
      return [...used, "It was stopped; the same command goes on where it was."];
    default:
      return [
        ...used,
        `It ended early: ${end.why.replace(/\.$/, "")}. The same command goes on where it was.`,
      ];
  }
}

function raterTable(raters: readonly RaterReport[], paint: Paint): string {
  return textTable(
    raters,
    [
      { title: "by", cell: ({ by }) => shortName(by) },
      { title: "metric", cell: ({ metric }) => metric },
      { title: "scored", align: "right", cell: ({ scored }) => scored },
      { title: "mean", align: "right", cell: ({ mean }) => mean?.toFixed(3) },
      { title: "before", align: "right", cell: ({ known }) => known },
      { title: "errors", align: "right", cell: ({ errors }) => errors },
      { title: "left", align: "right", cell: ({ left }) => left },
    ],
    paint,
  );
}

function rateTable(rates: readonly OnlineRate[], paint: Paint): string {
  return textTable(
    rates,
    [
      { title: "version", cell: ({ version }) => (version === null ? "code" : `v${version}`) },
      { title: "lane", cell: ({ lane }) => lane ?? undefined },
      { title: "metric", cell: ({ metric }) => metric },
      { title: "by", cell: ({ by }) => shortName(by) },
      { title: "mean", align: "right", cell: ({ score }) => score.value?.toFixed(3) },
      { title: "95 %", cell: ({ score }) => interval(score) },
      { title: "calls", align: "right", cell: ({ score }) => score.samples },
      { title: "good, corrected", align: "right", cell: ({ judged }) => judged?.corrected?.value.toFixed(3) },
      {
        title: "95 %",
        cell: ({ judged }) => (judged?.corrected == null ? undefined : interval(judged.corrected)),
      },
    ],
    paint,
  );
}

function interval({
  lower,
  upper,
}: {
  readonly lower: number | null;
  readonly upper: number | null;
}): string | undefined {
  return lower === null || upper === null ? undefined : `${lower.toFixed(3)} to ${upper.toFixed(3)}`;
}

function reasonsOf(rates: readonly OnlineRate[]): readonly string[] {
  const reasons = rates.flatMap(({ by, judged }) =>
    judged?.reason == null ? [] : [`${shortName(by)}: ${judged.reason}`],
  );
  return [...new Set(reasons)];
}

/** A hash in full is for machines. */
function shortName(by: string): string {
  return by.replace(/#([0-9a-f]{8})[0-9a-f]+/g, "#$1");
}
