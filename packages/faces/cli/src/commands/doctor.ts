/** `colophon doctor`: what is wrong with the prompts, and what to do about it. */
import { type Diagnosis, diagnose } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";

export function addDoctor(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "doctor",
    summary: "look for misfits, dead overrides, prompts without owner, calls without a row and the like",
    example: "colophon doctor",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf(command);
    await cli.ask(flags, async (house) => {
      const findings = await diagnose(house);
      const ok = !findings.some(({ severity }) => severity === "error");
      if (!ok) cli.fail();
      cli.answer(flags, { ok, findings }, () =>
        [
          cli.heading(house, null),
          ...findings.map((finding) => line(cli, finding)),
          findings.length === 0
            ? cli.paint.green("Nothing to complain about.")
            : `${findings.length} finding(s).`,
        ].join("\n"),
      );
    });
  });
}

function line({ paint }: Cli, { severity, message, advice }: Diagnosis): string {
  const color = severity === "error" ? paint.red : severity === "warning" ? paint.yellow : paint.dim;
  return `${color(severity.padEnd(7))} ${message}\n        ${advice}`;
}
