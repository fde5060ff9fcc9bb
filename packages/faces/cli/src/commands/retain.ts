/** `colophon retain`: lets go of rows of calls that are long over. */
import { type RetainedRows, readInstant, retainRows } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { shortTime } from "../text-table.ts";

interface RetainFlags extends GlobalFlags {
  readonly before?: string;
  readonly yes?: boolean;
}

export function addRetain(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "retain",
    summary: "let go of rows of calls that started before a time; their sums stay (PostgreSQL)",
    example: "colophon retain --before 2026-01-01 --yes",
  })
    .option("--before <iso>", "keep what started then or later (needed)")
    .option("--yes", "do it; without it, the rows are counted alone")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<RetainFlags>(command);
      if (flags.before === undefined) {
        throw new HarnessError("usage", "No time is named; add --before 2026-01-01 or the like.");
      }
      const request = { before: readInstant(flags.before, "--before"), dryRun: flags.yes !== true };
      await cli.change(flags, async (house) => {
        const retained = await retainRows(house, request);
        cli.answer(flags, retained, () => [cli.heading(house, null), sentence(retained)].join("\n"));
      });
    });
}

function sentence({ since, executions, outcomes, dryRun }: RetainedRows): string {
  const rows = `${executions} execution(s) and ${outcomes} outcome(s) from before ${shortTime(since)}`;
  if (dryRun) return `${rows} would go; add --yes to let go of them. Their sums stay.`;
  return `${rows} are gone, their sums stay.`;
}
