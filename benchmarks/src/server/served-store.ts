/** A store with a registry and the keys of those who ask for it, to be served. */
import { join } from "node:path";
import { openInstallation } from "@colophon/harness";
import { FIRST_PROJECT, type Scope } from "@colophon/kernel";
import { promptKey } from "../workload/prompt-registry.ts";
import { ACTOR, storeRegistry } from "../workload/store-registry.ts";

export interface ServedStore {
  /** As `--store` takes it. */
  readonly store: string;
  /** A folder of its own. */
  readonly cwd: string;
  /** Of applications: `resolve` and `record`. */
  readonly keys: readonly string[];
  /** Of somebody who releases. */
  readonly releasing: string;
}

/** Encrypts what the installation on PostgreSQL keeps secret. */
export const MASTER_KEY = "a master key for measurements alone";

const GROUP = "server";

export interface ServedScale {
  readonly prompts: number;
  /** Of users. */
  readonly overrides: number;
  /** Of applications: so many that none asks more often than a key may. */
  readonly keys: number;
}

export function servedPrompt(index: number): string {
  return promptKey(GROUP, index);
}

/** @param postgres an empty database; null for a file in the folder. */
export async function makeServedStore(
  { prompts, overrides, keys: count }: ServedScale,
  folder: string,
  postgres: string | null,
): Promise<ServedStore> {
  const store = postgres ?? join(folder, ".colophon");
  const desk = await openInstallation({
    store,
    cwd: folder,
    mode: "write",
    actor: ACTOR,
    masterKey: MASTER_KEY,
  });
  try {
    const { records } = await desk.project(FIRST_PROJECT);
    await storeRegistry(records, { group: GROUP, prompts, overrides, versions: 2 });
    const make = async (name: string, scopes: readonly Scope[]): Promise<string> => {
      const request = {
        name,
        scopes,
        project: FIRST_PROJECT,
        environments: null,
        expires: null,
        by: ACTOR.id,
      };
      return (await desk.installation.keys.create(request)).secret;
    };
    const keys: string[] = [];
    for (let at = 0; at < count; at += 1) keys.push(await make(`application ${at}`, ["resolve", "record"]));
    return { store, cwd: folder, keys, releasing: await make("release", ["read", "release"]) };
  } finally {
    await desk.close();
  }
}
