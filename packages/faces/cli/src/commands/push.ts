/** `colophon push`: makes versions of what changed in prompt files. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  checkEnvironment,
  findPromptFolder,
  type House,
  locateStore,
  type PromptFolder,
  type PushConflict,
  type PushedPrompt,
  type PushReport,
  pushFolder,
  releaseVersion,
} from "@colophon/harness";
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { mergeText, plainText } from "../sync/merge-text.ts";
import { shortHash, textTable } from "../text-table.ts";

interface PushFlags extends GlobalFlags {
  readonly dir?: string;
  readonly message?: string;
  readonly dryRun?: boolean;
  readonly allowDirty?: boolean;
  readonly git: boolean;
  readonly release?: boolean;
  readonly reason?: string;
}

interface Released {
  readonly key: string;
  readonly version: number;
  readonly environment: string;
  /** Why it was not; null where it was. */
  readonly refused: { readonly code: string; readonly message: string } | null;
}

export function addPush(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "push [files...]",
    summary: "make versions of what changed in prompt files, with the commits they come from",
    example: 'colophon push\ncolophon push --release --env staging --reason "clearer labels"',
  })
    .option("--dir <folder>", "the folder of the prompt files; else the nearest prompts/ upward")
    .option("--message <text>", "what changed, for the log; else the commits' own first lines")
    .option("--dry-run", "say what would be pushed, and push nothing")
    .option("--allow-dirty", "also push what no commit has, without a commit")
    .option("--no-git", "push from a folder in no repository: versions name no commit")
    .option("--release", "release what was pushed to the environment of --env, through its gate")
    .option("--reason <text>", "why it is released, for the log (needed with --release)")
    .action(async (files: readonly string[], _options: object, command: Command) => {
      const flags = flagsOf<PushFlags>(command);
      const { dir, message = null, dryRun = false, allowDirty = false, git } = flags;
      const release = releaseOf(cli, flags);
      const folder = findPromptFolder(cli.io.cwd, dir);
      refuseForeignClone(cli, flags, folder);
      const work = async (house: House): Promise<void> => {
        if (release !== null) await checkEnvironment(house, release.environment);
        const report = await pushFolder(house, { folder, only: files, git, allowDirty, message, dryRun });
        const released = release === null || dryRun ? [] : await releaseAll(house, { report, release });
        const isRefused = released.some(({ refused }) => refused !== null);
        if (report.conflicts.length > 0 || isRefused) cli.fail();
        cli.answer(flags, { ...report, released }, () =>
          [cli.heading(house, null), ...human(cli, report, dryRun), ...released.map(releasedText)].join("\n"),
        );
      };
      if (dryRun) await cli.ask(flags, work);
      else await cli.change(flags, work);
    });
}

/** A fresh clone has a lock and no store: one that were made now would know none of the versions in it. */
function refuseForeignClone(cli: Cli, flags: PushFlags, { parent }: PromptFolder): void {
  if (cli.storeName(flags) !== undefined || locateStore({ cwd: cli.io.cwd }).exists) return;
  if (!existsSync(join(parent, "colophon.lock"))) return;
  throw new HarnessError(
    "store-unavailable",
    "colophon.lock is of a registry, and there is no store here: name that registry's with --store or COLOPHON_STORE, or begin a new one with `colophon init`.",
  );
}

interface ReleaseWish {
  readonly environment: string;
  readonly reason: string;
}

function releaseOf(cli: Cli, flags: PushFlags): ReleaseWish | null {
  if (flags.release !== true) return null;
  const environment = cli.namedEnvironment(flags);
  if (environment === undefined) {
    throw new HarnessError("usage", "No environment is named to release to; add --env E.");
  }
  if ((flags.reason ?? "").trim() === "") {
    throw new HarnessError("reason-missing", "A release needs a reason; add --reason TEXT.");
  }
  return { environment, reason: flags.reason ?? "" };
}

/** Only what this push has made: whatever was rolled back before stays so. */
async function releaseAll(
  house: House,
  { report, release }: { readonly report: PushReport; readonly release: ReleaseWish },
): Promise<readonly Released[]> {
  const { environment, reason } = release;
  const released: Released[] = [];
  for (const { key, version, created } of report.pushed) {
    if (!created) continue;
    try {
      const request = { key, version, environment, fromEnvironment: null, reason, model: null };
      await releaseVersion(house, { ...request, breakGlass: null });
      released.push({ key, version, environment, refused: null });
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === undefined) throw error;
      const refused = { code, message: (error as Error).message };
      released.push({ key, version, environment, refused });
    }
  }
  return released;
}

function releasedText({ key, version, environment, refused }: Released): string {
  return refused === null
    ? `Released ${key}@v${version} to ${environment}.`
    : `${key}@v${version} was not released to ${environment}: ${refused.message}`;
}

function human(cli: Cli, report: PushReport, dryRun: boolean): readonly string[] {
  const { pushed, conflicts, behind, withdrawn, deleted, unchanged, lockChanged } = report;
  const would = dryRun ? "Would push" : "Pushed";
  const lines = [
    pushed.length === 0 ? `Nothing to push; ${unchanged} in sync.` : `${would} ${pushed.length}:`,
    ...(pushed.length === 0 ? [] : [pushedTable(cli, pushed)]),
    ...conflicts.flatMap((conflict) => conflictText(cli, conflict)),
  ];
  if (behind.length > 0) {
    const keys = behind.map(({ key, version }) => `${key} v${version}`).join(", ");
    lines.push(`Newer in the registry: ${keys}. Next: colophon pull`);
  }
  if (withdrawn.length > 0) {
    lines.push(`Withdrawn as they are: ${withdrawn.join(", ")}. Change the file, and push again.`);
  }
  if (deleted.length > 0) {
    lines.push(
      `Without a file by now: ${deleted.join(", ")}. The registry keeps them; \`colophon pull KEY\` brings one back.`,
    );
  }
  if (lockChanged && !dryRun) lines.push("colophon.lock has changed: commit it with the files.");
  const made = pushed.find(({ created }) => created);
  if (made !== undefined && !dryRun) {
    lines.push(`Next: colophon release ${made.key}@v${made.version} --env ENVIRONMENT --reason TEXT`);
  }
  return lines;
}

function pushedTable(cli: Cli, pushed: readonly PushedPrompt[]): string {
  const columns = [
    { title: "prompt", cell: (row: PushedPrompt) => row.key },
    { title: "version", cell: (row: PushedPrompt) => `v${row.version}` },
    { title: "what", cell: (row: PushedPrompt) => whatOf(row) },
    { title: "author", cell: (row: PushedPrompt) => row.author },
    { title: "commit", cell: (row: PushedPrompt) => shortHash(row.commit) },
    { title: "file", cell: (row: PushedPrompt) => row.file },
  ];
  return textTable(pushed, columns, cli.paint);
}

function whatOf({ created, metadataChanged }: PushedPrompt): string {
  if (created) return metadataChanged ? "new, with facts" : "new";
  return metadataChanged ? "facts" : "known";
}

function conflictText(cli: Cli, conflict: PushConflict): readonly string[] {
  const { key, file, state, version, author, merge } = conflict;
  const there = version === null ? "" : ` (v${version}${author === null ? "" : ` by ${author}`})`;
  const why: Readonly<Record<string, string>> = {
    "changed-both": `${file} has changed, and so has the registry${there}`,
    "no-ancestor": `${file} and the registry${there} differ, and colophon.lock does not say which version the file was made from`,
    "other-registry": "colophon.lock names a version that this registry does not have: look at --store",
    moved: `the registry has moved on meanwhile${there}: push again`,
  };
  const isInConflict = state === "no-ancestor" || merge?.kind === "conflict";
  const flag = isInConflict ? " --conflicts" : "";
  const isPulled = state === "changed-both" || state === "no-ancestor";
  const next = isPulled ? [`Next: colophon pull ${key}${flag}`] : [];
  return [
    cli.paint.yellow(plainText(`${key} was not pushed: ${why[state] ?? state}.`)),
    ...(merge === null ? [] : [mergeText(merge, cli.paint)]),
    ...next,
  ];
}
