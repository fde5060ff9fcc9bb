/** The explanation of a change of cost as text for people: the culprit first. */
import {
  type CostChange,
  type CostExplanation,
  changeDecimals,
  type ExplainedChange,
  type ExplainedWindow,
  factorName,
  formatAmount,
  formatFigure,
  formatShare,
  roundChange,
} from "@colophon/harness";
import type { Paint } from "./cli.ts";
import { callCount, sourceLines } from "./cost-table.ts";
import { shortTime, textTable, versionName } from "./text-table.ts";

type Part = ExplainedChange["parts"][number];

interface Look {
  readonly heading: string;
  readonly paint: Paint;
}

export function costChangeText(explanation: CostExplanation, { heading, paint }: Look): string {
  const { changes, unpriced, tables, workingCopy } = explanation;
  const [first, ...others] = changes;
  const missing = unpriced.map(
    ({ model, reason, before, after }) =>
      `Not in it: ${model}, ${reason === "no-price" ? "which has no price" : "whose provider named no tokens"} (${callCount(before)} before, ${callCount(after)} after).`,
  );
  return [
    ...(first === undefined
      ? []
      : [paint.bold(first.headline), heading, changeText(explanation, first, paint)]),
    ...others.map((change) => `\n${paint.bold(change.headline)}\n${changeText(explanation, change, paint)}`),
    "",
    ...missing,
    ...sourceLines(tables, workingCopy),
  ]
    .join("\n")
    .trimEnd();
}

function changeText(explanation: CostExplanation, exact: CostChange, paint: Paint): string {
  const decimals = changeDecimals(exact);
  const change = roundChange(exact, decimals);
  const { currency } = change;
  const lines = (["before", "after"] as const).map((side) => {
    const { amount, traces, calls } = change[side];
    const cost = currency === null ? "–" : formatAmount(amount, { currency, decimals });
    return { side, period: periodOf(explanation[side]), cost, traces, calls };
  });
  const windows = textTable(
    lines,
    [
      { title: "window", cell: ({ side }) => side },
      { title: "time", cell: ({ period }) => period },
      { title: "cost", cell: ({ cost }) => cost, align: "right" },
      { title: "traces", cell: ({ traces }) => formatFigure(traces), align: "right" },
      { title: "paid calls", cell: ({ calls }) => formatFigure(calls), align: "right" },
    ],
    paint,
  );
  if (change.status === "insufficient") return windows;
  return `${windows}\n\n${partTable(change, { decimals, paint })}`;
}

function periodOf({ since, until }: ExplainedWindow): string {
  return `${shortTime(since)} to ${shortTime(until)}`;
}

function partTable(
  { parts, change, currency }: ExplainedChange,
  { decimals, paint }: { readonly decimals: number; readonly paint: Paint },
): string {
  const money = (amount: number): string =>
    `${amount > 0 ? "+" : ""}${formatAmount(amount, { currency, decimals })}`;
  const rows = [
    ...parts.map((part) => ({
      name: factorName(part.factor),
      amount: part.amount,
      before: figureOf(part, part.before),
      after: figureOf(part, part.after),
      where: part.amount === 0 ? null : placeOf(part),
    })),
    { name: "change", amount: change, before: null, after: null, where: null },
  ];
  return textTable(
    rows,
    [
      { title: "part", cell: ({ name }) => name },
      { title: "amount", cell: ({ amount }) => money(amount), align: "right" },
      { title: "before", cell: ({ before }) => before, align: "right" },
      { title: "after", cell: ({ after }) => after, align: "right" },
      { title: "most of it in", cell: ({ where }) => where },
    ],
    paint,
  );
}

function figureOf({ factor }: Part, figure: number | null): string | null {
  if (figure === null) return null;
  return factor === "cacheHits" ? formatShare(figure) : formatFigure(figure);
}

function placeOf({ where }: Part): string | null {
  if (where === null) return null;
  const { prompt, version, purpose, worker } = where;
  const text = version === null ? `${prompt} (${versionName(version)})` : `${prompt}@${versionName(version)}`;
  const model = worker === null ? "" : ` on ${worker.provider}/${worker.model}`;
  return `${text}${purpose === "serve" ? "" : ` for ${purpose}`}${model}`;
}
