/** `colophon resolve`: which version would be served, to whom, and why. */
import { type ConsideredTier, type PromptResolution, readInstant, resolvePrompt } from "@colophon/harness";
import { applicationName } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";
import { type ContextFlags, contextOf, withContext } from "../context-flags.ts";
import { keyAlone } from "../read-flags.ts";
import { shortHash, textTable } from "../text-table.ts";

export function addResolve(program: Command, cli: Cli): void {
  withContext(
    addCommand(program, {
      usage: "resolve <key>",
      summary: "say which version a call would be served, and why",
      example: "colophon resolve support.triage --user ada --env production",
    }),
  )
    .option("--route <name>", "on this route")
    .option("--at <iso>", "as of this time")
    .action(async (argument: string, _options: object, command: Command) => {
      const flags = flagsOf<ContextFlags & { readonly at?: string; readonly route?: string }>(command);
      const key = keyAlone(argument);
      const at = flags.at === undefined ? undefined : readInstant(flags.at, "--at");
      const { route } = flags;
      const environment = cli.environment(flags);
      await cli.ask(flags, async (house) => {
        const query = { ...contextOf(flags), key, environment, at, route };
        const resolution = await resolvePrompt(house, query);
        cli.answer(flags, resolution, () =>
          [cli.heading(house, environment), human(cli, resolution)].join("\n"),
        );
      });
    });
}

function human(cli: Cli, resolution: PromptResolution): string {
  const { key, version, hash, tier, lane, reason, model, considered } = resolution;
  const what =
    hash === null ? "nothing can be served" : version === null ? "the text in the code" : `v${version}`;
  const columns = [
    { title: "tier", cell: (row: ConsideredTier) => row.tier },
    { title: "outcome", cell: (row: ConsideredTier) => row.outcome },
    { title: "because", cell: (row: ConsideredTier) => row.reason },
  ];
  return [
    `${cli.paint.bold(`${key}: ${what}`)} ${shortHash(hash) ?? ""}`.trimEnd(),
    `tier ${tier ?? "–"} · lane ${lane ?? "–"} · reason ${reason} · model ${model ?? "–"}${routeSays(resolution)}`,
    ...applicationsSay(resolution),
    textTable(considered, columns, cli.paint),
  ].join("\n");
}

/** Where several applications declare the prompt, it matters whose code was asked for. */
function applicationsSay({ application, applications }: PromptResolution): readonly string[] {
  const others = applications.filter((one) => one !== application).map(applicationName);
  if (others.length === 0) return [];
  return [`as the code of ${applicationName(application)} · --application for ${others.join(", ")}`];
}

function routeSays({ route }: PromptResolution): string {
  switch (route?.outcome) {
    case undefined:
      return "";
    case "chosen":
      return ` by the route ${route?.name}`;
    case "absent":
      return `, since there is no route ${route?.name}`;
    case "misfit":
      return `, since the route ${route?.name} does not fit: ${route?.reason}`;
  }
}
