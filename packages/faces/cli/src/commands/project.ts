/** `colophon project`: makes and lists the projects of an installation. */
import { createProject, listProjects } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { askInstallation, changeInstallation, placeHeading } from "../installation/visit-installation.ts";
import { shortTime, textTable } from "../text-table.ts";

export function addProject(program: Command, cli: Cli): void {
  const project = addCommand(program, {
    usage: "project",
    summary: "make and list projects, each with a store of its own",
    example: 'colophon project create shop --name "The shop"',
  });
  addCommand(project, {
    usage: "create <id>",
    summary: "make a project",
    example: 'colophon project create shop --name "The shop"',
  })
    .option("--name <name>", "what people call it; the id unless given")
    .action(async (id: string, _options: object, command: Command) => {
      const flags = flagsOf<GlobalFlags & { readonly name?: string }>(command);
      const { name } = flags;
      await changeInstallation(cli, flags, async (house) => {
        const made = await createProject(house, { id, ...(name === undefined ? {} : { name }) });
        cli.answer(flags, made, () => `${placeHeading(cli, house, id)}\nMade the project ${id}.`);
      });
    });
  addCommand(project, {
    usage: "list",
    summary: "list the projects in which you may do anything",
    example: "colophon project list",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf(command);
    await askInstallation(cli, flags, async (house) => {
      const rows = await listProjects(house);
      type Row = (typeof rows)[number];
      const columns = [
        { title: "project", cell: (row: Row) => row.id },
        { title: "name", cell: (row: Row) => row.name },
        { title: "made", cell: (row: Row) => shortTime(row.createdAt) },
      ];
      cli.list(
        flags,
        rows,
        () => `${placeHeading(cli, house, null)}\n${textTable(rows, columns, cli.paint)}`,
      );
    });
  });
}
