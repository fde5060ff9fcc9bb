/** Writes an eval set as a file that `readEvalSetFile` takes in again. */
import type { EvalCase, EvalSetContent, Expectation } from "@colophon/evaluation";
import type { EvalSetEntry } from "@colophon/kernel";
import { stringify } from "yaml";
import type { EvalSetFormat } from "./eval-set-file.ts";
import { CASE_COLUMNS } from "./read-csv-set.ts";

export interface WrittenEvalSet {
  readonly text: string;
  /** What the format cannot hold; null where it holds everything. */
  readonly without: string | null;
}

interface WholeSet {
  readonly entry: Pick<EvalSetEntry, "owner" | "refreshDays">;
  readonly content: EvalSetContent;
}

export function writeEvalSetFile(set: WholeSet, format: EvalSetFormat): WrittenEvalSet {
  if (format === "csv") return writeCsv(set.content);
  const head = headOf(set);
  const { cases } = set.content;
  if (format === "yaml") return { text: stringify({ ...head, cases }, { lineWidth: 0 }), without: null };
  const lines = [head, ...cases].map((line) => JSON.stringify(line));
  return { text: `${lines.join("\n")}\n`, without: null };
}

function headOf({ entry, content }: WholeSet): object {
  const { format, name, scorers } = content;
  const { owner, refreshDays } = entry;
  return {
    format,
    name,
    scorers,
    ...(owner === null ? {} : { owner }),
    ...(refreshDays === null ? {} : { refreshDays }),
  };
}

function writeCsv({ scorers, cases }: EvalSetContent): WrittenEvalSet {
  const names = [...new Set(cases.flatMap(({ variables }) => Object.keys(variables)))].sort();
  // A variable that is called like a column of ours is told from it by how it is written.
  const isText = (name: string): boolean =>
    !/:json$|^__/.test(name) &&
    !CASE_COLUMNS.some((column) => column === name) &&
    cases.every(({ variables }) => typeof variables[name] === "string");
  const variables = names.map((name) => ({ name, isText: isText(name) }));
  const head = [...CASE_COLUMNS, ...variables.map(({ name, isText }) => (isText ? name : `${name}:json`))];
  const rows = cases.map((one) => [
    ...CASE_COLUMNS.map((column) => cellOf(one, column)),
    ...variables.map(({ name, isText }) =>
      isText ? String(one.variables[name]) : (JSON.stringify(one.variables[name]) ?? ""),
    ),
  ]);
  const text = [head, ...rows].map((cells) => cells.map(quoted).join(",")).join("\r\n");
  const without =
    scorers.length === 0 ? null : "the scorers of the set, which a table of cases has no place for";
  return { text: `${text}\r\n`, without };
}

function cellOf(one: EvalCase, column: (typeof CASE_COLUMNS)[number]): string {
  switch (column) {
    case "id":
    case "split":
      return one[column];
    case "cluster":
      return one.cluster ?? "";
    case "tags":
      return one.tags.some((tag) => /;|^\[|^\s|\s$/.test(tag))
        ? JSON.stringify(one.tags)
        : one.tags.join(";");
    case "expected":
      return expectedCell(one.expected);
    case "scorers":
      return one.scorers.length === 0 ? "" : JSON.stringify(one.scorers);
    case "provenance":
      return JSON.stringify(one.provenance);
  }
}

function expectedCell(expected: Expectation): string {
  if (expected.kind === "none") return "";
  const { kind, value } = expected;
  return `${kind}:${kind === "json" ? JSON.stringify(value) : value}`;
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
