/** `colophon ledger`: rows of the ledger. */
import { type LedgerRow, listLedger, readInstant, versionNumber } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { ledgerTable } from "../ledger-table.ts";
import { wholeNumber } from "../read-flags.ts";
import { traceRows } from "../trace-rows.ts";

interface LedgerFlags extends GlobalFlags {
  readonly prompt?: string;
  readonly version?: string;
  readonly user?: string;
  readonly document?: string;
  readonly trace?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
}

export function addLedger(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "ledger",
    summary: "list recorded calls, newest first; with --env those of one environment",
    example: "colophon ledger --prompt support.triage --user ada --since 2026-01-16 --limit 20",
  })
    .option("--prompt <key>", "of this prompt")
    .option("--version <vN>", "of this version")
    .option("--user <id>", "for this user")
    .option("--document <id>", "for this document")
    .option("--trace <id>", "of this trace, oldest first and each call under the one it was made within")
    .option("--since <iso>", "from this time on")
    .option("--until <iso>", "before this time")
    .option("--limit <rows>", "how many rows at most", "100")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<LedgerFlags>(command);
      const query = { ...readQuery(flags), environment: cli.namedEnvironment(flags) };
      await cli.ask(flags, async (house) => {
        const rows = await listLedger(house, query);
        cli.list(flags, rows, () =>
          [
            cli.heading(house, query.environment ?? null),
            tableOf(flags.trace === undefined ? rows : traceRows(rows), cli),
          ].join("\n"),
        );
      });
    });
}

function tableOf(rows: readonly LedgerRow[], { paint }: Cli): string {
  return rows.length === 0 ? "No recorded calls." : ledgerTable(rows, paint);
}

function readQuery(flags: LedgerFlags) {
  const { prompt, user, document, trace, since, until, limit = "100" } = flags;
  const query = {
    prompt,
    version: flags.version === undefined ? undefined : versionNumber(flags.version.replace(/^(?=\d)/, "v")),
    user,
    document,
    trace,
    since: since === undefined ? undefined : readInstant(since, "--since"),
    until: until === undefined ? undefined : readInstant(until, "--until"),
    limit: wholeNumber(limit, "--limit"),
  };
  if (query.version !== undefined && prompt === undefined) {
    throw new HarnessError("usage", "--version needs the prompt that it is of; add --prompt KEY.");
  }
  if (query.since !== undefined && query.until !== undefined && query.since >= query.until) {
    throw new HarnessError("usage", `--since ${since} is not before --until ${until}; swap them.`);
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}
