/** Tells a scan to people in a terminal. */
import type { ClusterSummary, ModelRow, NewFinding, PlacedFinding, ScanAnswer } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { textTable } from "../text-table.ts";

export interface ScanView {
  readonly answer: ScanAnswer;
  /** As a person has named it; null without one. */
  readonly baselineFile: string | null;
  /** What was asked for, to be repeated in advice. */
  readonly paths: readonly string[];
}

/** So many places of a cluster are shown with their differences. */
const MOST_MEMBERS = 6;
const MOST_REMARKS = 12;
const WIDTH = 72;

export function scanText(paint: Paint, view: ScanView): string {
  const { findings, clusters, models, remarks } = view.answer;
  const sections = [
    headline(paint, view),
    ...[...Map.groupBy(findings, ({ file }) => file)].map(([file, own]) => fileText(paint, file, own)),
    ...(clusters.length === 0 ? [] : [clustersText(paint, clusters)]),
    ...(findings.length === 0 ? [] : [modelsText(paint, models)]),
    ...baselineSections(paint, view),
    ...(remarks.length === 0 ? [] : [remarksText(paint, remarks)]),
    nextText(paint, view),
  ];
  return sections.join("\n\n");
}

function headline(paint: Paint, { answer }: ScanView): string {
  const { findings, files, lines } = answer;
  const texts = new Set(findings.map(({ id }) => id)).size;
  const places = new Set(findings.map(({ file }) => file)).size;
  const found =
    findings.length === 0
      ? "No prompts found"
      : `${findings.length} prompt(s), ${texts} different, in ${places} file(s)`;
  return `${paint.bold(found)} ${paint.dim(`(${files} files, ${lines} lines read)`)}`;
}

function fileText(paint: Paint, file: string, findings: readonly PlacedFinding[]): string {
  const rows = textTable(
    findings,
    [
      { title: "line", align: "right", cell: ({ line }) => line },
      { title: "sure", align: "right", cell: ({ confidence }) => `${Math.round(confidence * 100)}%` },
      { title: "client", cell: ({ client }) => client },
      { title: "model", cell: ({ model }) => model },
      { title: "role", cell: ({ role }) => role },
      { title: "cluster", cell: ({ cluster }) => cluster },
      { title: "begins", cell: ({ text }) => shortWords(text, WIDTH) },
    ],
    paint,
  );
  return `${paint.cyan(plain(file))}\n${rows}`;
}

function clustersText(paint: Paint, clusters: readonly ClusterSummary[]): string {
  return [paint.bold("Nearly the same"), ...clusters.map((cluster) => clusterText(paint, cluster))].join(
    "\n",
  );
}

function clusterText(paint: Paint, { cluster, size, texts, central, others }: ClusterSummary): string {
  const wordings = texts === 1 ? "all the same" : `${texts} wordings`;
  const lines = [
    `${paint.bold(cluster)} ${size} prompts, ${wordings}: ${shortWords(central.text, WIDTH)}`,
    `  ${placeOf(central)} ${paint.dim("in the middle of them")}`,
    ...others
      .slice(0, MOST_MEMBERS)
      .map(({ finding, words }) => `  ${placeOf(finding)} ${differenceText(paint, words)}`),
  ];
  if (others.length > MOST_MEMBERS)
    lines.push(paint.dim(`  and ${others.length - MOST_MEMBERS} more; --format html shows all`));
  return lines.join("\n");
}

function placeOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return plain(`${file}:${line}`);
}

/** What changes, with the words around it left out. */
function differenceText(paint: Paint, words: ClusterSummary["others"][number]["words"]): string {
  if (words.length === 0) return paint.dim("the same");
  const pieces = words.map(({ change, text }) => {
    if (change === "same") return text.length > 24 ? " … " : plain(text);
    const shown = shortWords(text, WIDTH);
    return change === "added" ? paint.green(`{+${shown}+}`) : paint.red(`[-${shown}-]`);
  });
  return pieces.join("").replaceAll(/ {2,}/g, " ").trim();
}

function modelsText(paint: Paint, models: readonly ModelRow[]): string {
  const table = textTable(
    models,
    [
      {
        title: "model",
        cell: ({ model, client }) => model ?? (client === null ? "no call seen" : "unknown"),
      },
      { title: "client", cell: ({ client }) => client },
      { title: "prompts", align: "right", cell: ({ prompts }) => prompts.length },
      { title: "calls", align: "right", cell: ({ calls }) => calls },
      {
        title: "parameters",
        cell: ({ parameters }) => parameters.map((one) => JSON.stringify(one)).join(" "),
      },
    ],
    paint,
  );
  return `${paint.bold("Models")}\n${table}`;
}

function baselineSections(paint: Paint, { answer: { baseline }, baselineFile }: ScanView): readonly string[] {
  if (baseline === null) return [];
  const { known, fresh, stale } = baseline;
  const lines = [
    `${paint.bold("Baseline")} ${baselineFile}: ${known.length} known, ${fresh.length === 0 ? paint.green("0 new") : paint.red(`${fresh.length} new`)}`,
    ...fresh.map((one) => newText(paint, one)),
    ...stale.map(
      ({ entry, gone }) =>
        `  ${paint.dim(`gone: ${gone} of ${entry.count} × ${plain(entry.file)} ${shortWords(entry.text, WIDTH)}`)}`,
    ),
  ];
  return [lines.join("\n")];
}

function newText(paint: Paint, { finding, changeOf }: NewFinding): string {
  const change =
    changeOf === null ? "" : paint.dim(` probably a change of what stood in ${plain(changeOf.file)}`);
  return `  ${paint.red("new")} ${placeOf(finding)} ${shortWords(finding.text, WIDTH)}${change}`;
}

function remarksText(paint: Paint, remarks: readonly string[]): string {
  const shown = remarks.slice(0, MOST_REMARKS).map((one) => `  ${plain(one)}`);
  const more = remarks.length > MOST_REMARKS ? [`  and ${remarks.length - MOST_REMARKS} more.`] : [];
  return [paint.bold("Not read"), ...shown, ...more].join("\n");
}

function nextText(paint: Paint, { answer, baselineFile, paths }: ScanView): string {
  const where = paths.join(" ");
  const { findings, baseline } = answer;
  if (findings.length === 0)
    return paint.dim("If you know of prompts here, try --min-confidence 0.3 or --tests.");
  const advice = [
    `Next: colophon extract ${where}  proposes keys, contracts and bodies, and rewrites the calls`,
  ];
  if (baseline === null) {
    advice.push(
      `      colophon scan ${where} --write-baseline prompts.baseline.json  lets CI fail on new ones alone`,
    );
  } else if (baseline.fresh.length > 0 || baseline.stale.length > 0) {
    advice.push(`      colophon scan ${where} --write-baseline ${baselineFile}  takes what is here as known`);
  }
  return paint.dim(advice.join("\n"));
}

function shortWords(text: string, most: number): string {
  const words = plain(text.replaceAll(/\s+/g, " ").trim());
  return words.length > most ? `${words.slice(0, most - 1).trimEnd()}…` : words;
}

/** Names of files may hold anything, and must not reach the terminal as commands or reversed writing. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, " ");
}
