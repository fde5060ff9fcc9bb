/** Regrets of the policies on one problem, held against the reference numbers. */
import { against, atMost, type Figure, figure } from "../figure.ts";
import type { RunResult } from "./simulate.ts";

/** What was measured elsewhere, over so many runs; null where there is no number. */
export interface Reference {
  readonly pareto: number | null;
  readonly effective: number | null;
  readonly runs: number;
}

export interface RegretRow {
  readonly policy: string;
  /** Ours has to be as good as its reference; another's has to be met on both sides, or the problem is not the same. */
  readonly role: "ours" | "reference";
  readonly reference: Reference | null;
  readonly results: readonly RunResult[];
}

export interface RegretTable {
  readonly title: string;
  readonly rows: readonly RegretRow[];
}

/** A mean over runs with its Monte-Carlo error. */
interface Measured {
  readonly mean: number;
  readonly standardError: number;
  readonly deviation: number;
}

/** Standard errors of the difference that chance may show. */
const CHANCE = 3;

const REGRETS = ["pareto", "effective"] as const;
type Regret = (typeof REGRETS)[number];
const NAMES = { pareto: "Pareto regret", effective: "effective regret" } as const;

/** Whether each regret of the row is what its reference says, chance apart. */
export function holds(row: RegretRow): boolean {
  return REGRETS.every((regret) => {
    const limit = limitOf(row, regret);
    if (limit === null) return true;
    const { mean } = measure(row.results, (one) => one[regret]);
    return mean <= limit.most && mean >= limit.least;
  });
}

/** The reference's own error is taken from our deviation and its number of runs. */
function limitOf(
  { role, reference, results }: RegretRow,
  regret: Regret,
): { readonly least: number; readonly most: number } | null {
  const value = reference?.[regret] ?? null;
  if (reference === null || value === null) return null;
  const { deviation } = measure(results, (one) => one[regret]);
  const reach = CHANCE * deviation * Math.sqrt(1 / results.length + 1 / reference.runs);
  return { least: role === "ours" ? 0 : value - reach, most: value + reach };
}

function measure(results: readonly RunResult[], of: (one: RunResult) => number): Measured {
  const values = results.map(of);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return { mean, deviation, standardError: deviation / Math.sqrt(values.length) };
}

/** Each row's regrets as figures, with the greatest that its reference allows as budget. */
export function regretFigures(problem: string, { rows }: RegretTable): readonly Figure[] {
  return rows.flatMap((row) => {
    const name = (what: string): string => `${problem}: ${row.policy}, ${what}`;
    const regrets = REGRETS.flatMap((regret) => {
      const { mean, standardError } = measure(row.results, (one) => one[regret]);
      const limit = row.role === "ours" ? limitOf(row, regret) : null;
      const plain = figure(name(NAMES[regret]), mean, "lost");
      return [
        limit === null ? plain : against(plain, atMost(limit.most)),
        figure(name(`${NAMES[regret]}, Monte-Carlo error`), standardError, "lost"),
      ];
    });
    const worst = measure(row.results, (one) => one.worst).mean;
    const entropy = measure(row.results, (one) => one.entropy).mean;
    const means = meansOf(row).map((mean, at) => figure(name(`objective ${at + 1}`), mean, "share"));
    return [
      ...regrets,
      figure(name("effective regret, p95"), p95(row), "lost"),
      figure(name("worst objective's regret"), worst, "lost"),
      figure(name("front-pull entropy"), entropy, "bits"),
      ...means,
    ];
  });
}

const HEAD = ["", "Pareto", "spec", "effective", "spec", "p95", "worst objective", "entropy", "means", ""];

export function printRegrets({ title, rows }: RegretTable): string {
  const table = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return `${title}\n${lines.join("\n")}`;
}

function cellsOf(row: RegretRow): readonly string[] {
  const mean = (of: (one: RunResult) => number): number => measure(row.results, of).mean;
  const regret = (which: Regret): string => {
    const { mean: value, standardError } = measure(row.results, (one) => one[which]);
    return `${value.toFixed(1)} ± ${standardError.toFixed(1)}`;
  };
  return [
    row.policy,
    regret("pareto"),
    row.reference?.pareto?.toFixed(1) ?? "",
    regret("effective"),
    row.reference?.effective?.toFixed(1) ?? "",
    p95(row).toFixed(0),
    mean(({ worst }) => worst).toFixed(1),
    mean(({ entropy }) => entropy).toFixed(2),
    meansOf(row)
      .map((value) => value.toFixed(3))
      .join(" "),
    holds(row) ? "" : "✗",
  ];
}

function meansOf({ results }: RegretRow): readonly number[] {
  return (results[0]?.means ?? []).map((_, at) => measure(results, ({ means }) => means[at] ?? 0).mean);
}

function p95({ results }: RegretRow): number {
  const sorted = results.map(({ effective }) => effective).sort((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN;
}
