/** `colophon approve`: judges a version for an environment, where no rollout asks for it. */
import { approveVersion } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { type JudgementFlags, judgementsOf, withJudgements } from "../judgement-flags.ts";
import { concreteVersion } from "../read-flags.ts";

export function addApprove(program: Command, cli: Cli): void {
  withJudgements(
    addCommand(program, {
      usage: "approve <key@vN>",
      summary: "judge a version that somebody else made; a later judgement replaces an earlier one",
      example:
        "colophon approve support.triage@v8 --env production --safety yes --compliance yes --style yes",
    }),
  ).action(async (argument: string, _options: object, command: Command) => {
    const flags = flagsOf<GlobalFlags & JudgementFlags>(command);
    const { key, version } = concreteVersion(argument);
    const environment = cli.environment(flags);
    const request = { key, version, environment, ...judgementsOf(flags) };
    await cli.change(flags, async (house) => {
      const approved = await approveVersion(house, request);
      for (const warning of approved.warnings) cli.say(warning);
      cli.answer(flags, approved, () =>
        [
          cli.heading(house, environment),
          approved.inFavour
            ? `Approved ${key}@v${version} for ${environment}.`
            : `Recorded that ${key}@v${version} is not approved for ${environment}.`,
          ...approved.lacks.map((lack) => `It is not enough yet: ${lack}.`),
        ].join("\n"),
      );
    });
  });
}
