/** `colophon release`: makes a version live, through the gate. */
import { releaseVersion, versionReference } from "@colophon/harness";
import { HarnessError, modelChoice } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";

interface ReleaseFlags extends GlobalFlags {
  readonly reason?: string;
  readonly fromEnv?: string;
  readonly model?: string;
  readonly breakGlass?: string;
}

export function addRelease(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "release <key@vN>",
    summary: "make a version live in an environment",
    example: 'colophon release support.triage@v7 --env production --reason "clearer labels"',
  })
    .option("--reason <text>", "why, for the log (needed)")
    .option("--from-env <name>", "take the version that is live there; the argument is then a key")
    .option("--model <name>", "instead of the version's own; evidence is asked for on that model")
    .option("--break-glass <text>", "release without the evidence that the environment asks for, and say why")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<ReleaseFlags>(command);
      const { key, version } = versionReference(argument);
      if (version === null && flags.fromEnv === undefined) {
        throw new HarnessError(
          "usage",
          `"${argument}" names no version; write it as ${key}@v7, or add --from-env.`,
        );
      }
      const environment = cli.environment(flags);
      const { reason = "", breakGlass = null, fromEnv: fromEnvironment = null } = flags;
      await cli.change(flags, async (house) => {
        const model = flags.model === undefined ? null : modelChoice(flags.model);
        const request = { key, version, environment, fromEnvironment, reason, model, breakGlass };
        const released = await releaseVersion(house, request);
        for (const warning of released.warnings) cli.say(warning);
        cli.answer(flags, released, () => {
          const { previous, unchanged, inheritedBy } = released;
          const on = model === null ? "" : ` on ${model.provider}/${model.id}`;
          const before = previous === null ? "nothing was live there" : `v${previous} was live before`;
          return [
            cli.heading(house, environment),
            unchanged
              ? `${key}@v${released.version} is live in ${environment}${on} already.`
              : `Released ${key}@v${released.version} to ${environment}${on}; ${before}.`,
            ...(inheritedBy.length === 0 ? [] : [`Inherited by ${inheritedBy.join(", ")}.`]),
            ...(released.breakGlass === null
              ? []
              : [cli.paint.yellow(`Without evidence: ${released.breakGlass}`)]),
          ].join("\n");
        });
      });
    });
}
