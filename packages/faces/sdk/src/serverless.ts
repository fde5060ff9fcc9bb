/** `colophon/serverless`: snapshots that refresh themselves and rows that travel in batches, where there is no disk. */
export { type BatchSinkOptions, batchSink } from "./serverless/batch-sink.ts";
export { type RefreshOptions, refreshing } from "./serverless/refreshing.ts";
