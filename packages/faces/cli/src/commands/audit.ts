/** `colophon audit`: what was changed and refused, as a list, as an export, and held against its chain. */
import { type AuditRow, exportAudit, listAudit, verifyAudit } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import {
  askInstallation,
  type PlaceFlags,
  placeHeading,
  placeOf,
  withPlace,
} from "../installation/visit-installation.ts";
import { wholeNumber } from "../read-flags.ts";
import { shortTime, textTable } from "../text-table.ts";

export function addAudit(program: Command, cli: Cli): void {
  const audit = addCommand(program, {
    usage: "audit",
    summary: "read the audit log: what was changed and refused, by whom",
    example: "colophon audit list --since 7d",
  });
  addList(audit, cli);
  addExport(audit, cli);
  addVerify(audit, cli);
}

interface ListFlags extends PlaceFlags {
  readonly actor?: string;
  readonly action?: string;
  readonly refused?: boolean;
  readonly since?: string;
  readonly limit?: string;
}

function addList(audit: Command, cli: Cli): void {
  withPlace(
    addCommand(audit, {
      usage: "list",
      summary: "list entries, newest first",
      example: "colophon audit list --since 7d --refused",
    }),
  )
    .option("--actor <id>", "by this person or key alone")
    .option("--action <name>", "of this operation alone, such as release.create")
    .option("--refused", "refusals alone")
    .option("--since <when>", "a duration back from now such as 7d, or ISO 8601")
    .option("--limit <count>", "how many; 100 unless given")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<ListFlags>(command);
      await askInstallation(cli, flags, async (house) => {
        const project = placeOf(house, flags);
        const rows = await listAudit(house, { project, ...filterOf(flags) });
        const columns = [
          { title: "n", cell: (row: AuditRow) => row.n, align: "right" as const },
          { title: "at", cell: (row: AuditRow) => shortTime(row.at) },
          { title: "by", cell: (row: AuditRow) => `${row.actor.id} (${row.actor.via})` },
          { title: "action", cell: (row: AuditRow) => (row.allowed ? row.action : `refused ${row.action}`) },
          { title: "on", cell: (row: AuditRow) => row.target },
          { title: "project", cell: (row: AuditRow) => row.project },
          { title: "environment", cell: (row: AuditRow) => row.environment },
          { title: "detail", cell: (row: AuditRow) => row.detail },
        ];
        cli.list(
          flags,
          rows,
          () => `${placeHeading(cli, house, project)}\n${textTable(rows, columns, cli.paint)}`,
        );
      });
    });
}

function filterOf({ actor, action, refused, since, limit }: ListFlags) {
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(refused === true ? { allowed: false } : {}),
    ...(since === undefined ? {} : { since }),
    ...(limit === undefined ? {} : { limit: wholeNumber(limit, "--limit") }),
  };
}

function addExport(audit: Command, cli: Cli): void {
  withPlace(
    addCommand(audit, {
      usage: "export",
      summary: "write entries just as they are chained to standard output, oldest first, as JSON Lines",
      example: "colophon audit export --installation > audit.jsonl",
    }),
  )
    .option("--after <n>", "only entries after this one")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<PlaceFlags & { readonly after?: string }>(command);
      const from = flags.after === undefined ? 0 : wholeNumber(flags.after, "--after", 0);
      await askInstallation(cli, flags, async (house) => {
        const project = placeOf(house, flags);
        for (let after: number | null = from; after !== null; ) {
          const { entries, next } = await exportAudit(house, { project, after });
          for (const entry of entries) cli.io.stdout.write(`${JSON.stringify(entry)}\n`);
          after = next;
        }
      });
    });
}

function addVerify(audit: Command, cli: Cli): void {
  addCommand(audit, {
    usage: "verify",
    summary: "hold the whole log against its chain",
    example: "colophon audit verify",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf<GlobalFlags>(command);
    await askInstallation(cli, flags, async (house) => {
      const verdict = await verifyAudit(house);
      if (verdict.broken.length > 0) cli.fail();
      cli.answer(flags, verdict, () =>
        [
          placeHeading(cli, house, null),
          verdict.broken.length === 0
            ? `${verdict.entries} entries, all as they were written.`
            : `${verdict.entries} entries; not as they were written: ${verdict.broken.join(", ")}.`,
        ].join("\n"),
      );
    });
  });
}
