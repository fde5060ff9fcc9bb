/** The way from any older edition of the store to this one: plain SQL, forward only, in one transaction under a lock. */
import { type Clock, HarnessError, type RandomSource } from "@colophon/kernel";
import { FIRST_RECORDS } from "../shared/first-records.ts";
import { GUARDS } from "./guards.ts";
import { lockStore } from "./locks.ts";
import type { Connection, StoreConnections } from "./postgres-core.ts";
import { appendRecords } from "./registry-log.ts";
import { TABLES } from "./schema.ts";

/** Statements that lead from edition `index` to `index + 1`. */
const MIGRATIONS: readonly (readonly string[])[] = [[...TABLES, ...GUARDS]];

export const EDITION = MIGRATIONS.length;

/** Older servers lack what the store is built on: identity of parts, and the right to vacuum for a role that owns nothing. */
const LEAST_SERVER = 170_000;

/**
 * The edition that a database stands at; 0 where there is no store in it.
 *
 * @throws HarnessError `store-newer`, or `store-unsupported` for a server or a schema of something else.
 */
export async function checkEdition({ query }: Pick<Connection, "query">, place: string): Promise<number> {
  const [found] = await query(
    `SELECT current_setting('server_version_num')::int AS server, to_regclass('colophon.edition') IS NOT NULL AS store,
     EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = 'colophon') AS taken`,
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
      `The database ${place} has a schema "colophon" of something else; give the store a database of its own.`,
    );
  }
  const [newest] = await query("SELECT coalesce(max(edition), 0) AS edition FROM colophon.edition");
  const edition = newest?.edition as number;
  if (edition <= EDITION) return edition;
  throw new HarnessError(
    "store-newer",
    `The store ${place} was written by a newer Colophon (edition ${edition}, this one knows ${EDITION}); update Colophon.`,
  );
}

export interface MigrateParts {
  readonly place: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** What another store began with that is to be moved here, in place of a secret and records of its own. */
  readonly moved?: { readonly secret: Uint8Array; readonly created: number };
}

/** Brings the schema up to date; who comes second finds it done. */
export async function migrate(
  connections: StoreConnections,
  { place, clock, random, moved }: MigrateParts,
): Promise<void> {
  await connections.transaction(async (connection) => {
    await lockStore(connection, "schema");
    const edition = await checkEdition(connection, place);
    const at = clock.now();
    for (const [index, statements] of MIGRATIONS.entries()) {
      if (index < edition) continue;
      // Several statements in one message, so that a migration costs a round trip and not a hundred.
      await connection.query(statements.join(";\n"));
      await connection.query("INSERT INTO colophon.edition (edition, at) VALUES ($1, $2)", [index + 1, at]);
    }
    if (edition > 0) return;
    await connection.query("INSERT INTO colophon.store (one, secret, created) VALUES (1, $1, $2)", [
      moved?.secret ?? random.fill(new Uint8Array(32)),
      moved?.created ?? at,
    ]);
    if (moved === undefined) await appendRecords(connection, { drafts: FIRST_RECORDS, at });
  });
}
