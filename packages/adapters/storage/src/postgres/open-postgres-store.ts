/** Opens the store on PostgreSQL with every port: creates and migrates it where asked, and says in one sentence why it cannot. */
import {
  type Clock,
  type Coordination,
  createIdSource,
  errorCodeOf,
  HarnessError,
  type IdSource,
  type LedgerStore,
  type RandomSource,
  type RecordStore,
  type StoreCare,
  systemRandom,
} from "@colophon/kernel";
import { Pool } from "pg";
import { toHex } from "../shared/bytes.ts";
import type { RevisionListener } from "../shared/revision-listener.ts";
import { checkEdition, EDITION, migrate } from "./migrations.ts";
import { createPostgresCare } from "./postgres-care.ts";
import { createPostgresCoordination } from "./postgres-coordination.ts";
import {
  createConnections,
  type PoolPlace,
  type PostgresCore,
  type StoreConnections,
  type StoreMode,
} from "./postgres-core.ts";
import { createPostgresLedgerStore } from "./postgres-ledger-store.ts";
import { createPostgresRecordStore } from "./postgres-record-store.ts";
import { lastSeal, sealLedger } from "./seal-ledger.ts";
import { type StoreSchema, storeSchema } from "./store-schema.ts";
import { watchRevision } from "./watch-revision.ts";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, perhaps with `?schema=NAME`; given instead of a pool. */
  readonly url?: string;
  /** A pool of the caller's, which stays open when the store closes; watching revisions takes a connection of it. */
  readonly pool?: Pool;
  /**
   * Where in the database the store lies, so that several may lie there, each for itself: `colophon`, or
   * `colophon_` and more. As the address says unless given here, and `colophon` where neither does.
   */
  readonly schema?: string | undefined;
  /** `read` never writes, `write` wants the store to be there, `create` makes it where it is missing. */
  readonly mode: StoreMode;
  readonly clock: Clock;
  readonly ids?: IdSource;
  readonly random?: RandomSource;
}

export interface PostgresStore {
  readonly records: RecordStore;
  readonly ledger: LedgerStore;
  readonly care: StoreCare;
  readonly coordination: Coordination;
  /** Server, port and database, without user and password. */
  readonly place: string;
  /** Tells of each new revision that anybody commits, until the returned function is called. */
  onChange(listener: RevisionListener): () => Promise<void>;
  close(): Promise<void>;
}

const CONNECT_MS = 5000;
const CONNECTIONS = 10;
const POSTGRES = /^postgres(?:ql)?:/;

/**
 * @throws HarnessError `store-unavailable`, `store-read-only`, `store-busy`, `store-corrupt`,
 * `store-newer`, `store-unsupported`, or `usage` for an address that is none.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const poolPlace = poolOf(options);
  const connections = createConnections(poolPlace);
  try {
    const core = await openCore(options, connections, poolPlace);
    return storeOn(core, poolPlace);
  } catch (error) {
    await connections.close();
    throw error;
  }
}

/**
 * Whether a database holds a store; nothing is made.
 *
 * @throws HarnessError as `openPostgresStore` for a server that cannot be asked.
 */
export async function hasPostgresStore(
  options: Pick<PostgresStoreOptions, "url" | "pool" | "schema">,
): Promise<boolean> {
  const { connections, place } = connectTo({ ...options, mode: "read" });
  try {
    return (await checkEdition(connections, place)) > 0;
  } finally {
    await connections.close();
  }
}

/** The ways to a database that may hold no store yet. */
export function connectTo(options: Pick<PostgresStoreOptions, "url" | "pool" | "schema" | "mode">): {
  readonly connections: StoreConnections;
  readonly place: string;
} {
  const poolPlace = poolOf(options);
  return { connections: createConnections(poolPlace), place: poolPlace.place };
}

function poolOf({
  url,
  pool,
  schema: name,
  mode,
}: Pick<PostgresStoreOptions, "url" | "pool" | "schema" | "mode">): PoolPlace {
  const address = pool === undefined ? addressOf(url) : addressOfPool(pool);
  const schema = storeSchema(name ?? address.schema);
  const place = placeIn(address.place, schema);
  if (pool !== undefined) return { pool, place, schema, owned: false };
  const made = new Pool({
    connectionString: url as string,
    application_name: "colophon",
    connectionTimeoutMillis: CONNECT_MS,
    max: CONNECTIONS,
    keepAlive: true,
    ...(mode === "read" ? { options: "-c default_transaction_read_only=on" } : undefined),
  });
  // A connection that breaks while nobody uses it is replaced; the next statement says what is wrong.
  made.on("error", () => undefined);
  return { pool: made, place, schema, owned: true };
}

function placeIn(database: string, { name }: StoreSchema): string {
  return name === storeSchema().name ? database : `${database}?schema=${name}`;
}

interface Address {
  /** What messages call the database: an address without its user and password. */
  readonly place: string;
  readonly schema: string | undefined;
}

function addressOfPool({ options }: Pool): Address {
  const { connectionString, host = "localhost", port = 5432, database = "" } = options;
  if (connectionString !== undefined && POSTGRES.test(connectionString)) return addressOf(connectionString);
  return { place: `${host}:${port}/${database}`, schema: undefined };
}

function addressOf(url: string | undefined): Address {
  try {
    const { protocol, hostname, port, pathname, searchParams } = new URL(url ?? "");
    if (POSTGRES.test(protocol)) {
      return {
        place: `${hostname}:${port || "5432"}${pathname}`,
        schema: searchParams.get("schema") ?? undefined,
      };
    }
  } catch {
    // Said below: what is no address may hold a password all the same.
  }
  throw new HarnessError(
    "usage",
    "The store's address is none of PostgreSQL's; write postgres://user:password@host:port/database.",
  );
}

async function openCore(
  options: PostgresStoreOptions,
  connections: StoreConnections,
  { place, schema }: Pick<PoolPlace, "place" | "schema">,
): Promise<PostgresCore> {
  const { mode, clock, random = systemRandom } = options;
  const edition = await checkEdition(connections, place);
  if (edition < EDITION) {
    if (mode !== "create" && (edition === 0 || mode === "read")) throw notReady(place, edition);
    await migrateOnce(connections, { place, clock, random });
  }
  const [row] = await connections.query("SELECT secret FROM @schema.store");
  const ids = options.ids ?? createIdSource({ clock, random });
  return {
    ...connections,
    place,
    schema,
    mode,
    clock,
    random,
    ids,
    secret: toHex(row?.secret as Uint8Array),
  };
}

/** Who comes second may have waited in vain for the first one's lock, and finds it done. */
async function migrateOnce(
  connections: StoreConnections,
  parts: Parameters<typeof migrate>[1],
): Promise<void> {
  try {
    await migrate(connections, parts);
  } catch (error) {
    if (errorCodeOf(error) !== "store-busy" || (await checkEdition(connections, parts.place)) < EDITION)
      throw error;
  }
}

function notReady(place: string, edition: number): HarnessError {
  return edition === 0
    ? new HarnessError(
        "store-unavailable",
        `There is no store in the database ${place}; \`colophon init\` or the first write makes one.`,
      )
    : new HarnessError(
        "store-unsupported",
        `The store ${place} is of edition ${edition}, this Colophon reads ${EDITION}; any write brings it up to date.`,
      );
}

function storeOn(core: PostgresCore, poolPlace: PoolPlace): PostgresStore {
  const ledger = createPostgresLedgerStore(core);
  const watches = new Set<() => Promise<void>>();
  let closed = false;
  return {
    records: createPostgresRecordStore(core),
    ledger,
    care: createPostgresCare({ core, writer: ledger.writer }),
    coordination: createPostgresCoordination(core),
    place: core.place,
    onChange(listener) {
      const stop = watchRevision(core, poolPlace.pool, listener);
      watches.add(stop);
      return async () => {
        watches.delete(stop);
        await stop();
      };
    },
    async close() {
      if (closed) return;
      closed = true;
      for (const stop of watches) await stop();
      await ledger.close();
      // Records stand without a seal as well, but until there is one nobody can tell that the last are gone.
      if (core.mode !== "read") await sealRecords(core).catch(() => undefined);
      await core.close();
    },
  };
}

/** Seals a log that has grown since the last seal; asks before it takes the lock. */
async function sealRecords(core: PostgresCore): Promise<void> {
  const [row] = await core.query("SELECT coalesce(max(revision), 0) AS revision FROM @schema.record");
  if ((await lastSeal(core))?.seal.revision !== row?.revision) await sealLedger(core);
}
