/** `colophon init`: makes a store beside the code. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findEnvironments, STORE_FOLDER, storeExists } from "@colophon/harness";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli } from "../cli.ts";

const LOCK = "colophon.lock";
const ELSEWHERE = "--store or COLOPHON_STORE (a path, postgres://… or https://…)";

export function addInit(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "init",
    summary: "make a store in ./.colophon, or where --store says",
    example: "colophon init",
  }).action(async (_options: object, command: Command) => {
    const flags = flagsOf(command);
    const named = cli.storeName(flags);
    // A store further up belongs to another project; here is where the person stands.
    const store = named ?? join(cli.io.cwd, STORE_FOLDER);
    const exists = await storeExists({ store, cwd: cli.io.cwd });
    await cli.write({ ...flags, store }, async (harness) => {
      const environments = (await findEnvironments(harness)).map(({ name }) => name);
      const answer = { store: harness.store, created: !exists, environments };
      cli.answer(flags, answer, () =>
        [
          exists ? `There is a store at ${harness.store} already.` : `Made a store at ${harness.store}.`,
          `Environments: ${environments.join(", ")}.`,
          ...(named === undefined ? ownStore(cli.io.cwd, exists) : []),
          "Next: colophon register FILE, or colophon push with prompt files in git",
        ].join("\n"),
      );
    });
  });
}

/** Who has just cloned a repository may take a new store for the team's. */
function ownStore(cwd: string, existed: boolean): readonly string[] {
  const isClone = !existed && existsSync(join(cwd, LOCK));
  return [
    `It is this folder's alone, and not in git. One that a team shares, or a server, is named with ${ELSEWHERE}.`,
    ...(isClone ? [`${LOCK} is of another registry: this store knows none of its versions.`] : []),
  ];
}
