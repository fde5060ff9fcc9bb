/** `colophon list`: the prompts of the store. */
import { checkEnvironment, listPrompts, type PromptSummary } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { declaredNames } from "../declared-names.ts";
import { textTable } from "../text-table.ts";

export function addList(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "list",
    summary: "list the prompts",
    example: "colophon list --env production",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf(command);
    const environment = cli.environment(flags);
    await cli.ask(flags, async (house) => {
      await checkEnvironment(house, environment);
      const rows = await listPrompts(house);
      const columns = [
        { title: "prompt", cell: (row: PromptSummary) => row.key },
        { title: "owner", cell: (row: PromptSummary) => row.owner },
        { title: "risk", cell: (row: PromptSummary) => row.risk },
        { title: "versions", cell: (row: PromptSummary) => row.versions, align: "right" as const },
        { title: `live in ${environment}`, cell: (row: PromptSummary) => liveName(row.live[environment]) },
        { title: "live elsewhere", cell: (row: PromptSummary) => elsewhere(row, environment) },
        {
          title: `code in ${environment}`,
          cell: (row: PromptSummary) => declaredNames(row.declared[environment] ?? []),
        },
        { title: "overrides", cell: (row: PromptSummary) => row.overrides, align: "right" as const },
      ];
      const empty = "No prompts yet. Next: colophon register FILE";
      cli.list(flags, rows, () =>
        [
          cli.heading(house, environment),
          rows.length === 0 ? empty : textTable(rows, columns, cli.paint),
        ].join("\n"),
      );
    });
  });
}

function liveName(version: number | undefined): string | null {
  return version === undefined ? null : `v${version}`;
}

function elsewhere({ live }: PromptSummary, environment: string): string {
  return Object.entries(live)
    .filter(([name]) => name !== environment)
    .map(([name, version]) => `${name} v${version}`)
    .join(", ");
}
