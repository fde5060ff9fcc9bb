/** Says who asks, and what they may. */
import { type Actor, type Person, ROLE_SCOPES, SCOPES, type Scope } from "@colophon/kernel";
import { type KeyRow, rowOf } from "./api-keys.ts";
import type { InstallationDesk } from "./installation-desk.ts";

/** Scopes that hold at a place. */
export interface RightRow {
  /** Null for the whole installation. */
  readonly project: string | null;
  /** Null for all environments. */
  readonly environment: string | null;
  readonly scopes: readonly Scope[];
}

export interface Whoami {
  readonly actor: Actor;
  /** Null for keys, and for those who are at the machine with the database. */
  readonly person: Person | null;
  /** The key that opened the door; null for people. */
  readonly key: KeyRow | null;
  /** The key's own; null where there is none. */
  readonly project: string | null;
  readonly rights: readonly RightRow[];
}

/** Whoever asks: a key, a person, or somebody at the machine with the database, who may do everything. */
export async function whoami({ installation, actor }: InstallationDesk): Promise<Whoami> {
  const nobody = { actor, person: null, key: null, project: null };
  if (actor.via !== "server") {
    return { ...nobody, rights: [{ project: null, environment: null, scopes: SCOPES }] };
  }
  const key = await installation.keys.find(actor.id);
  if (key !== undefined) {
    const { project, environments, scopes } = key;
    const rights = (environments ?? [null]).map((environment) => ({ project, environment, scopes }));
    return { ...nobody, key: rowOf(key), project, rights };
  }
  const person = await installation.people.find(actor.id);
  if (person === undefined) return { ...nobody, rights: [] };
  const memberships = await installation.people.listMemberships({ person: person.id });
  const rights = memberships.map(({ project, environment, role }) => ({
    ...{ project, environment, scopes: ROLE_SCOPES[role] },
  }));
  return { ...nobody, person, rights };
}
