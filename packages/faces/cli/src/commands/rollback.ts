/** `colophon rollback`: puts back what was live before. */
import { rollBack, versionNumber } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { overrideTable } from "../override-table.ts";
import { keyAlone } from "../read-flags.ts";

interface RollbackFlags extends GlobalFlags {
  readonly to?: string;
  readonly reason?: string;
}

export function addRollback(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "rollback <key>",
    summary: "put back the latest version that was live, not withdrawn and never rolled back from",
    example: 'colophon rollback support.triage --env production --reason "too many wrong labels"',
  })
    .option("--to <vN>", "go back to this version")
    .option("--reason <text>", "why, for the log (needed)")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<RollbackFlags>(command);
      const key = keyAlone(argument);
      const to = flags.to === undefined ? null : versionNumber(flags.to);
      const environment = cli.environment(flags);
      await cli.change(flags, async (house) => {
        const result = await rollBack(house, { key, environment, to, reason: flags.reason ?? "" });
        for (const warning of result.warnings) cli.say(warning);
        cli.answer(flags, result, () => {
          const from = result.from === null ? "nothing" : `v${result.from}`;
          const lines = [
            cli.heading(house, environment),
            result.unchanged
              ? `${key}@v${result.version} is live in ${environment} already.`
              : `Rolled ${key} back in ${environment}: ${from} → v${result.version}.`,
          ];
          if (result.overrides.length > 0) {
            lines.push(`These overrides still serve ${from}:`, overrideTable(result.overrides, cli.paint));
          }
          return lines.join("\n");
        });
      });
    });
}
