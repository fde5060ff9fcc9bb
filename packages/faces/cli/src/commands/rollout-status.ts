/** `colophon rollout status` and `list`: where rollouts stand. */
import { listRollouts, rolloutStatus } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { rolloutTable, statusText } from "../delivery/rollout-text.ts";
import { keyAlone } from "../read-flags.ts";

export function addRolloutStatus(rollout: Command, cli: Cli): void {
  addCommand(rollout, {
    usage: "status <key>",
    summary: "where a rollout stands now, by its records and the ledger, and what it waits for",
    example: "colophon rollout status support.triage --env production",
  }).action(async (argument: string, _options: object, command: Command) => {
    const flags = flagsOf(command);
    const environment = cli.environment(flags);
    const key = keyAlone(argument);
    await cli.ask(flags, async (house) => {
      const status = await rolloutStatus(house, { key, environment });
      for (const warning of status.warnings) cli.say(warning);
      cli.answer(flags, status, () =>
        [cli.heading(house, environment), statusText(status, cli.paint)].join("\n"),
      );
    });
  });
}

interface ListFlags extends GlobalFlags {
  readonly open?: boolean;
}

export function addRolloutList(rollout: Command, cli: Cli): void {
  addCommand(rollout, {
    usage: "list [key]",
    summary: "rollouts, the newest first",
    example: "colophon rollout list --open",
  })
    .option("--open", "those that have not ended")
    .action(async (argument: string | undefined, _options: object, command: Command) => {
      const flags = flagsOf<ListFlags>(command);
      const environment = cli.namedEnvironment(flags);
      const query = {
        open: flags.open === true,
        ...(argument === undefined ? {} : { key: keyAlone(argument) }),
        ...(environment === undefined ? {} : { environment }),
      };
      await cli.ask(flags, async (house) => {
        const rows = await listRollouts(house, query);
        cli.list(flags, rows, () => {
          const none = query.open ? "No rollout is open." : "There were no rollouts.";
          const table = rows.length === 0 ? none : rolloutTable(rows, cli.paint);
          return [cli.heading(house, environment ?? null), table].join("\n");
        });
      });
    });
}
