/** `colophon at`: what the prompt was at a time, for whom, and why. */
import { type AtAnswer, answerAt, bodyText } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { type ContextFlags, contextOf } from "../context-flags.ts";
import { ledgerTable } from "../ledger-table.ts";
import { keyAlone } from "../read-flags.ts";
import { shortHash, shortTime, versionName } from "../text-table.ts";

export function addAt(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "at <time> <key>",
    summary: "what the prompt was at a time (ISO 8601, or 14:32 of today in UTC): released, served, and why",
    example: "colophon at 14:32 support.triage --user ada --env production",
  })
    .option("--user <id>", "for this user")
    .option("--tenant <id>", "for this tenant")
    .option("--document <id>", "for this document")
    .option("--document-type <type>", "for documents of this type")
    .option("--application <name>", "as the code of this application (- has no name); else what was served")
    .action(async (time: string, argument: string, ...rest: readonly unknown[]) => {
      const flags = flagsOf<ContextFlags>(rest.at(-1) as Command);
      const key = keyAlone(argument);
      const environment = cli.environment(flags);
      await cli.ask(flags, async (house) => {
        const answer = await answerAt(house, { ...contextOf(flags), time, key, environment });
        cli.answer(flags, answer, () =>
          [cli.heading(house, environment), describeAt(answer, cli)].join("\n"),
        );
      });
    });
}

/** The answer in words, with the text and the calls. */
export function describeAt(answer: AtAnswer, { paint }: Pick<Cli, "paint">): string {
  const { key, released, served, differs, text, executions } = answer;
  const lines = [paint.bold(`${key} from ${shortTime(answer.from)} to ${shortTime(answer.until)}`)];
  const why = released.releaseReason === null ? "" : `: ${released.releaseReason}`;
  const since = released.since === null ? "" : ` since ${shortTime(released.since)} by ${released.by}${why}`;
  lines.push(
    released.hash === null
      ? "released: nothing"
      : `released: ${versionName(released.version)} ${shortHash(released.hash)} (tier ${released.tier}, ${released.reason})${since}`,
  );
  lines.push(
    served === null
      ? "served:   nothing that the ledger knows of"
      : `served:   ${versionName(served.version)} ${shortHash(served.hash)} (tier ${served.tier ?? "pin"}, ${served.reason}) at ${shortTime(served.at)}, execution ${served.executionId}`,
  );
  if (differs !== null) lines.push(paint.yellow(differs));
  for (const { tier, outcome, reason } of released.considered)
    lines.push(paint.dim(`  ${tier}: ${outcome}, ${reason}`));
  if (text !== null) lines.push("", bodyText(text.body));
  if (executions.length > 0) lines.push("", ledgerTable(executions, paint));
  return lines.join("\n");
}
