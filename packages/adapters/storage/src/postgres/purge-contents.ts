/** Deletes contents whose days are over, some thousands at a time. */
import type { EpochMs } from "@colophon/kernel";
import type { PostgresCore } from "./postgres-core.ts";

const PURGED_AT_ONCE = 5000;

export async function purgeContents({ query }: Pick<PostgresCore, "query">, now: EpochMs): Promise<number> {
  for (let purged = 0; ; ) {
    const gone = await query(
      `DELETE FROM @schema.content WHERE execution IN
       (SELECT execution FROM @schema.content WHERE expires <= $1 LIMIT ${PURGED_AT_ONCE}) RETURNING 1`,
      [Math.floor(now)],
    );
    purged += gone.length;
    if (gone.length < PURGED_AT_ONCE) return purged;
  }
}
