/** The way of commands to an installation: at hand, or behind a server. */
import { type InstallationHouse, openInstallationHouse } from "@colophon/harness";
import { FIRST_PROJECT, HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import type { Cli, GlobalFlags } from "../cli.ts";

/** Asks an installation; nothing is made or changed. */
export function askInstallation<T>(
  cli: Cli,
  flags: GlobalFlags,
  use: (house: InstallationHouse) => Promise<T>,
): Promise<T> {
  return visit(cli, { mode: "read", store: cli.storeName(flags) }, use);
}

/** Changes an installation; one at hand is made where it is missing. */
export function changeInstallation<T>(
  cli: Cli,
  flags: GlobalFlags,
  use: (house: InstallationHouse) => Promise<T>,
): Promise<T> {
  return visit(cli, { mode: "write", store: cli.storeName(flags) }, use);
}

async function visit<T>(
  cli: Cli,
  options: { readonly mode: "read" | "write"; readonly store: string | undefined },
  use: (house: InstallationHouse) => Promise<T>,
): Promise<T> {
  const { cwd, clock, env } = cli.io;
  const house = await openInstallationHouse({
    ...options,
    ...{ cwd, clock, actor: { id: cli.person(), via: "cli" } },
    apiKey: env.COLOPHON_API_KEY || undefined,
    masterKey: env.COLOPHON_SECRET || undefined,
  });
  try {
    return await use(house);
  } finally {
    await house.close();
  }
}

/** Flags that say where in an installation. */
export interface PlaceFlags extends GlobalFlags {
  readonly project?: string;
  readonly installation?: boolean;
}

export function withProject(command: Command): Command {
  return command.option(
    "--project <id>",
    `the project; ${FIRST_PROJECT}, or that of the server's key, unless given`,
  );
}

export function withPlace(command: Command): Command {
  return withProject(command).option("--installation", "the whole installation instead of a project");
}

/** In an address, the project of the key. */
const OWN_PROJECT = "~";

/** The project that is meant; null for the whole installation. @throws HarnessError `usage`. */
export function placeOf(house: InstallationHouse, flags: PlaceFlags): string | null {
  if (flags.installation !== true) return projectOf(house, flags);
  if (flags.project === undefined) return null;
  throw new HarnessError("usage", "--project and --installation are given at once; name one of them.");
}

/** `--project`, else the one in the server's address, else the key's own or the first one. */
export function projectOf(house: InstallationHouse, { project }: PlaceFlags): string {
  if (project !== undefined) return project;
  if (!("remote" in house)) return FIRST_PROJECT;
  return /\/projects\/([^/]+)$/.exec(house.store)?.[1] ?? OWN_PROJECT;
}

/** The line that tells people where an answer comes from. */
export function placeHeading(cli: Cli, house: InstallationHouse, project: string | null): string {
  const where =
    project === null
      ? "the whole installation"
      : project === OWN_PROJECT
        ? "the key's project"
        : `project ${project}`;
  return cli.paint.dim(`${"remote" in house ? "server" : "installation"} ${house.store} · ${where}`);
}
