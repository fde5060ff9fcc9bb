/** Brings a gate's verdict into the form of a report. */
import type { GateComparison, GateVerdict, GuardVerdict } from "@colophon/evaluation";
import {
  type Check,
  type Fact,
  type Picture,
  points,
  type Report,
  type ReportTable,
  reportTable,
  signedPoints,
} from "./report.ts";

export interface VerdictToReport {
  readonly verdict: GateVerdict;
  /** What was asked, such as `support.triage@v8 against v7`. */
  readonly title: string;
  /** Where it comes from: set, model, environment, evidence. */
  readonly facts?: readonly Fact[];
  readonly pictures?: readonly Picture[];
}

/**
 * A gate's verdict.
 *
 * @example
 * import { gateChallenger, renderReport } from "@colophon/harness";
 * const answer = await gateChallenger(
 *   harness,
 *   { key: "support.triage", version: 8, environment: "production" },
 *   parts,
 * );
 * const report = verdictReport({ verdict: answer, title: "support.triage@v8", pictures: answer.pictures });
 * console.log(renderReport(report, { format: "html", answer }));
 */
export function verdictReport({ verdict, title, facts = [], pictures = [] }: VerdictToReport): Report {
  return {
    title,
    state: verdict.verdict,
    facts: [...figures(verdict), ...facts],
    reasons: verdict.reasons,
    tables: [sliceTable(verdict), guardTable(verdict), flippedTable(verdict)].filter(
      ({ rows }) => rows.length > 0,
    ),
    pictures: [...intervalPicture(verdict), ...pictures],
    checks: checksOf(verdict),
  };
}

function figures(verdict: GateVerdict): readonly Fact[] {
  const { difference, lower, upper, means, margin, alpha, cases, clusters, repeats, method } = verdict;
  const isFirst = verdict.threshold !== null;
  const grouped = clusters > 0 && clusters < cases ? ` in ${clusters} clusters` : "";
  const interval = `${signedPoints(lower)} to ${signedPoints(upper)}`;
  return [
    ...(isFirst
      ? [
          {
            name: "mean",
            value: `${points(means.challenger)} points (${points(lower)} to ${points(upper)})`,
          },
          { name: "threshold", value: `${points(verdict.threshold)} points` },
        ]
      : [
          { name: "difference", value: `${signedPoints(difference)} points (${interval})` },
          { name: "margin", value: `${points(margin)} points at alpha ${alpha}` },
          ...(means.challenger === null
            ? []
            : [
                {
                  name: "means",
                  value: `${points(means.challenger)} points, baseline ${points(means.baseline)}`,
                },
              ]),
        ]),
    { name: "cases", value: `${cases}${grouped}, ${repeats} ${repeats === 1 ? "repeat" : "repeats"} each` },
    { name: "mode", value: verdict.mode },
    ...(method === null ? [] : [{ name: "method", value: method }]),
    ...(verdict.ratchet === null ? [] : [{ name: "strict ratchet", value: verdict.ratchet }]),
    ...(verdict.casesNeeded === null ? [] : [{ name: "cases needed", value: String(verdict.casesNeeded) }]),
  ];
}

function sliceTable({ slices }: GateVerdict): ReportTable {
  const columns = [
    { title: "slice" },
    { title: "cases", align: "right" },
    { title: "difference", align: "right" },
    { title: "from", align: "right" },
    { title: "to", align: "right" },
    { title: "p", align: "right" },
    { title: "" },
  ] as const;
  const rows = [...slices]
    .sort((a, b) => a.difference - b.difference)
    .map(({ slice, cases, difference, lower, upper, adjusted, blocking, worse }) => [
      slice,
      String(cases),
      signedPoints(difference),
      signedPoints(lower),
      signedPoints(upper),
      adjusted.toFixed(3),
      [blocking ? "blocking" : "", worse ? "worse" : ""].filter(Boolean).join(", "),
    ]);
  return reportTable("Slices", columns, rows);
}

function guardTable({ guards }: GateVerdict): ReportTable {
  const columns = [
    { title: "guard" },
    { title: "baseline", align: "right" },
    { title: "challenger", align: "right" },
    { title: "value", align: "right" },
    { title: "limit", align: "right" },
    { title: "" },
  ] as const;
  const rows = guards.map(({ guard, baseline, challenger, value, limit, status }) => [
    guard,
    figure(baseline),
    figure(challenger),
    figure(value),
    figure(limit),
    status,
  ]);
  return reportTable("Guards", columns, rows);
}

function figure(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(3)));
}

function flippedTable({ flipped }: GateVerdict): ReportTable {
  const columns = [
    { title: "case" },
    { title: "baseline", align: "right" },
    { title: "challenger", align: "right" },
    { title: "difference", align: "right" },
    { title: "slices" },
  ] as const;
  const rows = flipped.map(({ case: id, baseline, challenger, difference, slice }) => [
    id,
    points(baseline),
    points(challenger),
    signedPoints(difference),
    slice.join(", "),
  ]);
  return reportTable("Cases that flipped, worst first", columns, rows);
}

function intervalPicture(verdict: GateVerdict): readonly Picture[] {
  const { difference, lower, upper, margin, anchor, slices, threshold, means } = verdict;
  if (threshold !== null) {
    if (means.challenger === null) return [];
    return [
      {
        kind: "intervals",
        title: "Mean with its interval",
        limit: { at: threshold, name: "threshold" },
        rows: [{ name: "mean", value: means.challenger, lower, upper }],
      },
    ];
  }
  if (difference === null) return [];
  const row = (name: string, one: GateComparison) => ({ name, ...intervalOf(one) });
  return [
    {
      kind: "intervals",
      title: "Difference to the baseline with its interval",
      limit: { at: -margin, name: "margin" },
      rows: [
        { name: "all cases", value: difference, lower, upper },
        ...(anchor === null ? [] : [row("against the anchor", anchor)]),
        ...slices.slice(0, MOST_SLICES).map((one) => row(one.slice, one)),
      ],
    },
  ];
}

const MOST_SLICES = 20;

function intervalOf({ difference, lower, upper }: GateComparison) {
  return { value: difference, lower, upper };
}

/** The verdict itself, each guard and slice, and each veto that is neither. */
function checksOf(verdict: GateVerdict): readonly Check[] {
  const [reason = ""] = verdict.reasons;
  const states = { ship: "passed", block: "failed", inconclusive: "skipped", invalid: "error" } as const;
  return [
    { name: "verdict", state: states[verdict.verdict], message: `${verdict.verdict}: ${reason}` },
    ...verdict.guards.map(guardCheck),
    ...verdict.slices.map(
      ({ slice, worse, blocking, difference }): Check => ({
        name: `slice ${slice}`,
        state: worse && blocking ? "failed" : "passed",
        message: `${signedPoints(difference)} points`,
      }),
    ),
    ...verdict.vetoes
      .filter(({ kind }) => kind === "required")
      .map(({ text }): Check => ({ name: `required: ${text}`, state: "failed", message: text })),
  ];
}

function guardCheck({ guard, status, value, limit }: GuardVerdict): Check {
  const states = { within: "passed", above: "skipped", exceeds: "failed", unknown: "skipped" } as const;
  return {
    name: `guard ${guard}`,
    state: states[status],
    message: `${status}: ${figure(value)} of at most ${figure(limit)}`,
  };
}
