/** What jobs and their leases of every Installation keep to. */
import type { Job } from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { OpenedInstallation, OpenFresh } from "./opened-installation.ts";

const ada = { id: "ada", via: "cli" } as const;

const aJob = (fields: Partial<Job> = {}) => ({
  ...{ project: "main", operation: "evaluation.run", input: { set: "triage" }, by: ada },
  ...fields,
});
const LEASE_MS = 1_000;

export function jobTests(open: OpenFresh): void {
  test("does jobs in the order in which they came, each once", async () => {
    const { installation, clock, again } = await open();
    const { jobs } = installation;
    const first = await jobs.enqueue(aJob());
    expect(first).toMatchObject({
      ...aJob(),
      state: "queued",
      tries: 0,
      cancelAsked: false,
      startedAt: null,
    });
    clock.advance(1);
    const byKey = { id: "key-1", via: "server", owner: "ada@example.com" } as const;
    const second = await jobs.enqueue(aJob({ project: "shop", by: byKey }));
    const other = (await again()).installation.jobs;
    expect(await other.take("two", LEASE_MS)).toMatchObject({ id: first.id, state: "running", tries: 1 });
    expect(await jobs.take("one", LEASE_MS)).toMatchObject({
      ...{ id: second.id, by: byKey, startedAt: clock.now() },
    });
    expect(await jobs.take("one", LEASE_MS)).toBeUndefined();
    expect(await other.finish(first.id, "two", { state: "done", output: { verdict: "ship" } })).toBe(true);
    expect(await other.finish(first.id, "two", { state: "done", output: {} })).toBe(false);
    const error = { code: "usage", message: "There is no set." };
    expect(await jobs.finish(second.id, "one", { state: "failed", error })).toBe(true);
    expect(await jobs.find(first.id)).toMatchObject({
      state: "done",
      output: { verdict: "ship" },
      endedAt: clock.now(),
    });
    expect(await jobs.find(second.id)).toMatchObject({ state: "failed", error });
    expect(await jobs.find("unheard-of")).toBeUndefined();
    expect((await jobs.list({})).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await jobs.list({ project: "main" })).map(({ id }) => id)).toEqual([first.id]);
    expect((await jobs.list({ states: ["queued", "failed"], limit: 1 })).map(({ id }) => id)).toEqual([
      second.id,
    ]);
  });

  test("lists jobs without what came out of them, and counts them without reading any", async () => {
    const { installation, clock } = await open();
    const { jobs } = installation;
    const { id } = await jobs.enqueue(aJob());
    clock.advance(1);
    await jobs.enqueue(aJob({ project: "shop" }));
    await jobs.take("one", LEASE_MS);
    await jobs.finish(id, "one", { state: "done", output: "x".repeat(1_000) });
    expect(await jobs.find(id)).toMatchObject({ output: "x".repeat(1_000) });
    const [listed] = await jobs.list({ project: "main" });
    expect(listed).toMatchObject({ id, state: "done", input: aJob().input });
    expect(listed).not.toHaveProperty("output");
    expect(await jobs.count({})).toBe(2);
    expect(await jobs.count({ project: "main", states: ["queued", "running"] })).toBe(0);
    expect(await jobs.count({ states: ["queued"] })).toBe(1);
  });

  test("takes no more jobs of one project than can be done in a while, and hinders no other", async () => {
    const { installation } = await open();
    const { jobs } = installation;
    for (let at = 0; at < 200; at++) await jobs.enqueue(aJob());
    await expect(jobs.enqueue(aJob())).rejects.toMatchObject({ code: "too-many-requests" });
    await jobs.enqueue(aJob({ project: "shop" }));
    const first = await jobs.take("one", LEASE_MS);
    await expect(jobs.enqueue(aJob())).rejects.toMatchObject({ code: "too-many-requests" });
    await jobs.finish(first?.id ?? "", "one", { state: "done", output: null });
    await jobs.enqueue(aJob());
    expect(await jobs.count({ project: "main", states: ["queued"] })).toBe(200);
  });

  test("keeps what a job says on its way, from its holder alone", async () => {
    const { installation, clock } = await open();
    const { jobs } = installation;
    const { id } = await jobs.enqueue(aJob());
    await jobs.say(id, "one", { kind: "notice", data: "nobody has it yet" });
    await jobs.take("one", LEASE_MS);
    await jobs.say(id, "one", { kind: "estimate", data: { calls: 3 } });
    await jobs.say(id, "two", { kind: "progress", data: { done: 1 } });
    await jobs.say(id, "one", { kind: "progress", data: { done: 2 } });
    expect(await jobs.listEvents(id, 0)).toEqual([
      { n: 1, at: clock.now(), kind: "estimate", data: { calls: 3 } },
      { n: 2, at: clock.now(), kind: "progress", data: { done: 2 } },
    ]);
    expect(await jobs.listEvents(id, 1)).toMatchObject([{ n: 2 }]);
    expect(await jobs.listEvents("unheard-of", 0)).toEqual([]);
  });

  test("forgets what ended before a time, with what it said, and nothing else", async () => {
    const { installation, clock } = await open();
    const { jobs } = installation;
    const old = await jobs.enqueue(aJob());
    await jobs.take("one", LEASE_MS);
    await jobs.say(old.id, "one", { kind: "notice", data: "done soon" });
    await jobs.finish(old.id, "one", { state: "done", output: 1 });
    clock.advance(10);
    const then = clock.now();
    const late = await jobs.enqueue(aJob());
    await jobs.cancel(late.id);
    const open_ = await jobs.enqueue(aJob());
    expect(await jobs.forget(then)).toBe(1);
    expect(await jobs.forget(then)).toBe(0);
    expect([await jobs.find(old.id), await jobs.listEvents(old.id, 0)]).toEqual([undefined, []]);
    expect((await jobs.list({})).map(({ id }) => id).toSorted()).toEqual([late.id, open_.id].toSorted());
  });

  test("cancels a queued job at once, and asks a running one to end", async () => {
    const { installation, clock } = await open();
    const { jobs } = installation;
    const queued = await jobs.enqueue(aJob());
    expect(await jobs.cancel(queued.id)).toBe(true);
    expect(await jobs.find(queued.id)).toMatchObject({ state: "cancelled", endedAt: clock.now() });
    expect(await jobs.cancel(queued.id)).toBe(false);
    expect(await jobs.cancel("unheard-of")).toBe(false);
    expect(await jobs.take("one", LEASE_MS)).toBeUndefined();
    const { id } = await jobs.enqueue(aJob());
    await jobs.take("one", LEASE_MS);
    expect(await jobs.renew(id, "one", LEASE_MS)).toEqual({ held: true, cancelAsked: false });
    expect(await jobs.cancel(id)).toBe(true);
    expect(await jobs.renew(id, "one", LEASE_MS)).toEqual({ held: true, cancelAsked: true });
    expect(await jobs.finish(id, "one", { state: "cancelled" })).toBe(true);
    expect(await jobs.find(id)).toMatchObject({ state: "cancelled" });
  });
}

export function leaseTests(open: OpenFresh): void {
  test("gives a job to another one when the lease is over, and then refuses the first", async () => {
    const { installation, clock } = await open();
    const { jobs } = installation;
    const { id } = await jobs.enqueue(aJob());
    const started = clock.now();
    await jobs.take("one", LEASE_MS);
    clock.advance(LEASE_MS - 1);
    expect(await jobs.renew(id, "one", LEASE_MS)).toEqual({ held: true, cancelAsked: false });
    clock.advance(LEASE_MS - 1);
    expect(await jobs.take("two", LEASE_MS)).toBeUndefined();
    clock.advance(1);
    expect(await jobs.take("two", LEASE_MS)).toMatchObject({ id, tries: 2, startedAt: started });
    expect(await jobs.renew(id, "one", LEASE_MS)).toEqual({ held: false, cancelAsked: false });
    expect(await jobs.finish(id, "one", { state: "done", output: 1 })).toBe(false);
    expect(await jobs.giveBack(id, "one")).toBe(false);
    expect(await jobs.finish(id, "two", { state: "done", output: 2 })).toBe(true);
    expect(await jobs.find(id)).toMatchObject({ state: "done", output: 2, tries: 2 });
  });

  test("a job that is given back is taken anew, one that was to end is not", async () => {
    const { installation, clock } = await open();
    const { jobs } = installation;
    const { id } = await jobs.enqueue(aJob());
    await jobs.take("one", LEASE_MS);
    expect(await jobs.giveBack(id, "one")).toBe(true);
    expect(await jobs.giveBack(id, "one")).toBe(false);
    // Whoever gives a job back has not died over it.
    expect(await jobs.find(id)).toMatchObject({ state: "queued", tries: 0 });
    expect(await jobs.take("two", LEASE_MS)).toMatchObject({ id, tries: 1 });
    await jobs.cancel(id);
    clock.advance(LEASE_MS);
    expect(await jobs.take("three", LEASE_MS)).toBeUndefined();
    expect(await jobs.find(id)).toMatchObject({ state: "cancelled", endedAt: clock.now() });
  });

  test("of many who take at once each job has one holder", async () => {
    const opened = await open();
    const doors = [opened, await opened.again(), await opened.again()];
    const queued: Job[] = [];
    for (let at = 0; at < 5; at++) queued.push(await opened.installation.jobs.enqueue(aJob()));
    const takes = Array.from({ length: 12 }, (_, at) =>
      (doors[at % doors.length] as OpenedInstallation).installation.jobs.take(`holder-${at}`, LEASE_MS),
    );
    const taken = (await Promise.all(takes)).filter((job) => job !== undefined).map(({ id }) => id);
    expect(taken.toSorted()).toEqual(queued.map(({ id }) => id).toSorted());
  });

  const HOLDERS = ["one", "two", "three"] as const;
  const step = fc.oneof(
    fc.record({
      do: fc.constantFrom("take", "finish", "renew", "give", "cancel"),
      by: fc.constantFrom(...HOLDERS),
    }),
    fc.record({ do: fc.constant("wait"), by: fc.constantFrom(...HOLDERS) }),
  );

  test("whatever holders do, a job's end is accepted once, and nothing comes after it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { installation, clock } = await open();
        const { jobs } = installation;
        const { id } = await jobs.enqueue(aJob());
        let ends = 0;
        let last: Job | undefined;
        for (const { do: what, by } of steps) {
          if (what === "wait") clock.advance(LEASE_MS / 2);
          else if (what === "take") await jobs.take(by, LEASE_MS);
          else if (what === "renew") await jobs.renew(id, by, LEASE_MS);
          else if (what === "give") await jobs.giveBack(id, by);
          else if (what === "cancel") await jobs.cancel(id);
          else if (await jobs.finish(id, by, { state: "done", output: by })) ends += 1;
          const now = await jobs.find(id);
          if (last?.endedAt != null) expect(now).toEqual(last);
          last = now;
        }
        expect(ends).toBe(last?.state === "done" ? 1 : 0);
      }),
      { numRuns: 12 },
    );
  });
}
