/** `colophon story`: the life of one prompt, told in the terminal. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { wholeNumber } from "../read-flags.ts";

export function addStory(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "story",
    summary: "tell the life of one prompt on a temporary store, with a simulated model",
    example: "colophon story --seed 7",
  })
    .option("--seed <number>", "the seed of tickets and noise", "1")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<GlobalFlags & { readonly seed?: string }>(command);
      const seed = wholeNumber(flags.seed ?? "1", "--seed", 0);
      const say = (text: string): void =>
        flags.json === true ? cli.say(text) : cli.io.stdout.write(`${text}\n`);
      const folder = join(mkdtempSync(join(tmpdir(), "colophon-story-")), ".colophon");
      // Loaded only here: it declares a prompt, and brings the SDK and the simulator along.
      const { runStory } = await import("../story/run-story.ts");
      const end = await runStory(cli, { folder, seed, say });
      if (!end.verified) cli.fail();
      if (flags.json === true) cli.answer(flags, { ...end, store: folder, seed, simulation: true }, () => "");
      else say(outlook(cli, folder));
    });
}

function outlook({ paint }: Cli, folder: string): string {
  const lines = [
    "",
    paint.bold("Go on"),
    "The store of this story is kept; look around in it:",
    ...["list", "show support.triage", "log support.triage", "ledger --limit 5", "doctor"].map(
      (words) => `  npm run colophon -- --store ${folder} --env production ${words}`,
    ),
    "The README says in ten lines how your own application does this.",
  ];
  return lines.join("\n");
}
