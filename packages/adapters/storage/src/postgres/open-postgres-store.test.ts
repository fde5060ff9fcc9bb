/** Holds the store on PostgreSQL to the contracts of its ports. */
import {
  anExecution,
  coordinationContract,
  fixedClock,
  ledgerSinkContract,
  ledgerStoreContract,
  type OpenedStore,
  recordStoreContract,
  type StoreContract,
  type StoreParts,
  storeCareContract,
} from "@colophon/testkit";
import { Pool } from "pg";
import { afterAll, expect, vi } from "vitest";
import { SYSTEM_IDS } from "./filled-store.fixture.ts";
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./open-postgres-store.ts";
import { usePostgres } from "./postgres-server.fixture.ts";
import { createStoreSink } from "./store-sink.ts";

// Properties open a store for each example, and a server has more to do for that than a file.
vi.setConfig({ testTimeout: 180_000 });

const server = usePostgres();

type Place = Pick<PostgresStoreOptions, "url" | "pool" | "schema">;

function contractIn(
  name: string,
  take: () => Promise<{ readonly place: Place; giveBack(): Promise<void> }>,
): StoreContract {
  return {
    name,
    async open(parts: StoreParts): Promise<OpenedStore> {
      const { place, giveBack } = await take();
      const opened: PostgresStore[] = [];
      const openOnce = async (): Promise<OpenedStore> => {
        const store = await openPostgresStore({ ...place, mode: "create", ...parts });
        opened.push(store);
        return {
          records: store.records,
          ledger: store.ledger,
          care: store.care,
          coordination: store.coordination,
          again: openOnce,
          async dispose() {
            if (opened.length === 0) return;
            for (const one of opened.splice(0)) await one.close();
            await giveBack();
          },
        };
      };
      return openOnce();
    },
  };
}

const alone = contractIn("the store on PostgreSQL", async () => {
  const database = await server().takeDatabase();
  return { place: { url: server().url(database) }, giveBack: () => server().giveBack(database) };
});

let shared: { readonly database: string; readonly pool: Pool; readonly first: PostgresStore } | undefined;
let schemas = 0;

/** All of them in one database and on one pool, beside a store that has a row of its own. */
async function sharedDatabase() {
  const database = await server().takeDatabase();
  const pool = new Pool({ connectionString: server().url(database) });
  // The server ends before the last of its connections has.
  pool.on("error", () => undefined);
  const first = await openPostgresStore({ pool, mode: "create", clock: fixedClock() });
  await first.ledger.append([anExecution(SYSTEM_IDS, { subjects: { user: "ada" } })]);
  return { database, pool, first };
}

const besideOthers = contractIn("a store on PostgreSQL beside others in its database", async () => {
  shared ??= await sharedDatabase();
  const { database, pool } = shared;
  schemas += 1;
  const schema = `colophon_beside_${schemas}`;
  return {
    place: { pool, schema },
    giveBack: async () => void (await server().run(database, `DROP SCHEMA ${schema} CASCADE`)),
  };
});

afterAll(async () => {
  if (shared === undefined) return;
  const { first, pool } = shared;
  const { findings, executions } = await first.care.verify();
  await first.close();
  await pool.end();
  expect({ findings, executions }).toEqual({ findings: [], executions: 1 });
});

recordStoreContract(alone);
ledgerStoreContract(alone);
storeCareContract(alone);
coordinationContract(alone);
// Ledger and care beside others have a test of their own, and statements reach a schema in one place.
recordStoreContract(besideOthers);
coordinationContract(besideOthers);
ledgerSinkContract({
  name: "the sink into a store on PostgreSQL",
  receipt: "memory",
  async open(parts) {
    const { ledger, care, dispose } = await alone.open(parts);
    return { sink: createStoreSink({ ledger, care, clock: parts.clock }), ledger, care, dispose };
  },
});
