/** Tells of new revisions as they are committed: LISTEN on a connection of its own, which is made again when it breaks. */
import { setTimeout as pause } from "node:timers/promises";
import type { Revision } from "@colophon/kernel";
import type { Pool, PoolClient } from "pg";
import type { RevisionListener } from "../shared/revision-listener.ts";
import type { PostgresCore } from "./postgres-core.ts";
import { storeError } from "./postgres-error.ts";

const LISTEN = "LISTEN @schema_revision";
const REVISION = "SELECT coalesce(max(revision), 0)::int AS revision FROM @schema.record";
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** @returns what ends it. */
export function watchRevision(
  core: PostgresCore,
  pool: Pool,
  listener: RevisionListener,
): () => Promise<void> {
  const stopped = new AbortController();
  let last: Revision | undefined;
  const tell = (revision: Revision): void => {
    if (stopped.signal.aborted || (last !== undefined && revision <= last)) return;
    last = revision;
    listener.onRevision(revision);
  };

  const listenOnce = async (client: PoolClient): Promise<void> => {
    client.on("notification", ({ payload }) => tell(Number(payload)));
    const broken = new Promise<never>((_, reject) => {
      client.once("error", reject);
      client.once("end", () => reject(new Error("Connection terminated")));
      stopped.signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
    });
    broken.catch(() => undefined);
    await client.query(core.schema.resolve(LISTEN));
    // Asked after listening has begun, so nothing lies between the two.
    const { rows } = await client.query<{ revision: number }>(core.schema.resolve(REVISION));
    tell(rows[0]?.revision ?? 0);
    await broken;
  };

  const run = async (): Promise<void> => {
    let wait = FIRST_PAUSE_MS;
    while (!stopped.signal.aborted) {
      let client: PoolClient | undefined;
      try {
        client = await pool.connect();
        wait = FIRST_PAUSE_MS;
        await listenOnce(client);
      } catch (error) {
        if (!stopped.signal.aborted) listener.onLost?.(storeError(error, core.place) as Error);
      } finally {
        // It listens: nobody else may have it.
        client?.removeAllListeners("notification");
        client?.release(true);
      }
      await pause(wait, undefined, { signal: stopped.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
    }
  };

  const running = run();
  return async () => {
    stopped.abort();
    await running;
  };
}
