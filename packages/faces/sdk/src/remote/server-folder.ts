/** Where an application keeps, on its own disk, what is on its way from and to one server. */
import { hash } from "node:crypto";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Variables } from "../open-options.ts";
import { FolderProject } from "./folder-project.ts";
import type { ServerPlace } from "./server-place.ts";

export interface ServerFolder {
  readonly snapshot: string;
  readonly spoolDir: string;
  readonly project: FolderProject;
  /** Where processes with other keys of the same project and environment leave their rows. */
  readonly otherSpoolDirs: () => readonly string[];
}

export interface ServerFolderRequest {
  readonly place: ServerPlace;
  readonly environment: string;
  /** The folder that was named for it. */
  readonly folder: string | undefined;
  readonly variables: Variables;
}

const STORE_FOLDER = ".colophon";

/**
 * In the folder that is named, else the nearest `.colophon/` upward that can be written, else the
 * user's folder for such things. Apart by server and project; where the key alone tells the project,
 * by key, since rows must never reach another project; rows that were left under another key of the same
 * project are taken along once the server has named it. Apart by environment as well: the key of another
 * environment's process may not record there, and rows that are refused are gone.
 */
export function serverFolder({ place, environment, folder, variables }: ServerFolderRequest): ServerFolder {
  const { origin, project, apiKey } = place;
  const key = project === "~" ? hash("sha256", apiKey) : null;
  const base = folder ?? (nearestFolder(process.cwd()) || userFolder(variables));
  const own = join(resolve(base), "servers", shortHash(JSON.stringify([origin, project, key])));
  const name = shortHash(environment);
  const spool = `spool-${name}`;
  const noted = new FolderProject({ folder: own, origin });
  if (key === null) noted.learn(project);
  return {
    snapshot: join(own, `${name}.snapshot`),
    spoolDir: join(own, spool),
    project: noted,
    otherSpoolDirs: () => noted.kin().map((folder) => join(folder, spool)),
  };
}

function nearestFolder(from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, STORE_FOLDER);
    if (isWritableFolder(folder)) return folder;
    if (dirname(at) === at) return undefined;
  }
}

function isWritableFolder(folder: string): boolean {
  try {
    if (!statSync(folder).isDirectory()) return false;
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** State, not cache: rows must outlive whoever clears caches. */
function userFolder({ XDG_STATE_HOME, LOCALAPPDATA }: Variables): string {
  const home = homedir();
  if (process.platform === "win32") return join(LOCALAPPDATA || join(home, "AppData", "Local"), "colophon");
  if (process.platform === "darwin") return join(home, "Library", "Application Support", "colophon");
  return join(XDG_STATE_HOME || join(home, ".local", "state"), "colophon");
}

function shortHash(text: string): string {
  return hash("sha256", text).slice(0, 24);
}
