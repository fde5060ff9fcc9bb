/** Deletes contents whose days are over, a bounded number at a time. */
import type { EpochMs } from "@colophon/kernel";
import type { SqliteCore } from "./sqlite-core.ts";

export const CONTENTS_PER_PURGE = 200;

/** @returns how many went; fewer than `CONTENTS_PER_PURGE` when none is left. */
export function purgeContents(core: Pick<SqliteCore, "prepare">, now: EpochMs): number {
  const { changes } = core
    .prepare(
      "DELETE FROM content WHERE execution IN (SELECT execution FROM content WHERE expires <= ? LIMIT ?)",
    )
    .run(now, CONTENTS_PER_PURGE);
  return Number(changes);
}
