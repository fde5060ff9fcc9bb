/** What every Coordination keeps to, as tests that an adapter runs on itself. */
import type { Coordination, Follower } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { freshly, type StoreContract } from "./opened-store.ts";

function aFollower(fields: Partial<Follower> = {}): Parameters<Coordination["follow"]>[0] {
  return {
    id: "follower-1",
    application: "shop",
    environment: "production",
    revision: 7,
    appliedAt: 1_000,
    ...fields,
  };
}

export function coordinationContract(contract: StoreContract): void {
  describe(`${contract.name} as a Coordination`, () => {
    const open = freshly(contract.open);

    test("lists who follows the store, with what each said last and when", async () => {
      const store = await open();
      const other = await store.again();
      const { coordination, clock } = store;
      await coordination.follow(aFollower());
      const first = clock.now();
      clock.advance(5);
      await other.coordination.follow(aFollower({ id: "follower-2", application: null, revision: 8 }));
      const listed = await coordination.listFollowers(0);
      expect(listed.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
        { ...aFollower(), seenAt: first },
        { ...aFollower({ id: "follower-2", application: null, revision: 8 }), seenAt: first + 5 },
      ]);
      for (const { ended } of listed) expect(ended).not.toBe(true);
      clock.advance(5);
      await coordination.follow(aFollower({ revision: 9, appliedAt: 2_000 }));
      const again = (await other.coordination.listFollowers(0)).filter(({ id }) => id === "follower-1");
      expect(again).toMatchObject([{ revision: 9, appliedAt: 2_000, seenAt: first + 10 }]);
    });

    test("leaves out who was not heard of since, and who took leave", async () => {
      const { coordination, clock } = await open();
      await coordination.follow(aFollower());
      await coordination.follow(aFollower({ id: "follower-2" }));
      clock.advance(10);
      const later = clock.now();
      await coordination.follow(aFollower({ id: "follower-3" }));
      const ids = async (since: number) => (await coordination.listFollowers(since)).map(({ id }) => id);
      expect(await ids(later)).toEqual(["follower-3"]);
      expect(await ids(later + 1)).toEqual([]);
      await coordination.unfollow("follower-2");
      await coordination.unfollow("unheard-of");
      expect((await ids(0)).toSorted()).toEqual(["follower-1", "follower-3"]);
    });

    test("gives a job's lease to one holder at a time, who may renew it", async () => {
      const store = await open();
      const { coordination, clock } = store;
      const other = (await store.again()).coordination;
      const until = clock.now() + 100;
      expect(await coordination.takeLease("rollouts", "one", until)).toBe(true);
      expect(await other.takeLease("rollouts", "two", until + 500)).toBe(false);
      expect(await other.takeLease("guards", "two", until)).toBe(true);
      clock.advance(99);
      expect(await coordination.takeLease("rollouts", "one", until + 100)).toBe(true);
      clock.advance(100);
      expect(await other.takeLease("rollouts", "two", until + 500)).toBe(false);
      clock.advance(1);
      expect(await other.takeLease("rollouts", "two", until + 500)).toBe(true);
      expect(await coordination.takeLease("rollouts", "one", until + 500)).toBe(false);
    });

    test("frees a lease that its holder lets go, and no other's", async () => {
      const { coordination, clock } = await open();
      const until = clock.now() + 100;
      await coordination.takeLease("rollouts", "one", until);
      await coordination.releaseLease("rollouts", "two");
      expect(await coordination.takeLease("rollouts", "two", until)).toBe(false);
      await coordination.releaseLease("rollouts", "one");
      await coordination.releaseLease("unheard-of", "one");
      expect(await coordination.takeLease("rollouts", "two", until)).toBe(true);
    });

    test("tells who has a job's lease while it runs", async () => {
      const store = await open();
      const { coordination, clock } = store;
      const other = (await store.again()).coordination;
      expect(await other.findLease("rollouts")).toBeNull();
      const until = clock.now() + 100;
      await coordination.takeLease("rollouts", "one", until);
      expect(await other.findLease("rollouts")).toEqual({ holder: "one", until });
      expect(await other.findLease("guards")).toBeNull();
      clock.advance(100);
      expect(await other.findLease("rollouts")).toBeNull();
      await coordination.takeLease("rollouts", "one", until + 100);
      await coordination.releaseLease("rollouts", "one");
      expect(await other.findLease("rollouts")).toBeNull();
    });

    test("gives a lease that many ask for at once to one of them", async () => {
      const store = await open();
      const doors = [store, await store.again(), await store.again()];
      const until = store.clock.now() + 100;
      const asked = Array.from({ length: 30 }, (_, at) => {
        const door = doors[at % doors.length] as (typeof doors)[number];
        return door.coordination.takeLease("rollouts", `holder-${at}`, until);
      });
      expect((await Promise.all(asked)).filter((taken) => taken)).toHaveLength(1);
    });

    test("is no record: the store verifies as before", async () => {
      const { coordination, care, clock } = await open();
      const before = await care.verify();
      await coordination.follow(aFollower());
      await coordination.takeLease("rollouts", "one", clock.now() + 100);
      expect(await care.verify()).toEqual(before);
    });
  });
}
