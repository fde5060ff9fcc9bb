/** Who follows the store on PostgreSQL and who does its jobs: rows about running processes, which are no records. */
import type { Coordination, Follower } from "@colophon/kernel";
import type { SqlRow } from "../shared/sql-row.ts";
import type { PostgresCore } from "./postgres-core.ts";

/** Who was silent for so long is gone for good. */
const FORGET_MS = 86_400_000;

export function createPostgresCoordination(core: PostgresCore): Coordination {
  return {
    async follow({ id, application, environment, revision, appliedAt }) {
      const now = core.clock.now();
      await core.query(
        `INSERT INTO @schema.presence (id, application, environment, revision, applied_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET application = excluded.application,
         environment = excluded.environment, revision = excluded.revision, applied_at = excluded.applied_at,
         seen_at = excluded.seen_at`,
        [id, application, environment, revision, Math.round(appliedAt), now],
      );
      await core.query("DELETE FROM @schema.presence WHERE seen_at < $1", [now - FORGET_MS]);
    },
    async unfollow(id) {
      await core.query("DELETE FROM @schema.presence WHERE id = $1", [id]);
    },
    async listFollowers(since) {
      const rows = await core.query("SELECT * FROM @schema.presence WHERE seen_at >= $1 ORDER BY id", [
        Math.ceil(since),
      ]);
      return rows.map(followerOf);
    },
    async takeLease(job, holder, until) {
      const taken = await core.query(
        `INSERT INTO @schema.lease AS held (job, holder, until) VALUES ($1, $2, $3) ON CONFLICT (job) DO UPDATE
         SET holder = excluded.holder, until = excluded.until
         WHERE held.holder = excluded.holder OR held.until <= $4 RETURNING job`,
        [job, holder, Math.round(until), core.clock.now()],
      );
      return taken.length === 1;
    },
    async releaseLease(job, holder) {
      await core.query("DELETE FROM @schema.lease WHERE job = $1 AND holder = $2", [job, holder]);
    },
    async findLease(job) {
      const [row] = await core.query(
        "SELECT holder, until FROM @schema.lease WHERE job = $1 AND until > $2",
        [job, core.clock.now()],
      );
      return row === undefined ? null : { holder: row.holder as string, until: row.until as number };
    },
  };
}

/** Processes lie on many machines, where only silence tells that one has ended. */
function followerOf(row: SqlRow): Follower {
  return {
    id: row.id as string,
    application: row.application as string | null,
    environment: row.environment as string,
    revision: row.revision as number,
    appliedAt: row.applied_at as number,
    seenAt: row.seen_at as number,
    ended: null,
  };
}
