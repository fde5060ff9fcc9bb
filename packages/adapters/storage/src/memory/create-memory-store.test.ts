/** Holds the memory store to the contract of every port it fills. */
import {
  coordinationContract,
  ledgerSinkContract,
  ledgerStoreContract,
  type OpenedStore,
  recordStoreContract,
  type StoreContract,
  type StoreParts,
  snapshotSourceContract,
  storeCareContract,
} from "@colophon/testkit";
import { createMemoryStore } from "./create-memory-store.ts";

function open(parts: StoreParts): OpenedStore {
  const { records, ledger, care, coordination, close } = createMemoryStore(parts);
  const opened: OpenedStore = { records, ledger, care, coordination, again: () => opened, dispose: close };
  return opened;
}

const memory: StoreContract = { name: "the memory store", open };

recordStoreContract(memory);
ledgerStoreContract(memory);
storeCareContract(memory);
coordinationContract(memory);
ledgerSinkContract({
  name: "the memory sink",
  receipt: "memory",
  open(parts) {
    const { sink, ledger, care, close } = createMemoryStore(parts);
    return { sink, ledger, care, dispose: close };
  },
});
snapshotSourceContract({
  name: "the memory source",
  first: "at-once",
  open(parts) {
    const { source, records, care, close } = createMemoryStore(parts);
    return { source, records, care, dispose: close };
  },
});
