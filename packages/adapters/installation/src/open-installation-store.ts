/** Opens an installation's database with every port: creates and migrates it where asked. */
import { existsSync } from "node:fs";
import {
  type Clock,
  createIdSource,
  HarnessError,
  type Installation,
  type RandomSource,
} from "@colophon/kernel";
import { connect, type InstallationPlace, type OpenedDatabase } from "./database/connect.ts";
import type { Database } from "./database/database.ts";
import { EDITION, migrate, readEdition } from "./database/migrations.ts";
import { createApiKeys } from "./ports/api-keys.ts";
import { createAuditLog } from "./ports/audit-log.ts";
import { createJobs } from "./ports/jobs.ts";
import { createPeople } from "./ports/people.ts";
import { createProjects } from "./ports/projects.ts";
import { randomToken } from "./ports/random-token.ts";
import { deriveKey } from "./ports/seal-secret.ts";
import { createSecrets } from "./ports/secrets.ts";
import type { OidcProvider } from "./sign-in/auth-options.ts";
import { createSignIn, type SignInDesk } from "./sign-in/create-sign-in.ts";

export interface InstallationStoreOptions {
  readonly place: InstallationPlace;
  /** `read` makes nothing: what is not there yet reads as an installation where nobody has done anything. */
  readonly mode: "read" | "write";
  readonly clock: Clock;
  readonly random: RandomSource;
  /** 32 characters or more; null where no secrets are kept and nobody signs in. */
  readonly masterKey: string | null;
  /** The origin that browsers see; this machine's unless given. */
  readonly publicUrl?: string;
  readonly oidc?: OidcProvider | null;
}

export interface InstallationStore {
  readonly installation: Installation;
  readonly signIn: SignInDesk;
  /** A file, or server and database without user and password. */
  readonly place: string;
}

const OWN_URL = "http://127.0.0.1:4600";

/**
 * @throws HarnessError `store-unavailable`, `store-read-only`, `store-busy`, `store-corrupt`, `store-newer`,
 * `store-unsupported`, or `usage` for an address or a master key that is none.
 */
export async function openInstallationStore(options: InstallationStoreOptions): Promise<InstallationStore> {
  const { clock, random, masterKey } = options;
  const { database, auth } = await openDatabase(options);
  const parts = { database, clock, random, ids: createIdSource({ clock, random }) };
  try {
    const installation: Installation = {
      projects: createProjects(parts),
      people: createPeople(parts),
      keys: createApiKeys(parts),
      audit: createAuditLog(parts),
      secrets: createSecrets(parts, { masterKey }),
      jobs: createJobs(parts),
      close: () => database.close(),
    };
    const settings = {
      database: auth,
      secret: signingKey(masterKey, random),
      publicUrl: originOf(options.publicUrl ?? OWN_URL),
      oidc: options.oidc ?? null,
    };
    return { installation, signIn: createSignIn({ ...parts, settings }), place: database.place };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Without a master key sessions end with the process that signed them. */
function signingKey(masterKey: string | null, random: RandomSource): string {
  return masterKey === null ? randomToken(random) : deriveKey(masterKey, "sign-in").toString("base64url");
}

/** @throws HarnessError `usage`. */
function originOf(url: string): string {
  const { protocol, origin } = URL.parse(url) ?? {};
  if (origin !== undefined && /^https?:$/.test(protocol ?? "")) return origin;
  throw new HarnessError(
    "usage",
    `"${url}" is no address that browsers open; write https://prompts.example.com.`,
  );
}

async function openDatabase({ place, mode, clock }: InstallationStoreOptions): Promise<OpenedDatabase> {
  if (mode === "read" && place.kind === "sqlite" && !existsSync(place.file)) return emptyDatabase(clock);
  const opened = connect(place);
  const { database } = opened;
  try {
    const edition = await database.read(() => readEdition(database));
    if (edition === EDITION) return opened;
    if (mode === "read" && edition === 0) {
      await database.close();
      return emptyDatabase(clock);
    }
    if (mode === "read") throw tooOld(database.place, edition);
    await bringUpToDate(database, { place, clock });
    return opened;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** An installation that is not there yet, in memory. */
async function emptyDatabase(clock: Clock): Promise<OpenedDatabase> {
  const place: InstallationPlace = { kind: "sqlite", file: MEMORY };
  const opened = connect(place);
  await bringUpToDate(opened.database, { place, clock });
  return opened;
}

const MEMORY = ":memory:";

async function bringUpToDate(
  database: Database,
  { place, clock }: Pick<InstallationStoreOptions, "place" | "clock">,
): Promise<void> {
  const schema = place.kind === "postgres" ? place.schema : "main";
  await database.write(() => migrate(database, { schema, at: clock.now() }));
}

function tooOld(place: string, edition: number): HarnessError {
  return new HarnessError(
    "store-unsupported",
    `The installation ${place} is of edition ${edition}, this Colophon reads ${EDITION}; any write brings it up to date.`,
  );
}
