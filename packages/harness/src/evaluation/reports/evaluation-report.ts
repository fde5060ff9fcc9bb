/** Brings a run of one version into the form of a report. */
import { AGGREGATE } from "@colophon/evaluation";
import type { Evaluation } from "../runs/evaluate.ts";
import { type Check, moneyText, points, type Report, reportTable } from "./report.ts";
import { histogram } from "./score-pictures.ts";

/**
 * A run of one version.
 *
 * @example
 * import { evaluate, renderReport } from "@colophon/harness";
 * const request = { key: "support.triage", version: 7, environment: "development" };
 * const answer = await evaluate(harness, request, parts);
 * console.log(renderReport(evaluationReport(answer), { format: "markdown", answer }));
 */
export function evaluationReport(evaluation: Evaluation): Report {
  const { key, subject, set, split, scores, means, slices, failed, end } = evaluation;
  const score = scores[AGGREGATE];
  return {
    title: `${key}@${subject} on ${set}, ${split} split`,
    state: end.kind === "complete" ? "done" : "unfinished",
    facts: factsOf(evaluation),
    reasons: [...(end.kind === "complete" ? [] : [endSentence(evaluation)]), ...evaluation.notes],
    tables: [
      reportTable(
        "Scores",
        [
          { title: "metric" },
          { title: "mean", align: "right" },
          { title: "from", align: "right" },
          { title: "to", align: "right" },
          { title: "cases", align: "right" },
        ],
        Object.entries(scores).map(([metric, one]) => [
          metric,
          points(one?.value),
          points(one?.lower),
          points(one?.upper),
          String(one?.samples ?? 0),
        ]),
      ),
      reportTable(
        "Slices, worst first",
        [{ title: "slice" }, { title: "cases", align: "right" }, { title: "mean", align: "right" }],
        slices.map(({ slice, cases, mean }) => [slice, String(cases), points(mean)]),
      ),
      reportTable(
        "Cases, worst first",
        [{ title: "case" }, { title: "mean", align: "right" }],
        means.filter(({ mean }) => mean < 1).map(({ case: id, mean }) => [id, points(mean)]),
      ),
      reportTable(
        "Answers without a score",
        [{ title: "case" }, { title: "repeat", align: "right" }, { title: "why" }],
        failed.map(({ case: id, repeat, error }) => [id, String(repeat), error]),
      ),
    ].filter(({ rows }) => rows.length > 0),
    pictures:
      means.length === 0
        ? []
        : [
            {
              kind: "histograms",
              title: "Scores by case",
              unit: "cases",
              series: [
                histogram(
                  subject,
                  means.map(({ mean }) => mean),
                  [0, 1],
                ),
              ],
            },
            {
              kind: "intervals",
              title: "Means with their intervals",
              limit: null,
              rows: Object.entries(scores).flatMap(([name, one]) => (one === null ? [] : [{ name, ...one }])),
            },
          ],
    checks: checksOf(evaluation, score?.value ?? null),
  };
}

function factsOf(evaluation: Evaluation): Report["facts"] {
  const { model, repeats, cases, lines, errors, cost, judges, testLooks, run, progress } = evaluation;
  const { calls, cached, retries } = progress.spent;
  return [
    { name: "model", value: `${model.provider}/${model.id}` },
    { name: "cases", value: `${cases}, ${repeats} ${repeats === 1 ? "repeat" : "repeats"} each` },
    { name: "answers", value: `${lines}, ${errors} without a score` },
    { name: "calls", value: `${calls} made, ${cached} kept from before, ${retries} retries` },
    { name: "answers' cost", value: moneyText(cost) },
    ...(judges.length === 0 ? [] : [{ name: "judges", value: judges.join(", ") }]),
    ...(testLooks === null ? [] : [{ name: "looks at the test split", value: String(testLooks) }]),
    ...(run === null ? [] : [{ name: "run", value: run }]),
  ];
}

function endSentence({ end, progress }: Evaluation): string {
  const at = `${progress.done} of ${progress.planned ?? progress.done} answers`;
  const on = "run the same command again to go on: what is paid for is not paid for again.";
  switch (end.kind) {
    case "budget":
      return `The budget ended after ${at} (${end.why}); raise it, and ${on}`;
    case "barred":
      return `No call comes through after ${at}: ${end.why.replace(/\.$/, "")}; mend that, and ${on}`;
    default:
      return `Stopped after ${at}; ${on}`;
  }
}

function checksOf({ end, failed, errors }: Evaluation, score: number | null): readonly Check[] {
  return [
    {
      name: "run",
      state: end.kind === "complete" ? "passed" : "error",
      message: end.kind === "complete" ? `mean ${points(score)} points` : end.kind,
    },
    ...failed.map(
      ({ case: id, repeat, error }): Check => ({
        name: `case ${id}, repeat ${repeat}`,
        state: "error",
        message: error,
      }),
    ),
    ...(errors > failed.length
      ? [
          {
            name: "further answers",
            state: "error",
            message: `${errors - failed.length} without a score`,
          } as const,
        ]
      : []),
  ];
}
