/** The way from any older edition of the store to this one: plain SQL, forward only, in one transaction under a lock. */
import { setTimeout as pause } from "node:timers/promises";
import { type Clock, errorCodeOf, HarnessError, type RandomSource } from "@colophon/kernel";
import { FIRST_RECORDS } from "../shared/first-records.ts";
import { GUARDS } from "./guards.ts";
import { lockStore } from "./locks.ts";
import type { Connection, StoreConnections } from "./postgres-core.ts";
import { appendRecords } from "./registry-log.ts";
import { TABLES } from "./schema.ts";

/** Statements that lead from edition `index` to `index + 1`. */
export type Migrations = readonly (readonly string[])[];

/** They only add, so that servers of the edition before go on while these run, and after. */
export const MIGRATIONS: Migrations = [[...TABLES, ...GUARDS]];

export const EDITION = MIGRATIONS.length;

/**
 * Who waits for a table holds up all who come after. So a migration waits for a moment only, gives way,
 * and comes back, until those who had the table before it are done.
 */
const TABLE_WAIT_MS = 250;
const TABLE_TRIES = 100;
const TABLE_PAUSE_MS = 100;

/** Older servers lack what the store is built on: identity of parts, and the right to vacuum for a role that owns nothing. */
const LEAST_SERVER = 170_000;

/**
 * The edition that a database stands at; 0 where there is no store in it.
 *
 * @throws HarnessError `store-newer`, or `store-unsupported` for a server or a schema of something else.
 */
export async function checkEdition(
  { query }: Pick<Connection, "query">,
  place: string,
  newestKnown = EDITION,
): Promise<number> {
  const [found] = await query(
    `SELECT current_setting('server_version_num')::int AS server, to_regclass('@schema.edition') IS NOT NULL AS store,
     EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = '@schema') AS taken`,
  );
  const { server, store, taken } = found as unknown as Record<"store" | "taken", boolean> & {
    server: number;
  };
  if (server < LEAST_SERVER) {
    throw new HarnessError(
      "store-unsupported",
      `The server at ${place} is PostgreSQL ${Math.floor(server / 10_000)}; Colophon needs ${LEAST_SERVER / 10_000} or newer.`,
    );
  }
  if (!store && !taken) return 0;
  if (!store) {
    throw new HarnessError(
      "store-unsupported",
      `The schema of the store ${place} belongs to something else; give the store a database or a schema of its own.`,
    );
  }
  const [newest] = await query("SELECT coalesce(max(edition), 0) AS edition FROM @schema.edition");
  const edition = newest?.edition as number;
  if (edition <= newestKnown) return edition;
  throw new HarnessError(
    "store-newer",
    `The store ${place} was written by a newer Colophon (edition ${edition}, this one knows ${newestKnown}); update Colophon.`,
  );
}

export interface MigrateParts {
  readonly place: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** What another store began with that is to be moved here, in place of a secret and records of its own. */
  readonly moved?: { readonly secret: Uint8Array; readonly created: number };
  /** `MIGRATIONS` unless given. */
  readonly migrations?: Migrations;
}

/**
 * Brings the schema up to date while others read and write; who comes second finds it done.
 *
 * @throws HarnessError `store-busy` where somebody held a table all the time.
 */
export async function migrate(connections: StoreConnections, parts: MigrateParts): Promise<void> {
  for (let left = TABLE_TRIES; ; left -= 1) {
    try {
      return await connections.transaction((connection) => migrateIn(connection, parts));
    } catch (error) {
      if (errorCodeOf(error) !== "store-busy" || left <= 1) throw error;
    }
    await pause(TABLE_PAUSE_MS);
  }
}

async function migrateIn(
  connection: Connection,
  { place, clock, random, moved, migrations = MIGRATIONS }: MigrateParts,
): Promise<void> {
  await lockStore(connection, "schema");
  await connection.query(`SET LOCAL lock_timeout = ${TABLE_WAIT_MS}`);
  const edition = await checkEdition(connection, place, migrations.length);
  const at = clock.now();
  for (const [index, statements] of migrations.entries()) {
    if (index < edition) continue;
    // Several statements in one message, so that a migration costs a round trip and not a hundred.
    await connection.query(statements.join(";\n"));
    await connection.query("INSERT INTO @schema.edition (edition, at) VALUES ($1, $2)", [index + 1, at]);
  }
  if (edition > 0) return;
  await beginStore(connection, { clock, random, ...(moved && { moved }) });
}

/** What a store has from the start, in tables that hold nothing yet. */
export async function beginStore(
  connection: Connection,
  { clock, random, moved }: Pick<MigrateParts, "clock" | "random" | "moved">,
): Promise<void> {
  const at = clock.now();
  await connection.query("INSERT INTO @schema.store (one, secret, created) VALUES (1, $1, $2)", [
    moved?.secret ?? random.fill(new Uint8Array(32)),
    moved?.created ?? at,
  ]);
  if (moved === undefined) await appendRecords(connection, { drafts: FIRST_RECORDS, at });
}
