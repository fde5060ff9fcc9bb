/** `colophon init`: makes a store beside the code. */
import { join } from "node:path";
import { findEnvironments, STORE_FOLDER, storeExists } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";

export function addInit(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "init",
    summary: "make a store in ./.colophon, or where --store says",
    example: "colophon init",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf(command);
    // A store further up belongs to another project; here is where the person stands.
    const store = cli.storeName(flags) ?? join(cli.io.cwd, STORE_FOLDER);
    const exists = await storeExists({ store, cwd: cli.io.cwd });
    await cli.write({ ...flags, store }, async (harness) => {
      const environments = (await findEnvironments(harness)).map(({ name }) => name);
      const answer = { store: harness.store, created: !exists, environments };
      cli.answer(flags, answer, () =>
        [
          exists ? `There is a store at ${harness.store} already.` : `Made a store at ${harness.store}.`,
          `Environments: ${environments.join(", ")}. Next: colophon register FILE`,
        ].join("\n"),
      );
    });
  });
}
