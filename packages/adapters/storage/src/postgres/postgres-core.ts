/** An open store on PostgreSQL: its pool, its transactions, its secret. */
import type { Clock, IdSource, RandomSource } from "@colophon/kernel";
import type { Pool, PoolClient, QueryResult } from "pg";
import type { SqlRow } from "../shared/sql-row.ts";
import { copyIn } from "./copy-in.ts";
import { postgresTrouble, storeError } from "./postgres-error.ts";
import type { StoreSchema } from "./store-schema.ts";
import { VALUE_TYPES } from "./value-types.ts";

export type StoreMode = "read" | "write" | "create";

export type SqlParameter =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly (string | number | boolean | null | Uint8Array)[];

/** Runs statements one after another, in the schema that the store lies in: they name it `@schema`. */
export interface Connection {
  query(sql: string, values?: readonly SqlParameter[]): Promise<readonly SqlRow[]>;
  /** Sends the lines of `COPY … FROM STDIN`, in PostgreSQL's text format. */
  copyIn(sql: string, lines: string | Uint8Array): Promise<void>;
}

export interface PostgresCore extends Pick<Connection, "query"> {
  /** Server, port and database as messages name them, without user and password. */
  readonly place: string;
  readonly schema: StoreSchema;
  readonly mode: StoreMode;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: RandomSource;
  /** 64 hex digits, the store's own key. */
  readonly secret: string;
  /**
   * Runs a task in one transaction; it may run again where PostgreSQL could not order it among others.
   * No statement in it waits longer than `LOCK_WAIT_MS` for a lock. What it begins with, statements without
   * values, goes along with the beginning; the task is given what the last of them answered.
   */
  transaction<T>(
    task: (connection: Connection, opened: readonly SqlRow[]) => Promise<T>,
    opening?: string,
  ): Promise<T>;
  /** Runs several reads on one state of the store; what they begin with is as in `transaction`. */
  reading<T>(task: (connection: Connection) => Promise<T>, opening?: string): Promise<T>;
  /** Runs statements that must stand outside of any transaction. */
  alone<T>(task: (connection: Connection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const LOCK_WAIT_MS = 5000;
const TRIES = 5;

/** Over many parts PostgreSQL takes a statement of milliseconds for a long one, and compiles it for longer than it runs. */
const PLAIN = "SET LOCAL jit = off";
const WRITE = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = ${LOCK_WAIT_MS}; ${PLAIN}`;
const READ = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${PLAIN}`;

/** For a few rows, to start workers takes longer than to read them. */
export const FEW_ROWS = "SET LOCAL max_parallel_workers_per_gather = 0";
/** The newest rows are found by their number, also before PostgreSQL knows how they lie. */
export const BY_INDEX = `${FEW_ROWS}; SET LOCAL enable_seqscan = off`;
/** Sums of tenants and versions are too many for what a statement may keep in memory otherwise. */
export const MANY_SUMS = "SET LOCAL work_mem = '64MB'";

export interface PoolPlace {
  readonly pool: Pool;
  readonly place: string;
  readonly schema: StoreSchema;
  /** Whether the pool was made for this store and ends with it. */
  readonly owned: boolean;
}

export type StoreConnections = Pick<PostgresCore, "query" | "transaction" | "reading" | "alone" | "close">;

/** The ways to the database, before anything of the store is known. */
export function createConnections({ pool, place, schema, owned }: PoolPlace): StoreConnections {
  const withClient = async <T>(task: (client: PoolClient) => Promise<T>): Promise<T> => {
    try {
      const client = await pool.connect();
      // A connection that breaks says so twice: to the statement, and here, where nobody may be listening.
      client.on("error", ignore);
      let broken = false;
      try {
        return await task(client);
      } catch (error) {
        const trouble = postgresTrouble(error);
        broken = trouble === "lost" || trouble === "unreachable";
        throw error;
      } finally {
        client.off("error", ignore);
        client.release(broken);
      }
    } catch (error) {
      throw storeError(error, place);
    }
  };

  const inTransaction = <T>(
    begin: string,
    task: (connection: Connection, opened: readonly SqlRow[]) => Promise<T>,
  ): Promise<T> =>
    withClient(async (client) => {
      const connection = connectionOf(client, schema);
      for (let left = TRIES; ; left--) {
        try {
          const opened = await connection.query(begin);
          const result = await task(connection, opened);
          await client.query("COMMIT");
          return result;
        } catch (error) {
          const trouble = postgresTrouble(error);
          if (trouble !== "lost") await client.query("ROLLBACK");
          if (trouble !== "again" || left <= 1) throw error;
        }
      }
    });

  return {
    query: (sql, values) => withClient((client) => connectionOf(client, schema).query(sql, values)),
    transaction: (task, opening) => inTransaction(beginning(WRITE, opening), task),
    reading: (task, opening) => inTransaction(beginning(READ, opening), task),
    alone: (task) => withClient((client) => task(connectionOf(client, schema))),
    async close() {
      if (owned) await pool.end();
    },
  };
}

function beginning(begin: string, opening: string | undefined): string {
  return opening === undefined ? begin : `${begin}; ${opening}`;
}

function ignore(): void {
  // The statement that runs rejects with the same error.
}

function connectionOf(client: PoolClient, schema: StoreSchema): Connection {
  return {
    async query(sql, values) {
      const config = {
        text: schema.resolve(sql),
        types: VALUE_TYPES,
        ...(values === undefined ? undefined : { values: [...values] }),
      };
      const answer = (await client.query<SqlRow>(config)) as
        | QueryResult<SqlRow>
        | readonly QueryResult<SqlRow>[];
      // Several statements in one message have several answers.
      return ("rows" in answer ? answer : answer.at(-1))?.rows ?? [];
    },
    copyIn: (sql, lines) => copyIn(client, schema.resolve(sql), lines),
  };
}
