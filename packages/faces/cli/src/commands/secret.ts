/** `colophon secret`: keeps the secrets of a project, such as the keys of model providers. */
import { listSecrets, removeSecret, setSecret } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import {
  askInstallation,
  changeInstallation,
  type PlaceFlags,
  placeHeading,
  projectOf,
  withProject,
} from "../installation/visit-installation.ts";
import { readText } from "../read-document.ts";
import { shortTime, textTable } from "../text-table.ts";

export function addSecret(program: Command, cli: Cli): void {
  const secret = addCommand(program, {
    usage: "secret",
    summary: "keep the secrets of a project, encrypted and never given back",
    example: "colophon secret set OPENAI_API_KEY < key.txt",
  });
  addSet(secret, cli);
  addRemove(secret, cli);
  addList(secret, cli);
}

function addSet(secret: Command, cli: Cli): void {
  withProject(
    addCommand(secret, {
      usage: "set <name>",
      summary: "keep a secret; its value is read from standard input",
      example: "colophon secret set OPENAI_API_KEY < key.txt",
    }),
  )
    .option("--from-env", "take the value from the environment variable of this name")
    .action(async (name: string, _options: object, command: Command) => {
      const flags = flagsOf<PlaceFlags & { readonly fromEnv?: boolean }>(command);
      const value = flags.fromEnv === true ? fromEnvironment(cli, name) : await readText("-", cli.io);
      await changeInstallation(cli, flags, async (house) => {
        const project = projectOf(house, flags);
        const kept = await setSecret(house, { project, name, value: value.replace(/\r?\n$/, "") });
        cli.answer(flags, kept, () => `${placeHeading(cli, house, project)}\nKept ${name}.`);
      });
    });
}

function fromEnvironment({ io }: Cli, name: string): string {
  const value = io.env[name];
  if (value !== undefined && value !== "") return value;
  throw new HarnessError(
    "usage",
    `The environment has no ${name}; set it, or give the value on standard input.`,
  );
}

function addRemove(secret: Command, cli: Cli): void {
  withProject(
    addCommand(secret, {
      usage: "remove <name>",
      summary: "forget a secret",
      example: "colophon secret remove OPENAI_API_KEY",
    }),
  ).action(async (name: string, _options: object, command: Command) => {
    const flags = flagsOf<PlaceFlags>(command);
    await changeInstallation(cli, flags, async (house) => {
      const project = projectOf(house, flags);
      const removed = await removeSecret(house, { project, name });
      cli.answer(flags, removed, () => `${placeHeading(cli, house, project)}\nForgot ${name}.`);
    });
  });
}

function addList(secret: Command, cli: Cli): void {
  withProject(
    addCommand(secret, {
      usage: "list",
      summary: "list the names of secrets, and who set them when",
      example: "colophon secret list",
    }),
  ).action(async (_options: object, command: Command) => {
    const flags = flagsOf<PlaceFlags>(command);
    await askInstallation(cli, flags, async (house) => {
      const project = projectOf(house, flags);
      const rows = await listSecrets(house, { project });
      type Row = (typeof rows)[number];
      const columns = [
        { title: "secret", cell: (row: Row) => row.name },
        { title: "set", cell: (row: Row) => shortTime(row.setAt) },
        { title: "by", cell: (row: Row) => row.setBy },
      ];
      cli.list(
        flags,
        rows,
        () => `${placeHeading(cli, house, project)}\n${textTable(rows, columns, cli.paint)}`,
      );
    });
  });
}
