/** Holds the store on PostgreSQL to the contracts of its ports. */
import {
  coordinationContract,
  ledgerSinkContract,
  ledgerStoreContract,
  type OpenedStore,
  recordStoreContract,
  type StoreContract,
  type StoreParts,
  storeCareContract,
} from "@colophon/testkit";
import { vi } from "vitest";
import { openPostgresStore, type PostgresStore } from "./open-postgres-store.ts";
import { usePostgres } from "./postgres-server.fixture.ts";
import { createStoreSink } from "./store-sink.ts";

// Properties open a store for each example, and a server has more to do for that than a file.
vi.setConfig({ testTimeout: 180_000 });

const server = usePostgres();

const contract: StoreContract = {
  name: "the store on PostgreSQL",
  async open(parts: StoreParts): Promise<OpenedStore> {
    const database = await server().takeDatabase();
    const opened: PostgresStore[] = [];
    const openOnce = async (): Promise<OpenedStore> => {
      const store = await openPostgresStore({ url: server().url(database), mode: "create", ...parts });
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
          await server().giveBack(database);
        },
      };
    };
    return openOnce();
  },
};

recordStoreContract(contract);
ledgerStoreContract(contract);
storeCareContract(contract);
coordinationContract(contract);
ledgerSinkContract({
  name: "the sink into a store on PostgreSQL",
  receipt: "memory",
  async open(parts) {
    const { ledger, care, dispose } = await contract.open(parts);
    return { sink: createStoreSink({ ledger, care, clock: parts.clock }), ledger, care, dispose };
  },
});
