/** Tests of drills over a real store: measured both ways, and never left on the old version. */
import { type FixedClock, seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DeliveryWatch } from "../delivery/watch/delivery-watch.ts";
import { diagnose, drillJob, finishDrills, type Harness, rollBack, runDrill, showPrompt } from "../index.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../opened-house.fixture.ts";
import { drillAll } from "./drill-all.ts";

const ENV = "production";
const REQUEST = { key: KEY, environment: ENV } as const;

/** An application that serves the environment, and takes its time to follow. */
interface Application {
  readonly id: string;
  readonly delay: number;
  readonly environment?: string;
}

let house: OpenedHouse;
let harness: Harness;
let clock: FixedClock;

async function speak({ id, environment = ENV }: Application, revision: number): Promise<void> {
  const appliedAt = clock.now();
  await harness.coordination.follow({ id, application: "shop", environment, revision, appliedAt });
}

/** Lets time pass, in which applications follow; `during` is called at every look. */
function passing(applications: readonly Application[], during: () => Promise<void> = async () => {}) {
  const seen = new Map<string, number>();
  return {
    async pause(ms: number): Promise<void> {
      clock.advance(ms);
      await during();
      const state = await harness.records.state();
      for (const one of applications) {
        if (clock.now() - state.at < one.delay || seen.get(one.id) === state.revision) continue;
        seen.set(one.id, state.revision);
        await speak(one, state.revision);
      }
    },
  };
}

async function connect(...applications: readonly Application[]): Promise<ReturnType<typeof passing>> {
  const revision = await harness.records.revision();
  for (const one of applications) await speak(one, revision);
  return passing(applications);
}

async function live(): Promise<number | null | undefined> {
  const state = await harness.records.state();
  return state.prompts.get(KEY)?.releases.findLast(({ environment }) => environment === ENV)?.version;
}

async function lastDrill() {
  return (await harness.records.state()).prompts.get(KEY)?.drills.get(ENV);
}

describe.each(HOUSES)("A drill on $name", ({ open }) => {
  beforeEach(async () => {
    house = await open();
    ({ harness, clock } = house);
    await registerBodies(harness, ["one", "two"]);
    await releaseTo(harness, 1);
    await releaseTo(harness, 2);
  });
  afterEach(() => house.close());

  test("goes back and forth, and says how long the last process took each way", async () => {
    const parts = await connect({ id: "quick", delay: 40 }, { id: "slow", delay: 180 });
    const answer = await runDrill(harness, REQUEST, parts);
    expect(answer).toMatchObject({ status: "followed", from: 2, to: 1, share: 1, processes: 2, late: [] });
    expect(answer.lastFollowed).toBe(180);
    expect(answer.lastReturned).toBe(180);
    expect(await live()).toBe(2);
    const { id, lastFollowed, lastReturned } = answer;
    expect(await lastDrill()).toMatchObject({ id, state: "ended", cutOff: null, lastFollowed, lastReturned });
    const shown = await showPrompt(harness, { key: KEY, version: 2, environment: ENV });
    expect(JSON.stringify(shown)).toMatch(/to v1 in production; rehearsed 2026-03-16/);
  });

  test("on a share leaves the release alone", async () => {
    const before = (await harness.records.state()).prompts.get(KEY)?.releases.length;
    const parts = await connect({ id: "one", delay: 60 });
    const answer = await runDrill(harness, { ...REQUEST, share: 0.05 }, parts);
    expect(answer).toMatchObject({ status: "followed", share: 0.05, lastFollowed: 60 });
    const prompt = (await harness.records.state()).prompts.get(KEY);
    expect(prompt?.releases).toHaveLength(before ?? 0);
    expect(prompt?.rollouts.get(ENV)).toMatchObject({ state: "stopped", arms: [{ version: 1, share: 0 }] });
    const shown = await showPrompt(harness, { key: KEY, version: 1, environment: ENV });
    expect(shown).toMatchObject({ questions: { canary: { answer: "none", record: "none" } } });
  });

  test("on a share is nothing for a scheduler to move, and not a rollout that went wrong", async () => {
    const watch = new DeliveryWatch(harness, { random: seededRandom("watch") });
    await connect({ id: "one", delay: 200 });
    const looks: unknown[] = [];
    const parts = passing([{ id: "one", delay: 200 }], async () => {
      const { problems, rollouts, alerts } = await watch.tick();
      looks.push(...problems, ...alerts, ...rollouts.filter(({ advanced }) => advanced?.moved === true));
    });
    const answer = await runDrill(harness, { ...REQUEST, share: 0.05 }, parts);
    expect(answer).toMatchObject({ status: "followed" });
    expect(looks).toEqual([]);
    const rollouts = await harness.records.listRecords({ kinds: ["rollout"] });
    expect(rollouts.map(({ data }) => (data as { state: string }).state)).toEqual(["holding", "stopped"]);
  });

  test("names a process that does not follow in time, and comes forth all the same", async () => {
    const parts = await connect({ id: "quick", delay: 20 }, { id: "stuck", delay: 60_000 });
    const answer = await runDrill(harness, { ...REQUEST, timeout: 500 }, parts);
    expect(answer).toMatchObject({
      status: "late",
      lastFollowed: null,
      lastReturned: null,
      late: ["shop (process stuck)"],
    });
    expect(await lastDrill()).toMatchObject({ state: "ended", missed: 1, late: answer.late, processes: 2 });
    expect(await live()).toBe(2);
  });

  test("waits for nobody who has ended, nor for another environment", async () => {
    const other = { id: "other", delay: 60_000, environment: "staging" };
    const gone = { id: "gone", delay: 60_000 };
    await connect({ id: "one", delay: 20 }, gone, other);
    const leaving = passing([{ id: "one", delay: 20 }], () => harness.coordination.unfollow("gone"));
    const answer = await runDrill(harness, REQUEST, leaving);
    expect(answer).toMatchObject({ status: "followed", processes: 1, late: [] });
  });

  test("shows nothing where nobody is connected, and records nothing", async () => {
    const revision = await harness.records.revision();
    const stale = { id: "silent", delay: 0 };
    await connect(stale);
    clock.advance(60_000);
    const answer = await runDrill(harness, REQUEST, passing([]));
    expect(answer).toMatchObject({ status: "insufficient", id: null, processes: 0, lastFollowed: null });
    expect(await harness.records.revision()).toBe(revision);
  });

  test("comes forth at once when it is interrupted, and says so", async () => {
    const parts = await connect({ id: "stuck", delay: 60_000 });
    const stop = new AbortController();
    const pause = async (ms: number): Promise<void> => {
      await parts.pause(ms);
      stop.abort();
    };
    const answer = await runDrill(harness, REQUEST, { pause, signal: stop.signal });
    expect(answer).toMatchObject({ status: "cut-off", reason: expect.stringContaining("interrupted") });
    expect(await live()).toBe(2);
    expect(await lastDrill()).toMatchObject({ state: "ended", cutOff: answer.reason });
  });

  test("comes forth when looking fails in the middle", async () => {
    await connect({ id: "one", delay: 20 });
    const pause = async (): Promise<void> => {
      throw new Error("the machine is tired");
    };
    await expect(runDrill(harness, REQUEST, { pause })).rejects.toThrow("tired");
    expect(await live()).toBe(2);
  });

  test("leaves the decision to people who roll back meanwhile", async () => {
    await connect({ id: "one", delay: 60_000 });
    const once = { done: false };
    const parts = passing([], async () => {
      if (once.done) return;
      once.done = true;
      await rollBack(harness, { ...REQUEST, reason: "v2 is broken" });
    });
    const answer = await runDrill(harness, REQUEST, parts);
    expect(answer).toMatchObject({ status: "cut-off", reason: "somebody made v1 live meanwhile" });
    expect(await live()).toBe(1);
  });

  test("that was killed in the middle is brought back, once its lease has run out, by the next one", async () => {
    const parts = await connect({ id: "one", delay: 20 });
    // What a process leaves that is killed while it waits: the record, the old version and the lease.
    const killed = runDrill(harness, REQUEST, { pause: () => new Promise(() => {}) });
    void killed.catch(() => {});
    await untilLive(1);
    expect(await finishDrills(harness)).toEqual([]);
    await expect(runDrill(harness, REQUEST, parts)).rejects.toMatchObject({ code: "usage" });
    expect(await live()).toBe(1);
    clock.advance(10_000);
    expect(await finishDrills(harness)).toEqual([{ ...REQUEST, version: 2 }]);
    expect(await live()).toBe(2);
    expect(await lastDrill()).toMatchObject({ state: "ended", cutOff: expect.stringContaining("ended") });
    expect(await finishDrills(harness)).toEqual([]);
  });

  test("that was killed is named by the doctor until the next drill, which finishes it first", async () => {
    const parts = await connect({ id: "one", delay: 20 });
    void runDrill(harness, REQUEST, { pause: () => new Promise(() => {}) }).catch(() => {});
    await untilLive(1);
    clock.advance(120_000);
    const cutOff = async () => (await diagnose(harness)).filter(({ code }) => code === "drill-cut-off");
    expect(await cutOff()).toMatchObject([{ severity: "error", key: KEY, environment: ENV }]);
    await connect({ id: "one", delay: 20 });
    expect(await runDrill(harness, REQUEST, parts)).toMatchObject({ status: "followed", from: 2, to: 1 });
    expect([await live(), await cutOff()]).toEqual([2, []]);
  });

  test("is asked for by the doctor until it was measured, and again after a quarter", async () => {
    const asked = async () =>
      (await diagnose(harness)).filter(({ code }) => code === "not-drilled").map(({ message }) => message);
    expect(await asked()).toEqual([`The rollback of ${KEY} in production was never rehearsed.`]);
    const parts = await connect({ id: "one", delay: 20 });
    await runDrill(harness, REQUEST, parts);
    expect(await asked()).toEqual([]);
    clock.advance(91 * 86_400_000);
    expect(await asked()).toEqual([`The rollback of ${KEY} in production was last rehearsed on 2026-03-16.`]);
  });

  test("by schedule is due once in its time, whoever asks and how often, and marked as such", async () => {
    const application = { id: "one", delay: 20 };
    const job = async () => {
      const parts = await connect(application);
      return drillAll(harness, { environment: ENV, every: 86_400_000, scheduled: true }, parts);
    };
    expect(await job()).toMatchObject([{ key: KEY, status: "followed" }]);
    expect(await lastDrill()).toMatchObject({ scheduled: true });
    expect(await job()).toEqual([]);
    clock.advance(86_400_000);
    expect(await job()).toMatchObject([{ status: "followed" }]);
  });

  test("as a job runs beside the looks of a watcher, which waits for it when it ends", async () => {
    const parts = await connect({ id: "one", delay: 20 });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const pause = async (ms: number): Promise<void> => {
      await held;
      await parts.pause(ms);
    };
    const job = drillJob(harness, { environment: ENV, every: 86_400_000 }, { pause });
    const watch = new DeliveryWatch(harness, { random: seededRandom("drills"), jobs: [job] });
    expect(await watch.tick()).toMatchObject({ jobs: [], problems: [] });
    await untilLive(1);
    expect(await watch.tick()).toMatchObject({ jobs: [], problems: [] });
    release();
    const { done } = await watch.settled();
    expect(await live()).toBe(2);
    expect(done[0]).toMatch(
      /^Drilled support.triage in production: v2 → v1 in 20 ms, and back in 20 ms, by 1/,
    );
  });

  test("that was cut off is brought back by a job without a schedule", async () => {
    await connect({ id: "one", delay: 20 });
    void runDrill(harness, REQUEST, { pause: () => new Promise(() => {}) }).catch(() => {});
    await untilLive(1);
    clock.advance(10_000);
    const job = drillJob(harness, { environment: null }, passing([]));
    expect(await job.run(clock.now())).toMatch(/was cut off: v2 serves again/);
    expect(await live()).toBe(2);
  });

  test("of all prompts passes over those that have nothing to go back to", async () => {
    const parts = await connect({ id: "one", delay: 20 });
    expect(await drillAll(harness, { environment: ENV }, parts)).toMatchObject([{ status: "followed" }]);
    await rollBack(harness, { ...REQUEST, reason: "worse" });
    expect(await drillAll(harness, { environment: ENV }, parts)).toEqual([]);
  });
});

/** The drill runs beside this, up to where it waits for ever. */
async function untilLive(version: number): Promise<void> {
  while ((await live()) !== version) await new Promise((resolve) => setImmediate(resolve));
}
