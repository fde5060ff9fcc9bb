/** `colophon snapshot`: bakes everything that resolvers need into a file. */
import { renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { exportSnapshot } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";

export function addSnapshot(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "snapshot",
    summary: "write a snapshot for places without a store, such as an edge bundle",
    example: "colophon snapshot -o colophon-snapshot.json",
  })
    .option("-o, --output <file>", "the file to write (needed)")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<GlobalFlags & { readonly output?: string }>(command);
      const { output } = flags;
      if (output === undefined) throw new HarnessError("usage", "No file is named; add -o FILE.");
      const file = resolve(cli.io.cwd, output);
      await cli.ask(flags, async (house) => {
        const document = await exportSnapshot(house);
        const text = `${JSON.stringify(document)}\n`;
        write(file, text);
        const { revision, prompts, texts } = document;
        const counts = { prompts: Object.keys(prompts).length, texts: Object.keys(texts).length };
        const answer = { file, revision, ...counts, bytes: Buffer.byteLength(text) };
        cli.answer(
          flags,
          answer,
          () =>
            `${cli.heading(house, null)}\nWrote revision ${revision} with ${counts.prompts} prompt(s) to ${file}.`,
        );
      });
    });
}

/** Beside, then over: a bundle never meets half a file. */
function write(file: string, text: string): void {
  try {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw new HarnessError("usage", `${file} cannot be written; name a place that can.`, { cause });
  }
}
