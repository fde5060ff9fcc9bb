/** `colophon status`: how prompt files and the registry stand to one another. */
import { checkEnvironment, findPromptFolder, folderStatus, type SyncStatus } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { keyAlone } from "../read-flags.ts";
import { textTable } from "../text-table.ts";

interface StatusFlags extends GlobalFlags {
  readonly dir?: string;
  readonly exitCode?: boolean;
}

export function addStatus(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "status [keys...]",
    summary: "compare prompt files with the registry, and show what is live",
    example: "colophon status --env production\ncolophon status --exit-code",
  })
    .option("--dir <folder>", "the folder of the prompt files; else the nearest prompts/ upward")
    .option("--exit-code", "end with 1 if anything differs, deleted files aside")
    .action(async (given: readonly string[], _options: object, command: Command) => {
      const flags = flagsOf<StatusFlags>(command);
      const environment = cli.environment(flags);
      const keys = given.map(keyAlone);
      const folder = findPromptFolder(cli.io.cwd, flags.dir);
      await cli.ask(flags, async (house) => {
        await checkEnvironment(house, environment);
        const rows = await folderStatus(house, { folder, environment, keys });
        if (flags.exitCode === true && rows.some(({ state }) => !SETTLED.includes(state))) cli.fail();
        cli.list(flags, rows, () =>
          [cli.heading(house, environment), ...human(cli, rows, environment)].join("\n"),
        );
      });
    });
}

function human(cli: Cli, rows: readonly SyncStatus[], environment: string): readonly string[] {
  if (rows.length === 0) return ["There are no prompts, neither here nor in the registry."];
  const columns = [
    { title: "prompt", cell: (row: SyncStatus) => row.key },
    { title: "lock", cell: (row: SyncStatus) => named(row.locked) },
    { title: "newest", cell: (row: SyncStatus) => named(row.newest?.version) },
    { title: environment, cell: (row: SyncStatus) => named(row.live) },
    { title: "state", cell: stateText },
    { title: "file", cell: (row: SyncStatus) => row.file },
  ];
  return [textTable(rows, columns, cli.paint), ...nextSteps(rows)];
}

function named(version: number | null | undefined): string | null {
  return version === null || version === undefined ? null : `v${version}`;
}

function stateText({ state, newest, mergeable, withdrawn, problem }: SyncStatus): string {
  const by = newest === null ? "" : ` by ${newest.author} (${newest.source})`;
  const left = withdrawn === null ? "" : `; v${withdrawn.version} was withdrawn: ${withdrawn.reason}`;
  switch (state) {
    case "in-sync":
      return "in sync";
    case "lock-behind":
      return "in sync, but not in the lock";
    case "changed-here":
      return `changed here${left}`;
    case "changed-there":
      return `changed there${by}${left}`;
    case "changed-both":
      return `changed here and there${by}, ${mergeable === true ? "mergeable" : "in conflict"}${left}`;
    case "only-here":
      return "only here";
    case "only-there":
      return `only there${by}`;
    case "deleted-here":
      return "deleted here";
    case "no-ancestor":
      return `differs${by}, without a common version in the lock`;
    case "withdrawn":
      return withdrawn === null ? "withdrawn" : `withdrawn by ${withdrawn.by}: ${withdrawn.reason}`;
    case "other-registry":
      return "the lock is of another registry";
    case "unreadable":
      return problem ?? "cannot be read";
  }
}

/** Nothing is left to do: that a file was deleted is in its commit, and the registry keeps the prompt. */
const SETTLED: readonly SyncStatus["state"][] = ["in-sync", "deleted-here"];
const PUSHED: readonly SyncStatus["state"][] = ["changed-here", "only-here", "lock-behind"];
const PULLED: readonly SyncStatus["state"][] = ["changed-there", "changed-both", "only-there"];

/** Nothing of it comes in without the marks of a merge. */
function isInConflict({ state, mergeable }: SyncStatus): boolean {
  return state === "no-ancestor" || (state === "changed-both" && mergeable !== true);
}

function nextSteps(rows: readonly SyncStatus[]): readonly string[] {
  const count = (states: readonly SyncStatus["state"][]) =>
    rows.filter((row) => states.includes(row.state) && !isInConflict(row)).length;
  const [push, pull] = [count(PUSHED), count(PULLED)];
  const conflicts = rows.filter(isInConflict).length;
  const [unreadable, withdrawn, foreign] = [
    count(["unreadable"]),
    count(["withdrawn"]),
    count(["other-registry"]),
  ];
  return [
    ...(push > 0 ? [`${push} to push: colophon push`] : []),
    ...(pull > 0 ? [`${pull} to pull: colophon pull`] : []),
    ...(conflicts > 0 ? [`${conflicts} to settle: colophon pull --conflicts`] : []),
    ...(unreadable > 0 ? [`${unreadable} to mend: nothing is pushed while a file cannot be read`] : []),
    ...(withdrawn > 0 ? [`${withdrawn} withdrawn: change the file, and colophon push`] : []),
    ...(foreign > 0 ? [`${foreign} of another registry: name it with --store`] : []),
    ...(push + pull === 0 && rows.every(({ state }) => state === "in-sync")
      ? ["Everything is in sync."]
      : []),
  ];
}
