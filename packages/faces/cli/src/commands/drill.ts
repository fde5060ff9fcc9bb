/** `colophon drill`: rehearses rollbacks on what really serves. */
import { setTimeout as wait } from "node:timers/promises";
import { type DrillRow, drillAll, drillWords, runDrill } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { durationFlag, keyAlone, shareFlag } from "../read-flags.ts";

interface DrillFlags extends GlobalFlags {
  readonly all?: boolean;
  readonly share: string;
  readonly timeout: string;
}

export function addDrill(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "drill [key]",
    summary: "rehearse a rollback: go back, wait until every process follows, and come forth again",
    example: "colophon drill support.triage --env production --share 0.05",
  })
    .option("--all", "every prompt of the environment that has something to go back to")
    .option("--share <share>", "units that go back and forth; the whole environment unless given", "1")
    .option("--timeout <duration>", "how long processes have to follow, each way", "10s")
    .action(async (key: string | undefined, _options: object, command: Command) => {
      const flags = flagsOf<DrillFlags>(command);
      if ((key === undefined) !== (flags.all === true)) {
        const what = key === undefined ? "Nothing is named" : `${key} and --all are given at once`;
        throw new HarnessError("usage", `${what}; give the key of a prompt, or --all for all of them.`);
      }
      const environment = cli.environment(flags);
      const request = {
        environment,
        share: shareFlag(flags.share, "--share"),
        timeout: durationFlag(flags.timeout, "--timeout"),
      };
      const parts = { pause: (ms: number) => wait(ms), signal: cli.io.signal };
      await cli.change(flags, async (house) => {
        const told = (rows: readonly DrillRow[]) => () =>
          [cli.heading(house, environment), ...wordsOf(rows)].join("\n");
        if (key !== undefined) {
          const answer = await runDrill(house, { ...request, key: keyAlone(key) }, parts);
          if (answer.status !== "followed") cli.fail();
          cli.answer(flags, answer, told([answer]));
          return;
        }
        const rows = await drillAll(house, request, parts);
        if (rows.some(({ status }) => status !== "followed")) cli.fail();
        cli.list(flags, rows, told(rows));
      });
    });
}

function wordsOf(rows: readonly DrillRow[]): readonly string[] {
  return rows.length === 0 ? ["Nothing there has a version to go back to."] : rows.map(drillWords);
}
