/** The memory store: everything of the embedded store but the disk, on any platform. */
export { createMemoryStore, type MemoryStore, type MemoryStoreOptions } from "./create-memory-store.ts";
