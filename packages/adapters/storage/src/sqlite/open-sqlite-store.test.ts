/** Holds the embedded store to the contracts of its ports. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  coordinationContract,
  ledgerStoreContract,
  type OpenedStore,
  recordStoreContract,
  type StoreContract,
  type StoreParts,
  storeCareContract,
} from "@colophon/testkit";
import { openSqliteStore, type SqliteStore } from "./open-sqlite-store.ts";

const contract: StoreContract = {
  name: "the SQLite store",
  async open(parts: StoreParts): Promise<OpenedStore> {
    const folder = mkdtempSync(join(tmpdir(), "colophon-store-"));
    const opened: SqliteStore[] = [];
    const openOnce = async (): Promise<OpenedStore> => {
      const store = await openSqliteStore({
        file: join(folder, ".colophon", "store.db"),
        mode: "create",
        ...parts,
      });
      opened.push(store);
      return {
        records: store.records,
        ledger: store.ledger,
        care: store.care,
        coordination: store.coordination,
        again: openOnce,
        async dispose() {
          for (const one of opened.splice(0)) await one.close();
          rmSync(folder, { recursive: true, force: true });
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
