/** Who follows a memory store and who does a job, for the parts of one process. */
import type { Clock, Coordination, Follower, Lease } from "@colophon/kernel";

export function createMemoryCoordination(clock: Clock): Coordination {
  const followers = new Map<string, Follower>();
  const leases = new Map<string, Lease>();
  return {
    async follow({ id, application, environment, revision, appliedAt }) {
      const seenAt = clock.now();
      const ended = null;
      followers.set(id, { id, application, environment, revision, appliedAt, seenAt, ended });
    },
    async unfollow(id) {
      followers.delete(id);
    },
    listFollowers: async (since) => [...followers.values()].filter(({ seenAt }) => seenAt >= since),
    async takeLease(job, holder, until) {
      const lease = leases.get(job);
      if (lease !== undefined && lease.holder !== holder && lease.until > clock.now()) return false;
      leases.set(job, { holder, until });
      return true;
    },
    async releaseLease(job, holder) {
      if (leases.get(job)?.holder === holder) leases.delete(job);
    },
    async findLease(job) {
      const lease = leases.get(job);
      return lease !== undefined && lease.until > clock.now() ? lease : null;
    },
  };
}
