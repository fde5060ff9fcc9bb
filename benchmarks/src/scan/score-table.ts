/** Scores and agreements as tables for people. */
import type { Label, Place } from "./label.ts";
import type { Match, Matching } from "./match-findings.ts";
import {
  type Agreement,
  agreements,
  agrees,
  type FactName,
  type FoundFacts,
  type Score,
} from "./scan-score.ts";

export function printScores(title: string, scores: ReadonlyMap<string, Score>): string {
  const rows = [...scores].map(([name, { labels, found, extra, precision, recall }]) => [
    name,
    String(labels),
    String(found),
    String(extra),
    percent(precision),
    percent(recall),
  ]);
  return align([[title, "labels", "found", "extra", "precision", "recall"], ...rows]);
}

/** Shapes belong to labels, so what is found too much has none. */
export function printRecall(title: string, scores: ReadonlyMap<string, Score>): string {
  const rows = [...scores].map(([name, { labels, found, recall }]) => [
    name,
    String(labels),
    String(found),
    percent(recall),
  ]);
  return align([[title, "labels", "found", "recall"], ...rows]);
}

export function printAgreements(matches: readonly Match<FoundFacts>[]): string {
  const rows = Object.entries(agreements(matches)).map(([name, { stated, agreed }]: [string, Agreement]) => [
    name,
    String(stated),
    String(agreed),
    percent(stated === 0 ? null : agreed / stated),
  ]);
  return align([["said of what was found", "labelled", "same", ""], ...rows]);
}

interface Listed extends FoundFacts {
  readonly text: string;
  readonly reason: string;
  readonly confidence: number;
}

/** Each disagreement of one project on a line of its own. */
export function listDisagreements(project: string, matching: Matching<Listed>): readonly string[] {
  const { matched, missed, extra } = matching;
  const facts = ["role", "client", "model", "placeholders"] as const satisfies readonly FactName[];
  return [
    ...missed.map((label) => `missed  ${at(project, label)}  ${about(label)}`),
    ...extra.map(
      (finding) =>
        `extra   ${at(project, finding)}  ${finding.confidence.toFixed(2)} ${finding.reason}: ${start(finding.text)}`,
    ),
    ...matched.flatMap((match) =>
      facts
        .filter((name) => match.label[name] !== undefined && !agrees(match, name))
        .map((name) => {
          const { label, finding } = match;
          const said = name === "placeholders" ? finding.placeholders.length : finding[name];
          return `${name.padEnd(7)} ${at(project, finding)}  ${said ?? "unknown"} instead of ${label[name]}`;
        }),
    ),
  ];
}

function at(project: string, { file, line }: Place): string {
  return `${project}/${file}:${line}`;
}

function about({ shape, client, note }: Label): string {
  return [shape, client, note].filter((each) => each !== undefined).join(", ");
}

function start(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

function align(table: readonly (readonly string[])[]): string {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
