/** `colophon outcome`: attaches a signal to a recorded call. */
import { appendOutcome } from "@colophon/harness";
import { HarnessError, OUTCOME_SOURCES, type OutcomeValue } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";

interface OutcomeFlags extends GlobalFlags {
  readonly name?: string;
  readonly value?: string;
  readonly source?: string;
}

export function addOutcome(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "outcome <execution>",
    summary: "attach an outcome to a recorded call",
    example:
      "colophon outcome 019bc2f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b --name accepted --value true --source user",
  })
    .option("--name <name>", "accepted, thumbs, editDistance, quality, … or one of your own (needed)")
    .option("--value <value>", "true, false, a number or a text (needed)")
    .option("--source <source>", OUTCOME_SOURCES.join(", "), "user")
    .action(async (execution: string, _options: object, command: Command) => {
      const flags = flagsOf<OutcomeFlags>(command);
      const source = OUTCOME_SOURCES.find((known) => known === flags.source);
      if (flags.name === undefined || flags.value === undefined) {
        const missing = flags.name === undefined ? "--name" : "--value";
        throw new HarnessError("usage", `An outcome needs a name and a value; add ${missing}.`);
      }
      if (source === undefined) {
        throw new HarnessError(
          "usage",
          `--source takes ${OUTCOME_SOURCES.join(", ")}, not "${flags.source}".`,
        );
      }
      const outcome = { execution, name: flags.name, value: readValue(flags.value), source };
      await cli.change(flags, async (house) => {
        const appended = await appendOutcome(house, outcome);
        cli.answer(
          flags,
          appended,
          () => `Recorded ${appended.name}=${appended.value} for ${appended.execution}.`,
        );
      });
    });
}

function readValue(text: string): OutcomeValue {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
