/** `colophon log`: who changed a prompt, and who let it out. */
import { type LoggedVersion, versionLog } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { keyAlone } from "../read-flags.ts";
import { shortHash, shortTime } from "../text-table.ts";

export function addLog(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "log <key>",
    summary: "list the versions of a prompt with their releases, newest first",
    example: "colophon log support.triage",
  }).action(async (argument: string, _options: object, command: Command) => {
    const flags = flagsOf(command);
    const key = keyAlone(argument);
    await cli.ask(flags, async (house) => {
      const rows = await versionLog(house, key);
      cli.list(flags, rows, () =>
        [
          cli.heading(house, null),
          ...rows.map((row) => entry(cli, row)),
          ...(rows.length === 0 ? ["No version yet."] : []),
        ].join("\n"),
      );
    });
  });
}

function entry(cli: Cli, row: LoggedVersion): string {
  const { paint } = cli;
  const lines = [
    `${paint.bold(`v${row.version}`)} ${shortHash(row.hash)}  ${shortTime(row.at)}  ${[row.author, ...row.coAuthors].join(", ")}  ${row.source}${row.message === null ? "" : `  ${row.message}`}`,
  ];
  if (row.withdrawn !== null) {
    lines.push(
      paint.red(
        `   withdrawn ${shortTime(row.withdrawn.at)} by ${row.withdrawn.by}: ${row.withdrawn.reason}`,
      ),
    );
  }
  for (const release of row.releases) {
    const until = release.until === null ? "now" : shortTime(release.until);
    const back = release.rollbackFrom === null ? "" : ` (rollback from v${release.rollbackFrom})`;
    const glass = release.breakGlass === null ? "" : paint.yellow(` break-glass: ${release.breakGlass}`);
    lines.push(
      `   ${release.environment} ${release.lane} from ${shortTime(release.from)} to ${until}, ${release.by}: ${release.reason}${back}${glass}`,
    );
  }
  return lines.join("\n");
}
