/** An installation in a schema of a PostgreSQL database. */
import { HarnessError } from "@colophon/kernel";
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from "kysely";
import { type CustomTypesConfig, Pool, type PoolClient, types } from "pg";
import type { Database, Turn } from "./database.ts";
import { isConflict, postgresError } from "./postgres-error.ts";
import type { InstallationTables } from "./tables.ts";
import { ask, askFirst, type Work } from "./work.ts";

const CONNECT_MS = 5_000;
const CONNECTIONS = 5;
const TRIES = 5;
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = 5000";

const BIGINT = 20;
/** Whole numbers come as numbers: the installation keeps none that a double cannot hold. */
const VALUE_TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === BIGINT
      ? Number
      : types.getTypeParser(oid, format as "text")) as CustomTypesConfig["getTypeParser"],
};

const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

const TURNS: Readonly<Record<Turn, number>> = { schema: 1, audit: 2 };

/** @throws HarnessError `usage` for an address or a schema that is none. */
export function openPool(url: string, schema: string): { readonly pool: Pool; readonly place: string } {
  checkSchema(schema);
  const place = placeOf(url);
  const pool = new Pool({
    connectionString: url,
    application_name: "colophon installation",
    connectionTimeoutMillis: CONNECT_MS,
    max: CONNECTIONS,
    keepAlive: true,
    types: VALUE_TYPES,
  });
  // A connection that breaks while nobody uses it is replaced; the next statement says what is wrong.
  pool.on("error", () => undefined);
  return { pool, place };
}

/** Schemas stand in statements as they are. @throws HarnessError `usage`. */
export function checkSchema(schema: string): void {
  if (!SCHEMA.test(schema)) {
    throw new HarnessError("usage", `"${schema}" is no schema; write letters, digits and _, a letter first.`);
  }
}

/** What messages call the database: an address without its user and password. */
function placeOf(url: string): string {
  try {
    const { protocol, hostname, port, pathname } = new URL(url);
    if (/^postgres(?:ql)?:$/.test(protocol)) return `${hostname}:${port || "5432"}${pathname}`;
  } catch {
    // Said below: what is no address may hold a password all the same.
  }
  throw new HarnessError(
    "usage",
    "The installation's address is none of PostgreSQL's; write postgres://user:password@host:port/database.",
  );
}

/** The database over a pool, which it closes. */
export function postgresDatabase(
  pool: Pool,
  { schema, place }: { readonly schema: string; readonly place: string },
): Database {
  const builder = new Kysely<InstallationTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }).withSchema(schema);
  return {
    dialect: "postgres",
    place,
    builder,
    *takeTurn(turn) {
      const name = `${schema} ${TURNS[turn]}`;
      const lock = sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
      yield* ask({ compile: () => lock.compile(builder) });
      if (turn === "schema") yield sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(schema)}`.compile(builder);
    },
    *hasTables() {
      const tables = sql<{ there: boolean }>`SELECT to_regclass(${`${schema}.edition`}) IS NOT NULL AS there`;
      return (yield* askFirst({ compile: () => tables.compile(builder) }))?.there === true;
    },
    write: (work) => withClient(pool, place, (client) => transaction(client, work)),
    read: (work) => withClient(pool, place, (client) => run(client, work())),
    async close() {
      if (!pool.ended && !pool.ending) await pool.end();
    },
  };
}

async function withClient<T>(
  pool: Pool,
  place: string,
  task: (client: PoolClient) => Promise<T>,
): Promise<T> {
  try {
    const client = await pool.connect();
    // A connection that breaks says so twice: to the statement, and here, where nobody may be listening.
    client.on("error", ignore);
    let failed: unknown;
    try {
      return await task(client);
    } catch (error) {
      failed = error;
      throw error;
    } finally {
      client.off("error", ignore);
      // Whether it can be used again is not worth finding out: an unused connection costs little.
      client.release(failed instanceof Error && !(failed instanceof HarnessError));
    }
  } catch (error) {
    throw postgresError(error, place);
  }
}

function ignore(): void {
  // The statement that runs rejects with the same error.
}

async function transaction<T>(client: PoolClient, work: () => Work<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    await client.query(BEGIN);
    try {
      const result = await run(client, work());
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch(ignore);
      if (!isConflict(error) || left <= 1) throw error;
    }
  }
}

async function run<T>(client: PoolClient, work: Work<T>): Promise<T> {
  for (let step = work.next(); ; ) {
    if (step.done === true) return step.value;
    const { rows } = await client.query(step.value.sql, [...step.value.parameters]);
    step = work.next(rows);
  }
}
