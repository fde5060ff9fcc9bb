/** The store on PostgreSQL for the command line and the server. */
export { createRecordsSource, type RecordsSourceOptions } from "../shared/records-source.ts";
export type { RevisionListener } from "../shared/revision-listener.ts";
export { grantsSql } from "./grants.ts";
export {
  hasPostgresStore,
  openPostgresStore,
  type PostgresStore,
  type PostgresStoreOptions,
} from "./open-postgres-store.ts";
export { createStoreSink, type StoreSinkOptions } from "./store-sink.ts";
