/** `colophon evalset`: imports, exports, lists and shows eval sets, adds cases and audits them. */
import { resolve } from "node:path";
import {
  EVAL_SET_FORMATS,
  type EvalSetFormat,
  type EvalSetRow,
  exportEvalSet,
  formatOf,
  importEvalSet,
  listEvalSets,
  showEvalSet,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { changedText, setName, showText } from "../evalset/eval-set-text.ts";
import { spareMemory } from "../evaluation/spare-memory.ts";
import { readText } from "../read-document.ts";
import { gathered, wholeNumber } from "../read-flags.ts";
import { shortHash, shortTime, textTable } from "../text-table.ts";
import { writeOutput } from "../write-output.ts";
import { addEvalsetAdd } from "./evalset-add.ts";
import { addEvalsetAudit } from "./evalset-audit.ts";

export function addEvalset(program: Command, cli: Cli): void {
  const evalset = addCommand(program, {
    usage: "evalset",
    summary: "import, export, list, show and audit eval sets, and add cases to them",
    example: "colophon evalset import cases.jsonl --name triage",
  });
  addImport(evalset, cli);
  addExport(evalset, cli);
  addList(evalset, cli);
  addShow(evalset, cli);
  addEvalsetAdd(evalset, cli);
  addEvalsetAudit(evalset, cli);
}

interface ImportFlags extends GlobalFlags {
  readonly name?: string;
  readonly owner?: string;
  readonly refreshDays?: string;
  readonly split: string;
  readonly testShare: string;
  readonly scorer?: readonly string[];
  readonly add?: boolean;
  readonly keepContents?: boolean;
  readonly prompt?: string;
  readonly format?: string;
}

function addImport(evalset: Command, cli: Cli): void {
  addCommand(evalset, {
    usage: "import <file>",
    summary:
      "record a version of an eval set from JSON Lines, CSV, YAML or promptfoo tests (- reads standard input)",
    example: "colophon evalset import cases.jsonl --name triage --owner support --refresh-days 90",
  })
    .option("--name <set>", "what the set is called (needed unless the file says)")
    .option("--owner <name>", "who keeps it fresh; as before when left out")
    .option("--refresh-days <days>", "days after which it is overdue; as before when left out")
    .option(
      "--split <how>",
      "auto splits cases that name none by their cluster; given asks each for its own",
      "auto",
    )
    .option("--test-share <share>", "share of clusters that auto puts into test", "0.5")
    .option(
      "--scorer <spec>",
      "scorers of all cases, in place of the file's: a name, or a spec in JSON; may be repeated",
      gathered,
    )
    .option("--add", "keep the cases that are there, and add these to them")
    .option("--prompt <key>", "a prompt whose contract the cases must fit, beside those that name the set")
    .option("--keep-contents", "take in cases of calls that name a subject, beyond the subject's erasure")
    .option("--format <format>", `${EVAL_SET_FORMATS.join(", ")}; else by the file's ending`)
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<ImportFlags>(command);
      const name = argument === "-" ? "standard input" : argument;
      const format = readFormat(flags.format) ?? formatOf(argument);
      if (format === undefined) {
        throw new HarnessError("usage", `${name} has no ending that says its format; add --format.`);
      }
      const split = { mode: splitMode(flags.split), testShare: share(flags.testShare) };
      const file =
        format === "jsonl" && argument !== "-"
          ? { file: name, format, path: resolve(cli.io.cwd, argument) }
          : { file: name, format, text: await readText(argument, cli.io) };
      const { owner, prompt, add, keepContents, scorer: scorers } = flags;
      const refreshDays =
        flags.refreshDays === undefined ? undefined : wholeNumber(flags.refreshDays, "--refresh-days");
      spareMemory();
      await cli.change(flags, async (harness) => {
        const set = { name: flags.name, owner, refreshDays, split, scorers, add, prompt, keepContents };
        const imported = await importEvalSet(harness, { ...set, file });
        const { unmapped } = imported;
        cli.answer(flags, imported, () => `${cli.heading(harness, null)}\n${changedText(imported)}`);
        for (const { test, assertion, why, instead } of unmapped) {
          const where = assertion === null ? test : `${test}, ${assertion}`;
          cli.say(`${instead === null ? "Not taken in" : `Taken in as ${instead}, but`}: ${where}: ${why}.`);
        }
      });
    });
}

function splitMode(text: string): "auto" | "given" {
  if (text === "auto" || text === "given") return text;
  throw new HarnessError("usage", `--split takes auto or given, not "${text}".`);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 1) return value;
  throw new HarnessError("usage", `--test-share takes a share above 0 and up to 1, not "${text}".`);
}

function readFormat(text: string | undefined): EvalSetFormat | undefined {
  const format = EVAL_SET_FORMATS.find((known) => known === text);
  if (text === undefined || format !== undefined) return format;
  throw new HarnessError("usage", `--format takes ${EVAL_SET_FORMATS.join(", ")}, not "${text}".`);
}

interface ExportFlags extends GlobalFlags {
  readonly format?: string;
  readonly out?: string;
}

function addExport(evalset: Command, cli: Cli): void {
  addCommand(evalset, {
    usage: "export <set>",
    summary: "write the newest version of a set, or S@v3, as a file",
    example: "colophon evalset export triage -o triage.yaml",
  })
    .option("-o, --out <file>", "where to write; standard output when left out")
    .option("--format <format>", `${EVAL_SET_FORMATS.join(", ")}; else by the file's ending, else jsonl`)
    .action(async (set: string, _options: object, command: Command) => {
      const flags = flagsOf<ExportFlags>(command);
      const format = readFormat(flags.format) ?? formatOf(flags.out ?? "") ?? "jsonl";
      await cli.ask(flags, async (harness) => {
        const { text, without, name, version, cases } = await exportEvalSet(harness, set, format);
        if (without !== null) cli.say(`The file is without ${without}.`);
        if (flags.out === undefined) {
          cli.io.stdout.write(text);
          return;
        }
        writeOutput(cli.io, flags.out, text);
        cli.answer(flags, { name, version, cases, format, out: flags.out, without }, () =>
          [cli.heading(harness, null), `${cases} cases of ${name}@v${version} are in ${flags.out}.`].join(
            "\n",
          ),
        );
      });
    });
}

function addList(evalset: Command, cli: Cli): void {
  addCommand(evalset, {
    usage: "list",
    summary: "list the eval sets",
    example: "colophon evalset list",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf(command);
    await cli.ask(flags, async (harness) => {
      const rows = await listEvalSets(harness);
      cli.list(flags, rows, () => `${cli.heading(harness, null)}\n${listText(cli, rows)}`);
    });
  });
}

function listText(cli: Cli, rows: readonly EvalSetRow[]): string {
  if (rows.length === 0) return "There is no eval set yet; make one with `colophon evalset import`.";
  const right = { align: "right" } as const;
  return textTable(
    rows,
    [
      { title: "set", cell: setName },
      { title: "hash", cell: ({ hash }) => shortHash(hash) },
      { title: "dev", cell: ({ dev }) => dev, ...right },
      { title: "test", cell: ({ test }) => test, ...right },
      { title: "owner", cell: ({ owner }) => owner },
      { title: "made", cell: ({ at }) => shortTime(at) },
      {
        title: "due",
        cell: ({ due, overdue }) => (overdue ? `overdue since ${due?.slice(0, 10)}` : due?.slice(0, 10)),
      },
      { title: "prompts", cell: ({ prompts }) => prompts.join(", ") },
    ],
    cli.paint,
  );
}

function addShow(evalset: Command, cli: Cli): void {
  addCommand(evalset, {
    usage: "show <set>",
    summary: "show a set with its scorers, slices, versions and cases; its newest version, or S@v3",
    example: "colophon evalset show triage@v1",
  }).action(async (set: string, _options: object, command: Command) => {
    const flags = flagsOf(command);
    await cli.ask(flags, async (harness) => {
      const shown = await showEvalSet(harness, set);
      cli.answer(flags, shown, () => `${cli.heading(harness, null)}\n${showText(cli.paint, shown)}`);
    });
  });
}
