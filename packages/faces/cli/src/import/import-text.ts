/** What an import says to people: what came in, what was changed on the way, and what could not be taken. */
import type { ImportRemark, ImportReport, TakenPrompt, TakenSet } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { textTable } from "../text-table.ts";

export interface ImportTextOptions {
  readonly paint: Paint;
  /** Whether nothing was written. */
  readonly dryRun: boolean;
}

export function importText(report: ImportReport, { paint, dryRun }: ImportTextOptions): string {
  const { prompts, sets, releases, changes, left } = report;
  const took = dryRun ? "Would take in" : "Took in";
  const isFiles = prompts.some(({ file }) => file !== null);
  const known = [...prompts, ...sets].filter(({ created }) => !created).length;
  const taken = [
    counted(prompts.length, isFiles || prompts.length === 0 ? "prompt" : "version"),
    ...(sets.length > 0 ? [counted(sets.length, "eval set")] : []),
  ].join(" and ");
  const columns = [
    { title: "from", cell: ({ from }: TakenPrompt) => from },
    { title: "prompt", cell: ({ key }: TakenPrompt) => key },
    { title: isFiles ? "file" : "version", cell: (row: TakenPrompt) => placeOf(row) },
    { title: "what", cell: ({ created }: TakenPrompt) => (created ? "new" : "there already") },
  ];
  return [
    `${took} ${taken} from ${report.source}${known > 0 ? `, ${known} of them there already` : ""}.`,
    ...(prompts.length > 0 ? [textTable(prompts, columns, paint)] : []),
    ...sets.map(setText),
    ...releases.map(
      ({ key, version, environment, label }) =>
        `Released ${key}@v${version} to ${environment} (label ${label}), as of now.`,
    ),
    ...section(paint.bold("Changed on the way:"), changes),
    ...section(paint.yellow("Not taken:"), left),
    ...nextStep(report, dryRun),
  ].join("\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function placeOf({ file, version }: Pick<TakenPrompt, "file" | "version">): string {
  return file ?? (version === null ? "-" : `v${version}`);
}

function setText({ name, cases, created, ...place }: TakenSet): string {
  const where = placeOf(place);
  const there = created ? "" : ", there already";
  return `Eval set ${name}: ${counted(cases, "case")}${where === "-" ? "" : `, ${where}`}${there}.`;
}

function section(title: string, remarks: readonly ImportRemark[]): readonly string[] {
  if (remarks.length === 0) return [];
  return [
    title,
    ...remarks.map(
      ({ from, line, sentence }) => `  ${line === null ? from : `${from}:${line}`}: ${sentence}`,
    ),
  ];
}

function nextStep({ prompts, sets }: ImportReport, dryRun: boolean): readonly string[] {
  if (dryRun) return ["Next: the same without --dry-run"];
  const [prompt] = prompts;
  if (prompt === undefined) return [];
  if (prompt.file === null) return [`Next: colophon show ${prompt.key}`];
  const set = sets.find(({ file }) => file !== null);
  return [
    "Next: read the files, commit them, and colophon push",
    ...(set === undefined ? [] : [`      colophon evalset import ${set.file}`]),
  ];
}
