/** Says where an installation and its projects lie, from the store that is its first project. */
import { basename, dirname, join } from "node:path";
import type { InstallationPlace } from "@colophon/installation";
import { FIRST_PROJECT } from "@colophon/kernel";
import { folderBeside, isOnServer, locateStore } from "../store-location.ts";

export interface InstallationAddress {
  readonly place: InstallationPlace;
  /** Where the master key lies where no variable says it; null on a server. */
  readonly secretFile: string | null;
  projectPlace(id: string): ProjectPlace;
}

export interface ProjectPlace {
  /** As `openHarness` takes it. */
  readonly store: string;
  /** For what belongs to the project and is not in its store. */
  readonly folder: string;
}

const FIRST_SCHEMA = "colophon";
const FIRST_FILE = "store.db";

/** @throws HarnessError `store-unsupported` for a store that is neither a file nor on PostgreSQL. */
export function installationAddress(options: {
  readonly store: string | undefined;
  readonly cwd: string;
}): InstallationAddress {
  const { store, cwd } = options;
  return isOnServer(store) ? onServer(store, folderBeside(cwd)) : embedded(options);
}

/** Projects are schemas of one database, called after the one of the store: `colophon_shop`. */
function onServer(url: string, folder: string): InstallationAddress {
  const schema = URL.parse(url)?.searchParams.get("schema") ?? FIRST_SCHEMA;
  const beside = (name: string): string => `${schema}_${name.replaceAll("-", "_")}`;
  return {
    place: { kind: "postgres", url: withSchema(url, null), schema: beside("installation") },
    secretFile: null,
    projectPlace: (id) =>
      id === FIRST_PROJECT
        ? { store: url, folder }
        : { store: withSchema(url, beside(id)), folder: join(folder, "projects", id) },
  };
}

/** @param schema null for an address without one. */
function withSchema(url: string, schema: string | null): string {
  const parsed = URL.parse(url);
  // What is no address is refused by whoever opens it, in words of its own.
  if (parsed === null) return url;
  if (schema === null) parsed.searchParams.delete("schema");
  else parsed.searchParams.set("schema", schema);
  return parsed.href;
}

function embedded({
  store,
  cwd,
}: {
  readonly store: string | undefined;
  readonly cwd: string;
}): InstallationAddress {
  const { file, folder } = locateStore({ cwd, ...(store === undefined ? {} : { store }) });
  // Several stores may lie in one folder; each has an installation of its own.
  const name = basename(file) === FIRST_FILE ? "" : `${basename(file)}.`;
  const beside = (what: string): string => join(dirname(file), `${name}${what}`);
  return {
    place: { kind: "sqlite", file: beside("installation.db") },
    secretFile: beside("secret"),
    projectPlace(id) {
      if (id === FIRST_PROJECT) return { store: file, folder };
      const own = join(beside("projects"), id);
      return { store: join(own, FIRST_FILE), folder: own };
    },
  };
}
