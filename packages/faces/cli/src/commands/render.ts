/** `colophon render`: the messages that a call would send. */
import { renderPrompt, versionReference } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { type ContextFlags, contextOf, withContext } from "../context-flags.ts";
import { parseText, readText } from "../read-document.ts";
import { versionName } from "../text-table.ts";

export function addRender(program: Command, cli: Cli): void {
  withContext(
    addCommand(program, {
      usage: "render <key[@vN]>",
      summary: "render a prompt from variables, held against its contract",
      example: "colophon render support.triage --vars ticket.yaml",
    }),
  )
    .option("--vars <file>", "JSON or YAML with the variables (- reads standard input)")
    .option("--locale <tag>", "in this locale")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<ContextFlags & { readonly vars?: string }>(command);
      const { key, version } = versionReference(argument);
      const variables = flags.vars === undefined ? {} : await readVariables(cli, flags.vars);
      const environment = cli.environment(flags);
      await cli.ask(flags, async (house) => {
        const query = { ...contextOf(flags), key, version, environment, variables };
        const rendered = await renderPrompt(house, query);
        cli.answer(flags, rendered, () =>
          [
            cli.heading(house, environment),
            cli.paint.dim(`${key} ${versionName(rendered.version)} · model ${rendered.model}`),
            ...rendered.messages.map(({ role, content }) => `${cli.paint.bold(`[${role}]`)}\n${content}`),
          ].join("\n"),
        );
      });
    });
}

async function readVariables(cli: Cli, file: string): Promise<Readonly<Record<string, unknown>>> {
  const value = parseText(await readText(file, cli.io), file === "-" ? "standard input" : file);
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new HarnessError(
    "input-malformed",
    `${file} holds no variables; write an object with a field for each.`,
  );
}
