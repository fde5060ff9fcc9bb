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
import { emptyStore } from "./emptied-store.fixture.ts";
import { SYSTEM_IDS } from "./filled-store.fixture.ts";
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./open-postgres-store.ts";
import { usePostgres } from "./postgres-server.fixture.ts";
import { createStoreSink } from "./store-sink.ts";

// Properties open a store for each example, and a server has more to do for that than a file.
vi.setConfig({ testTimeout: 180_000 });

const server = usePostgres();

type Place = Pick<PostgresStoreOptions, "url" | "pool" | "schema">;

/** Each store but the first of them lies in the tables of one that a test is done with. */
function contractIn(name: string, newPlace: () => Promise<Place>): StoreContract {
  const used: Place[] = [];
  const take = async (parts: StoreParts): Promise<Place> => {
    const place = used.pop();
    return place !== undefined && (await emptyStore(place, parts)) ? place : newPlace();
  };
  return {
    name,
    async open(parts: StoreParts): Promise<OpenedStore> {
      const place = await take(parts);
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
            used.push(place);
          },
        };
      };
      return openOnce();
    },
  };
}

const byAddress = contractIn("the store on PostgreSQL", async () => ({
  url: server().url(await server().takeDatabase()),
}));

const pools: Pool[] = [];

/** Of a pool that stays, each store finds connections that are warm: what takes longest of a short one's life. */
async function newPool(): Promise<Pool> {
  const pool = new Pool({ connectionString: server().url(await server().takeDatabase()) });
  // The server ends before the last of its connections has.
  pool.on("error", () => undefined);
  pools.push(pool);
  return pool;
}

const onPool = contractIn("the store on PostgreSQL", async () => ({ pool: await newPool() }));

let shared: { readonly pool: Pool; readonly first: PostgresStore } | undefined;
let schemas = 0;

/** All of them in one database and on one pool, beside a store that has a row of its own. */
async function sharedDatabase() {
  const pool = await newPool();
  const first = await openPostgresStore({ pool, mode: "create", clock: fixedClock() });
  await first.ledger.append([anExecution(SYSTEM_IDS, { subjects: { user: "ada" } })]);
  return { pool, first };
}

const besideOthers = contractIn("a store on PostgreSQL beside others in its database", async () => {
  shared ??= await sharedDatabase();
  schemas += 1;
  return { pool: shared.pool, schema: `colophon_beside_${schemas}` };
});

afterAll(async () => {
  const verified = await shared?.first.care.verify();
  await shared?.first.close();
  for (const pool of pools) await pool.end();
  if (verified === undefined) return;
  const { findings, executions } = verified;
  expect({ findings, executions }).toEqual({ findings: [], executions: 1 });
});

recordStoreContract(byAddress);
ledgerStoreContract(onPool);
storeCareContract(onPool);
coordinationContract(byAddress);
// Ledger and care beside others have a test of their own, and statements reach a schema in one place.
recordStoreContract(besideOthers);
coordinationContract(besideOthers);
ledgerSinkContract({
  name: "the sink into a store on PostgreSQL",
  receipt: "memory",
  async open(parts) {
    const { ledger, care, dispose } = await byAddress.open(parts);
    return { sink: createStoreSink({ ledger, care, clock: parts.clock }), ledger, care, dispose };
  },
});
