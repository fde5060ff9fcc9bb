/** The embedded store without anything beyond Node itself: what the SDK bundles. */

export { type DrainSpoolsOptions, type DrainSpoolsReport, drainSpools } from "../spool/drain-spools.ts";
export { spoolDirOf } from "../spool/spool-dir-of.ts";
export { type SpoolFile, spoolFiles } from "../spool/spool-files.ts";
export { waitForSpools } from "../spool/wait-for-spools.ts";
export { foldedRows, foldPiece } from "./fold-ledger.ts";
export { foldMetrics, measuredEnds } from "./fold-metrics.ts";
export { indexPiece } from "./index-ledger.ts";
export { indexedRows } from "./late-indexes.ts";
export { type AppendResult, type LedgerWriter, openLedgerWriter } from "./ledger-writer.ts";
export { openSqliteCore, type SqliteCoreOptions } from "./open-sqlite-core.ts";
export { createSqliteSnapshotSource, type SqliteSnapshotSourceOptions } from "./snapshot-source.ts";
export { createSqliteCoordination } from "./sqlite-coordination.ts";
export type { SqliteCore, StoreMode } from "./sqlite-core.ts";
export { createSqliteRecordStore, type SqliteRecordStoreOptions } from "./sqlite-record-store.ts";
export { createSqliteSink, type SqliteSinkOptions } from "./sqlite-sink.ts";
export { findStore, STORE_FOLDER, type StorePlace, storePlace } from "./store-place.ts";
