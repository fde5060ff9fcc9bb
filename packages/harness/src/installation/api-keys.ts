/** Issues, rotates and revokes the keys of applications and scripts. */
import { type ApiKey, HarnessError, type IssuedKey, type Scope } from "@colophon/kernel";
import type { InstallationDesk } from "./installation-desk.ts";
import { isoTime, isoTimeOrNull, readExpiry } from "./iso-time.ts";
import { requireGivable, requireProject } from "./may-give.ts";

const DAY_MS = 86_400_000;

/** A key as it may be shown at any time: nothing of it opens a door. */
export interface KeyRow {
  readonly id: string;
  readonly name: string;
  /** Null for a key of the whole installation. */
  readonly project: string | null;
  readonly environments: readonly string[] | null;
  readonly scopes: readonly Scope[];
  readonly createdBy: string;
  /** ISO 8601, and so are the others. */
  readonly createdAt: string;
  readonly expires: string | null;
  readonly revokedAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
  readonly rotates: string | null;
}

/** A key with its secret, which is shown once. */
export interface NewKey {
  readonly key: KeyRow;
  readonly secret: string;
}

export interface CreateKeyRequest {
  readonly name: string;
  readonly project: string | null;
  /** All of them unless given. */
  readonly environments?: readonly string[];
  readonly scopes: readonly Scope[];
  /** ISO 8601; never unless given. */
  readonly expires?: string;
}

export interface KeyPlace {
  readonly id: string;
  readonly project: string | null;
}

/** @throws HarnessError `project-unknown`, `not-allowed` for scopes beyond those of whoever asks, `usage`, `time-invalid`. */
export async function createKey(desk: InstallationDesk, request: CreateKeyRequest): Promise<NewKey> {
  const { name, project, scopes } = request;
  const environments = request.environments ?? null;
  if (project === null && environments !== null) {
    throw new HarnessError(
      "usage",
      "A key of the whole installation is one of all environments; name a project.",
    );
  }
  refuseReview(scopes);
  await requireProject(desk, project);
  await requireGivable(desk, { project, environments, scopes });
  const expires = request.expires === undefined ? null : readExpiry(request.expires, desk.clock.now());
  const asked = { name, project, environments, scopes: [...new Set(scopes)], expires };
  return shown(await desk.installation.keys.create({ ...asked, by: ownerOf(desk) }));
}

/**
 * A new key with the same rights; the old one goes on for `graceMs`, a day unless given.
 *
 * @throws HarnessError `usage` for a key that is not open in this project, `not-allowed`.
 */
export async function rotateKey(
  desk: InstallationDesk,
  { graceMs = DAY_MS, ...place }: KeyPlace & { readonly graceMs?: number },
): Promise<NewKey> {
  const { project, environments, scopes } = await findKey(desk, place);
  await requireGivable(desk, { project, environments, scopes });
  return shown(await desk.installation.keys.rotate(place.id, { by: ownerOf(desk), graceMs }));
}

/** @throws HarnessError `usage` for a key that is not open in this project. */
export async function revokeKey(desk: InstallationDesk, place: KeyPlace): Promise<KeyRow> {
  const { id } = await findKey(desk, place);
  if (!(await desk.installation.keys.revoke(id))) throw notOpen(place);
  return rowOf(await findKey(desk, place));
}

/** Keys of the project, or of the whole installation, revoked and expired ones too. */
export async function listKeys(
  { installation }: InstallationDesk,
  { project }: { readonly project: string | null },
): Promise<readonly KeyRow[]> {
  return (await installation.keys.list(project)).map(rowOf);
}

/** The person behind whoever asks: a key that a key makes is its owner's too. */
function ownerOf({ actor }: InstallationDesk): string {
  return actor.owner ?? actor.id;
}

/** Judging a version is a person's: a key would let its owner approve what is their own. */
function refuseReview(scopes: readonly Scope[]): void {
  if (scopes.includes("review")) {
    throw new HarnessError(
      "usage",
      'No key can have the scope "review": people approve versions, signed in as themselves.',
    );
  }
}

/** Whoever may manage keys of one project learns nothing of another one's. */
async function findKey({ installation }: InstallationDesk, place: KeyPlace): Promise<ApiKey> {
  const key = await installation.keys.find(place.id);
  if (key !== undefined && key.project === place.project) return key;
  throw notOpen(place);
}

function notOpen({ id }: KeyPlace): HarnessError {
  return new HarnessError(
    "usage",
    `There is no open key "${id}" here; \`colophon key list\` has those that are there.`,
  );
}

function shown({ key, secret }: IssuedKey): NewKey {
  return { key: rowOf(key), secret };
}

export function rowOf({ createdAt, expires, revokedAt, lastUsedAt, ...same }: ApiKey): KeyRow {
  return {
    ...same,
    createdAt: isoTime(createdAt),
    expires: isoTimeOrNull(expires),
    revokedAt: isoTimeOrNull(revokedAt),
    lastUsedAt: isoTimeOrNull(lastUsedAt),
  };
}
