/** Who follows the embedded store and who does its jobs: rows about running processes, which are no records. */
import type { Coordination, Follower, Lease } from "@colophon/kernel";
import type { SqlRow } from "./node-sqlite.ts";
import { hasEnded, ownProcess, type ProcessMark } from "./process-mark.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { withStoreErrors } from "./sqlite-error.ts";

/** Who was silent for so long is gone for good. */
const FORGET_MS = 86_400_000;

export function createSqliteCoordination(
  core: SqliteCore,
  { busyTotal }: { readonly busyTotal?: number } = {},
): Coordination {
  const write = <T>(task: () => T): Promise<T> =>
    retryBusy(() => withStoreErrors(core.file, task), busyTotal);
  return {
    follow: (follower) => write(() => core.transaction(() => follow(core, follower))),
    unfollow: (id) => write(() => void core.prepare("DELETE FROM presence WHERE id = ?").run(id)),
    listFollowers: async (since) => withStoreErrors(core.file, () => listFollowers(core, since)),
    takeLease: (job, holder, until) =>
      write(() => {
        const { changes } = core
          .prepare(
            `INSERT INTO lease (job, holder, until) VALUES (?, ?, ?) ON CONFLICT DO UPDATE
             SET holder = excluded.holder, until = excluded.until WHERE holder = excluded.holder OR until <= ?`,
          )
          .run(job, holder, until, core.clock.now());
        return changes === 1;
      }),
    releaseLease: (job, holder) =>
      write(() => void core.prepare("DELETE FROM lease WHERE job = ? AND holder = ?").run(job, holder)),
    findLease: async (job) => withStoreErrors(core.file, () => findLease(core, job)),
  };
}

function follow(core: SqliteCore, follower: Parameters<Coordination["follow"]>[0]): void {
  const { id, application, environment, revision, appliedAt } = follower;
  const now = core.clock.now();
  core
    .prepare(
      `INSERT INTO presence (id, application, environment, revision, applied_at, seen_at, process)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET application = excluded.application,
       environment = excluded.environment, revision = excluded.revision, applied_at = excluded.applied_at,
       seen_at = excluded.seen_at, process = excluded.process`,
    )
    .run(id, application, environment, revision, appliedAt, now, JSON.stringify(ownProcess()));
  core.prepare("DELETE FROM presence WHERE seen_at < ?").run(now - FORGET_MS);
}

function listFollowers(core: SqliteCore, since: number): readonly Follower[] {
  const rows = core.prepare("SELECT * FROM presence WHERE seen_at >= ? ORDER BY id").all(since) as SqlRow[];
  return rows.map(followerOf).filter(({ ended }) => ended !== true);
}

function followerOf(row: SqlRow): Follower {
  const follower: Record<keyof Follower, unknown> = {
    id: row.id,
    application: row.application,
    environment: row.environment,
    revision: row.revision,
    appliedAt: row.applied_at,
    seenAt: row.seen_at,
    ended: hasEnded(JSON.parse(row.process as string) as ProcessMark),
  };
  return follower as unknown as Follower;
}

function findLease(core: SqliteCore, job: string): Lease | null {
  const row = core
    .prepare("SELECT holder, until FROM lease WHERE job = ? AND until > ?")
    .get(job, core.clock.now()) as SqlRow | undefined;
  return row === undefined ? null : { holder: row.holder as string, until: row.until as number };
}
