/** Adds a command with its help, so that each has a summary and an example. */
import type { Command } from "commander";
import type { GlobalFlags } from "./cli.ts";

export interface CommandText {
  /** Name and arguments, as in `release <key@vN>`. */
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
}

export function addCommand(parent: Command, text: CommandText): Command {
  return parent
    .command(text.usage)
    .description(text.summary)
    .addHelpText(
      "after",
      `\nExample:\n${text.example
        .split("\n")
        .map((line) => `  $ ${line}`)
        .join("\n")}`,
    );
}

/** The flags of a command together with the global ones, wherever they were written. */
export function flagsOf<F>(command: Command): F & GlobalFlags {
  return command.optsWithGlobals() as F & GlobalFlags;
}
