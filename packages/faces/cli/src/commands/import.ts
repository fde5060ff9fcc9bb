/** `colophon import`: takes rows into the ledger that a runtime without a store sent elsewhere. */
import { importEntries, readEntries } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { readText } from "../read-document.ts";

export function addImport(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "import <file>",
    summary: "take ledger entries in that batchSink sent elsewhere (JSON lines, - for standard input)",
    example: "colophon import rows.jsonl",
  }).action(async (file: string, _options: object, command: Command) => {
    const flags = flagsOf(command);
    const entries = readEntries(await readText(file, cli.io), file === "-" ? "standard input" : file);
    await cli.change(flags, async (house) => {
      const imported = await importEntries(house, entries);
      const { stored, duplicates } = imported;
      cli.answer(flags, imported, () => `Took in ${stored} entries; ${duplicates} were there already.`);
    });
  });
}
