/** The spool by itself: rows that wait on disk for a store that is somewhere else. */
export { SinkGaps } from "../sqlite/sink-gaps.ts";
export { SinkVoice } from "../sqlite/sink-voice.ts";
export { type AdoptedSpool, adoptSpool } from "./adopt-spool.ts";
export type { OwnSpool } from "./own-spool.ts";
export { SegmentedSpool, type SegmentedSpoolOptions } from "./segmented-spool.ts";
export { SpoolBacklog } from "./spool-backlog.ts";
export { lossOf, type Refused, withoutContents } from "./spool-entry.ts";
export { type SpoolFile, spoolFiles, spoolIds } from "./spool-files.ts";
export type { SpoolReader } from "./spool-reader.ts";
