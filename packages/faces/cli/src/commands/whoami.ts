/** `colophon whoami`: who asks, and what they may do where. */
import { type RightRow, type Whoami, whoami } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { askInstallation, placeHeading } from "../installation/visit-installation.ts";
import { textTable } from "../text-table.ts";

export function addWhoami(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "whoami",
    summary: "say who you are to the store or server, and what you may do",
    example: "colophon whoami",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf(command);
    await askInstallation(cli, flags, async (house) => {
      const said = await whoami(house);
      const columns = [
        { title: "project", cell: (row: RightRow) => row.project ?? "all" },
        { title: "environment", cell: (row: RightRow) => row.environment ?? "all" },
        { title: "scopes", cell: (row: RightRow) => row.scopes.join(" ") },
      ];
      cli.answer(flags, said, () =>
        [
          placeHeading(cli, house, said.project),
          `You are ${nameOf(said)}.`,
          textTable(said.rights, columns, cli.paint),
        ].join("\n"),
      );
    });
  });
}

function nameOf({ key, person, actor }: Whoami): string {
  if (key !== null) return `the key ${key.id} (${key.name})`;
  if (person !== null) return `${person.name}, ${person.email}`;
  return `${actor.id}, at the machine with the database`;
}
