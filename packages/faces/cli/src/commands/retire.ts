/** `colophon retire`: an application no longer declares its prompts in an environment. */
import { retireApplication } from "@colophon/harness";
import { applicationName } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { applicationOf, keyAlone } from "../read-flags.ts";

export function addRetire(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "retire <application> [key]",
    summary: "end an application that is gone from an environment: releases need not fit it any more",
    example: 'colophon retire old-shop --env production --reason "switched off in May"',
  })
    .option("--reason <text>", "why, for the log (needed)")
    .action(async (name: string, argument: string | undefined, ...rest: readonly unknown[]) => {
      const flags = flagsOf<GlobalFlags & { readonly reason?: string }>(rest.at(-1) as Command);
      const application = applicationOf(name);
      const key = argument === undefined ? null : keyAlone(argument);
      const environment = cli.environment(flags);
      const { reason = "" } = flags;
      await cli.change(flags, async (house) => {
        const retired = await retireApplication(house, { application, environment, key, reason });
        cli.answer(flags, retired, () =>
          [
            cli.heading(house, environment),
            `Retired ${applicationName(application)} in ${environment} for ${retired.prompts.join(", ")}.`,
            "Started there again, it declares its prompts again.",
          ].join("\n"),
        );
      });
    });
}
