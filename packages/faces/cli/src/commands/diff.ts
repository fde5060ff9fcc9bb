/** `colophon diff`: two versions, or what is live in two environments. */
import { type DiffSides, diffVersions, type VersionDiff, versionNumber } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { keyAlone } from "../read-flags.ts";

export function addDiff(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "diff <key> [vA] [vB]",
    summary: "compare two versions, or what is live in two environments (--env A..B)",
    example: "colophon diff support.triage v3 v4\ncolophon diff support.triage --env staging..production",
  }).action(async (argument: string, ...rest: readonly unknown[]) => {
    const [before, after] = rest as readonly (string | undefined)[];
    const flags = flagsOf(rest.at(-1) as Command);
    const key = keyAlone(argument);
    const sides = readSides([before, after], flags.env);
    await cli.ask(flags, async (house) => {
      const diff = await diffVersions(house, key, sides);
      const environments = "environments" in sides ? sides.environments.join("..") : null;
      cli.answer(flags, diff, () => [cli.heading(house, environments), human(cli, diff)].join("\n"));
    });
  });
}

function readSides([before, after]: readonly (string | undefined)[], env: string | undefined): DiffSides {
  const [one, other, more] = (env ?? "").split("..");
  if (before !== undefined && after !== undefined && other === undefined)
    return { versions: [versionNumber(before), versionNumber(after)] };
  if (before === undefined && one && other && more === undefined) return { environments: [one, other] };
  throw new HarnessError(
    "usage",
    "Two sides are needed; give either two versions such as v3 v4, or --env staging..production.",
  );
}

function human(cli: Cli, diff: VersionDiff): string {
  const { paint } = cli;
  const side = ({ version, environment }: VersionDiff["before"]): string =>
    environment === null ? `v${version}` : `v${version} (${environment})`;
  const lines = [paint.bold(`${diff.key}: ${side(diff.before)} → ${side(diff.after)}`)];
  if (diff.same) return [...lines, "No difference."].join("\n");
  lines.push(...bodyLines(cli, "body", diff.body));
  for (const { locale, body } of diff.locales) lines.push(...bodyLines(cli, `locale ${locale}`, body));
  const values = [...diff.model, ...diff.tools, ...diff.cache, ...diff.untrusted, ...diff.partials];
  for (const { path, before, after } of values) {
    lines.push(`${path}: ${paint.red(show(before))} → ${paint.green(show(after))}`);
  }
  for (const [name, changes] of [
    ["input", diff.input],
    ["output", diff.output],
  ] as const) {
    for (const { path, before, after } of changes) {
      lines.push(`${name}.${path || "(itself)"}: ${paint.red(show(before))} → ${paint.green(show(after))}`);
    }
  }
  return lines.join("\n");
}

function show(value: unknown): string {
  return value === null || value === undefined ? "absent" : JSON.stringify(value);
}

function bodyLines(cli: Cli, title: string, body: VersionDiff["body"]): readonly string[] {
  if (body.same) return [];
  const { paint } = cli;
  const lines: string[] = [];
  for (const message of body.messages) {
    if (message.change === "same") continue;
    const was = message.roleBefore === null ? "" : ` (was ${message.roleBefore})`;
    lines.push(paint.dim(`--- ${title}${message.role === null ? "" : ` ${message.role}${was}`}`));
    for (const { change, text } of message.lines) {
      if (change === "added") lines.push(paint.green(`+ ${text}`));
      else if (change === "removed") lines.push(paint.red(`- ${text}`));
      else lines.push(`  ${text}`);
    }
    const words = message.words.map(({ change, text }) =>
      change === "added"
        ? paint.green(`{+${text}+}`)
        : change === "removed"
          ? paint.red(`[-${text}-]`)
          : text,
    );
    if (message.change === "changed") lines.push(paint.dim("by word:"), words.join(""));
  }
  return lines;
}
