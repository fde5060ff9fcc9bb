/** `colophon override`: for this user, tenant, document or type, this version. */
import {
  clearOverride,
  findOverrides,
  type OverrideResult,
  readInstant,
  setOverride,
} from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { overrideTable, subjectName } from "../override-table.ts";
import { concreteVersion, keyAlone, oneSubject, requiredSubject, type SubjectFlags } from "../read-flags.ts";
import { shortTime } from "../text-table.ts";

interface OverrideFlags extends GlobalFlags, SubjectFlags {
  readonly expires?: string;
  readonly reason?: string;
  readonly breakGlass?: string;
}

export function addOverride(program: Command, cli: Cli): void {
  const override = addCommand(program, {
    usage: "override",
    summary: "serve a version to one user, tenant, document or document type",
    example: "colophon override set support.triage@v8 --user ada --expires 2026-03-01",
  });
  addSet(override, cli);
  addClear(override, cli);
  addList(override, cli);
}

function withSubjects(command: Command): Command {
  return command
    .option("--user <id>", "this user")
    .option("--tenant <id>", "this tenant")
    .option("--document <id>", "this document")
    .option("--document-type <type>", "documents of this type");
}

function addSet(override: Command, cli: Cli): void {
  withSubjects(
    addCommand(override, {
      usage: "set <key@vN>",
      summary: "set an override; without --env it holds in all environments",
      example: "colophon override set support.triage@v8 --user ada --env production",
    }),
  )
    .option("--expires <iso>", "when it ends")
    .option("--reason <text>", "why, for the log")
    .option("--break-glass <text>", "where evidence is asked for and missing, and why it cannot wait")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<OverrideFlags>(command);
      const { key, version } = concreteVersion(argument);
      const subject = requiredSubject(flags);
      const expires = flags.expires === undefined ? null : readInstant(flags.expires, "--expires");
      const environment = cli.namedEnvironment(flags) ?? null;
      const { reason = null, breakGlass = null } = flags;
      await cli.change(flags, async (house) => {
        const result = await setOverride(house, {
          key,
          version,
          subject,
          environment,
          expires,
          reason,
          breakGlass,
        });
        for (const warning of result.warnings) cli.say(warning);
        cli.answer(flags, result, () => `${cli.heading(house, environment)}\n${said(result)}`);
      });
    });
}

function addClear(override: Command, cli: Cli): void {
  withSubjects(
    addCommand(override, {
      usage: "clear <key>",
      summary: "clear what was set for a subject; without --env what holds in all environments",
      example: "colophon override clear support.triage --user ada",
    }),
  )
    .option("--reason <text>", "why, for the log")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<OverrideFlags>(command);
      const key = keyAlone(argument);
      const subject = requiredSubject(flags);
      const environment = cli.namedEnvironment(flags) ?? null;
      await cli.change(flags, async (house) => {
        const result = await clearOverride(house, {
          key,
          subject,
          environment,
          reason: flags.reason ?? null,
        });
        cli.answer(flags, result, () => `${cli.heading(house, environment)}\n${said(result)}`);
      });
    });
}

function addList(override: Command, cli: Cli): void {
  withSubjects(
    addCommand(override, {
      usage: "list [key]",
      summary: "list overrides, newest first; with --env those that count there",
      example: "colophon override list support.triage --env production",
    }),
  ).action(async (argument: string | undefined, _options: object, command: Command) => {
    const flags = flagsOf<OverrideFlags>(command);
    const key = argument === undefined ? undefined : keyAlone(argument);
    const environment = cli.namedEnvironment(flags);
    await cli.ask(flags, async (house) => {
      const rows = await findOverrides(house, { key, environment, subject: oneSubject(flags) });
      cli.list(flags, rows, () =>
        [
          cli.heading(house, environment ?? null),
          rows.length === 0 ? "No overrides." : overrideTable(rows, cli.paint),
        ].join("\n"),
      );
    });
  });
}

function said(result: OverrideResult): string {
  const { key, version, kind, subject, environment, expires, unchanged, replaced } = result;
  const where = environment === null ? "all environments" : environment;
  const who = subjectName(kind, subject);
  if (version === null) {
    return unchanged
      ? `${who} has no override of ${key} for ${where}.`
      : `Cleared the override of ${key} for ${who} in ${where}.`;
  }
  const until = expires === null ? "" : ` until ${shortTime(expires)}`;
  const before = replaced.length === 0 ? "" : ` It stands before v${replaced[0]}.`;
  return unchanged
    ? `${who} has ${key}@v${version} in ${where}${until} already.`
    : `${who} is served ${key}@v${version} in ${where}${until}.${before}`;
}
