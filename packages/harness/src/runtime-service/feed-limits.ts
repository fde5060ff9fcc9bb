/** How much a feed keeps for its clients. */

export interface FeedLimits {
  /** Overrides that travel with an environment's snapshot; beyond it they are asked for by subject. */
  readonly overrides: number;
  /** Changes of an environment that are kept for clients who come back. */
  readonly changes: number;
  /** Characters of JSON that these changes may take together. */
  readonly changesSize: number;
  /** Snapshots that were current before and can still be asked for by their hash. */
  readonly documents: number;
  /** Bytes that those may take together. */
  readonly documentsSize: number;
}

export const FEED_LIMITS: FeedLimits = {
  overrides: 100_000,
  changes: 1000,
  changesSize: 8 * 1024 * 1024,
  documents: 64,
  documentsSize: 64 * 1024 * 1024,
};
