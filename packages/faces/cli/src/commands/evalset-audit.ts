/** `colophon evalset audit`: what is wrong with an eval set, and what it can decide. */
import { auditSet, readSince } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { auditText } from "../evalset/audit-text.ts";

interface AuditFlags extends GlobalFlags {
  readonly prompt?: string;
  readonly since: string;
}

export function addEvalsetAudit(evalset: Command, cli: Cli): void {
  addCommand(evalset, {
    usage: "audit <set>",
    summary: "audit age, size, power, shared and leaked cases, and traffic that no case covers",
    example: "colophon evalset audit triage --prompt support.triage",
  })
    .option(
      "--prompt <key>",
      "whose bodies and calls to look at; else those of the prompts that name the set",
    )
    .option("--since <when>", "traffic from this time on: 7d, or a time", "30d")
    .action(async (set: string, _options: object, command: Command) => {
      const flags = flagsOf<AuditFlags>(command);
      const since = readSince(flags.since, "--since", cli.io.clock.now());
      await cli.ask(flags, async (harness) => {
        const audited = await auditSet(harness, { set, prompt: flags.prompt, since });
        if (!audited.ok) cli.fail();
        cli.answer(flags, audited, () => `${cli.heading(harness, null)}\n${auditText(cli.paint, audited)}`);
      });
    });
}
