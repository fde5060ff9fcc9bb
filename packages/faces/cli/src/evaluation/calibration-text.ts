/** Tells people what a calibration found. */
import type { CalibrationReport } from "@colophon/harness";
import type { Estimate } from "@colophon/kernel";
import type { Paint } from "../cli.ts";
import { textTable } from "../text-table.ts";

/** More are in the JSON. */
const MOST_SHOWN = 10;

interface Row {
  readonly what: string;
  readonly estimate: Estimate | null;
}

export function calibrationText(
  report: CalibrationReport,
  { heading, paint }: { readonly heading: string; readonly paint: Paint },
): string {
  const { judge, model, labels, errors, threshold } = report;
  const failed = errors === 0 ? "" : `, ${errors} of them more on which it failed`;
  return [
    heading,
    `${paint.bold(judge)} on ${model.provider}/${model.id}: ${labels} labelled answers${failed}; it passes from ${threshold} on`,
    figureTable(rowsOf(report), paint),
    ...differencesOf(report),
    ...report.failures.slice(0, MOST_SHOWN).map(({ line, error }) => `line ${line}: ${error}`),
    conclusionOf(report),
  ].join("\n");
}

function rowsOf({
  kappa,
  truePositiveRate,
  trueNegativeRate,
  labelled,
  rates,
}: CalibrationReport): readonly Row[] {
  return [
    { what: "kappa (agreement beyond chance)", estimate: kappa },
    { what: "good answers that it passes (TPR)", estimate: truePositiveRate },
    { what: "bad answers that it fails (TNR)", estimate: trueNegativeRate },
    { what: "good answers among the labelled", estimate: labelled },
    ...(rates === null
      ? []
      : [
          { what: "good answers without a label, as judged", estimate: rates.judged },
          { what: "… corrected by TPR and TNR (Rogan-Gladen)", estimate: rates.roganGladen },
          { what: "… by labels and judge together (PPI++)", estimate: rates.powered },
        ]),
  ];
}

function figureTable(rows: readonly Row[], paint: Paint): string {
  const figure = (value: number | null | undefined): string | undefined => value?.toFixed(2);
  return textTable(
    rows,
    [
      { title: "", cell: ({ what }) => what },
      { title: "estimate", align: "right", cell: ({ estimate }) => figure(estimate?.value) },
      {
        title: "95 %",
        cell: ({ estimate }) =>
          estimate === null ? null : `${figure(estimate.lower)} to ${figure(estimate.upper)}`,
      },
      { title: "answers", align: "right", cell: ({ estimate }) => estimate?.samples },
    ],
    paint,
  );
}

function differencesOf({ disagreements }: CalibrationReport): readonly string[] {
  if (disagreements.length === 0) return [];
  const shown = disagreements.slice(0, MOST_SHOWN).map(({ line, label, score, reason }) => {
    // A reason is a model's: it may have lines and control characters.
    const plain = reason.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
    const why = plain === "" ? "" : `: ${plain}`;
    return `  line ${line}: people ${label ? "pass" : "fail"} it, the judge gives ${score.toFixed(2)}${why}`;
  });
  const more = disagreements.length - shown.length;
  return ["They differ on:", ...shown, ...(more > 0 ? [`  and ${more} more (--json has them all)`] : [])];
}

function conclusionOf({ end, recorded, agrees, labels }: CalibrationReport): string {
  if (end.kind !== "complete") {
    const why = "why" in end ? end.why : "It was interrupted.";
    return `Nothing is recorded, for the run ended early: ${why} Run it again to go on; what was judged is kept.`;
  }
  if (!recorded) return "Nothing is recorded: the judge judged no labelled answer.";
  return agrees
    ? "Recorded. The judge agrees with people beyond chance."
    : `Recorded. ${labels} labels do not show that the judge agrees with people beyond chance.`;
}
