/** `colophon withdraw`: stops a version at every tier. */
import { withdrawVersion } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { concreteVersion } from "../read-flags.ts";

export function addWithdraw(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "withdraw <key@vN>",
    summary: "stop a version everywhere, for good",
    example: 'colophon withdraw support.triage@v8 --reason "leaks account numbers"',
  })
    .option("--reason <text>", "why, for the log (needed)")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<GlobalFlags & { readonly reason?: string }>(command);
      const { key, version } = concreteVersion(argument);
      await cli.change(flags, async (house) => {
        const result = await withdrawVersion(house, { key, version, reason: flags.reason ?? "" });
        cli.answer(flags, result, () => {
          const where = result.live.map(({ environment }) => environment).join(", ");
          const lines = [
            cli.heading(house, null),
            result.unchanged ? `${key}@v${version} was withdrawn before.` : `Withdrew ${key}@v${version}.`,
          ];
          if (where !== "") {
            lines.push(
              `It is the live one in ${where}: there the code's own text is served from now on; roll back or release.`,
            );
          }
          if (result.overrides.length > 0)
            lines.push(`${result.overrides.length} override(s) named it and decide nothing now.`);
          return lines.join("\n");
        });
      });
    });
}
