/** Deletes contents whose days are over, a few milliseconds' worth at a time. */
import type { EpochMs } from "@colophon/kernel";
import type { SqliteCore } from "./sqlite-core.ts";

/** What one piece may take from the event loop, the wait for the lock and the commit apart. */
const PIECE_MS = 3;

export interface PurgedContents {
  readonly purged: number;
  /** False when more is over than one piece takes. */
  readonly done: boolean;
}

/** One by one: contents are overwritten as they go, and a few long ones take as long as thousands of short ones. */
export function purgeContents(
  core: Pick<SqliteCore, "prepare" | "transaction">,
  now: EpochMs,
): PurgedContents {
  return core.transaction(() => {
    const until = performance.now() + PIECE_MS;
    const purge = core.prepare(
      "DELETE FROM content WHERE execution = (SELECT execution FROM content WHERE expires <= ? LIMIT 1)",
    );
    for (let purged = 0; ; purged++) {
      if (purged > 0 && performance.now() >= until) return { purged, done: false };
      if (Number(purge.run(now).changes) === 0) return { purged, done: true };
    }
  });
}
