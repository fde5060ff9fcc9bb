/** The move of an embedded store into PostgreSQL. */
export { type MovedCounts, type MoveStoreOptions, moveStore } from "./move-store.ts";
