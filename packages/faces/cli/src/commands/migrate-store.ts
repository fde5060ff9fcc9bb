/** `colophon migrate-store`: moves an embedded store into PostgreSQL. */
import { type MigratedStore, migrateStore } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { textTable } from "../text-table.ts";

export function addMigrateStore(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "migrate-store <from> <to>",
    summary: "move an embedded store into PostgreSQL; run again, it goes on where it ended",
    example: "colophon migrate-store .colophon postgres://owner@db.example.org/colophon",
  }).action(async (...[from, to, , command]: [string, string, object, Command]) => {
    const flags = flagsOf<GlobalFlags>(command);
    const { cwd, clock } = cli.io;
    const migrated = await migrateStore({
      ...{ from, to, cwd },
      actor: { id: cli.person(), via: "cli" },
      ...(clock === undefined ? undefined : { clock }),
    });
    if (!migrated.ok) cli.fail();
    cli.answer(flags, migrated, () => human(cli, migrated));
  });
}

function human(cli: Cli, { from, to, ok, moved, findings }: MigratedStore): string {
  const counted = Object.entries(moved).map(([what, count]) => `${count} ${what}`);
  const lines = to === null ? [] : [`Moved from ${from} to ${to}: ${counted.join(", ")}.`];
  if (ok) return [...lines, cli.paint.green("Both stores are as they were written.")].join("\n");
  const columns = [
    { title: "store", cell: (row: (typeof findings)[number]) => row.store },
    { title: "finding", cell: (row: (typeof findings)[number]) => row.kind },
    { title: "where", cell: (row: (typeof findings)[number]) => row.where },
    { title: "what", cell: (row: (typeof findings)[number]) => row.message },
  ];
  const heading = to === null ? "Nothing was moved" : "The moved store does not hold";
  return [
    ...lines,
    cli.paint.red(`${heading}: ${findings.length} finding(s).`),
    textTable(findings, columns, cli.paint),
  ].join("\n");
}
