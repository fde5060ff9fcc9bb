/** `colophon pull`: brings versions that were written elsewhere into prompt files. */
import {
  findPromptFolder,
  type PullConflict,
  type PulledPrompt,
  type PullReport,
  pullFolder,
} from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { keyAlone } from "../read-flags.ts";
import { mergeText, plainText } from "../sync/merge-text.ts";
import { textTable } from "../text-table.ts";

interface PullFlags extends GlobalFlags {
  readonly dir?: string;
  readonly branch?: string;
  readonly here?: boolean;
  readonly conflicts?: boolean;
}

export function addPull(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "pull [keys...]",
    summary: "bring versions that were written elsewhere into prompt files, as a commit on a branch",
    example: "colophon pull\ncolophon pull support.triage --here",
  })
    .option("--dir <folder>", "the folder of the prompt files; else the nearest prompts/ upward")
    .option("--branch <name>", "the new branch; else colophon/pull-… after what is on it")
    .option("--here", "change the files themselves, without a branch")
    .option("--conflicts", "also write what both sides changed, with the marks of a merge")
    .action(async (given: readonly string[], _options: object, command: Command) => {
      const flags = flagsOf<PullFlags>(command);
      const { dir, branch = null, here = false, conflicts = false } = flags;
      if (here && branch !== null) {
        throw new HarnessError("usage", "--here makes no branch; leave out --branch, or --here.");
      }
      const keys = given.map(keyAlone);
      const folder = findPromptFolder(cli.io.cwd, dir);
      await cli.ask(flags, async (house) => {
        const report = await pullFolder(house, { folder, keys, here, branch, conflicts });
        if (report.conflicts.length > 0) cli.fail();
        cli.answer(flags, report, () =>
          [cli.heading(house, null), ...human(cli, report, conflicts)].join("\n"),
        );
      });
    });
}

/** `conflicts`: whether they were written. */
function human(cli: Cli, report: PullReport, conflicts: boolean): readonly string[] {
  const { branch, created, pulled, withdrawn, deleted, uncommitted } = report;
  const lines: string[] = [];
  if (pulled.length === 0) lines.push("Nothing to pull.");
  else lines.push(pulledTable(cli, pulled));
  for (const conflict of report.conflicts) lines.push(...conflictText(cli, conflict, conflicts));
  for (const { key, version, by, reason } of withdrawn) {
    lines.push(plainText(`${key}@v${version} was withdrawn by ${by}: ${reason}`));
  }
  if (deleted.length > 0) {
    lines.push(`Deleted here and left so: ${deleted.join(", ")}. \`colophon pull KEY\` brings one back.`);
  }
  if (branch !== null) {
    lines.push(
      created ? `All of it is one commit on ${branch}.` : `${branch} is there already, with just this.`,
    );
    if (uncommitted.length > 0) {
      lines.push(`The branch has nothing of your uncommitted changes: ${uncommitted.join(", ")}.`);
    }
  }
  const steps = branch === null ? [] : [`git merge ${branch}`];
  if (pulled.some(({ change }) => change === "conflict")) {
    steps.push("keep what is to stay, delete the marks, commit and push");
  }
  if (steps.length > 0) lines.push(`Next: ${steps.join("; ")}`);
  return lines;
}

const WHAT: Readonly<Record<PulledPrompt["change"], string>> = {
  new: "new file",
  updated: "updated",
  merged: "merged with your changes",
  conflict: "with conflicts to settle",
  lock: "noted in colophon.lock",
};

function pulledTable(cli: Cli, pulled: readonly PulledPrompt[]): string {
  const columns = [
    { title: "prompt", cell: (row: PulledPrompt) => row.key },
    { title: "from", cell: (row: PulledPrompt) => (row.from === null ? null : `v${row.from}`) },
    { title: "to", cell: (row: PulledPrompt) => `v${row.version}` },
    { title: "by", cell: (row: PulledPrompt) => row.versions.at(-1)?.author },
    { title: "source", cell: (row: PulledPrompt) => row.versions.at(-1)?.source },
    { title: "what", cell: (row: PulledPrompt) => WHAT[row.change] },
    { title: "file", cell: (row: PulledPrompt) => row.file },
  ];
  return textTable(pulled, columns, cli.paint);
}

function conflictText(cli: Cli, conflict: PullConflict, isWritten: boolean): readonly string[] {
  const { key, file, version, merge, problem } = conflict;
  if (problem !== null) return [cli.paint.yellow(plainText(`${key} was left alone: ${problem}`))];
  const how = isWritten ? "has conflicts to settle" : "was left alone";
  const next = isWritten ? [] : [`Next: colophon pull ${key} --conflicts, or change ${file} by hand`];
  return [
    cli.paint.yellow(plainText(`${key} ${how}: ${file} and v${version} changed the same lines.`)),
    ...(merge === null ? [] : [mergeText(merge, cli.paint)]),
    ...next,
  ];
}
