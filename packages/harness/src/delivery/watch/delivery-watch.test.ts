/** Tests of the scheduler on real stores: what it does to rollouts and live versions, alone and beside others. */
import { liveOf } from "@colophon/delivery";
import { anExecution, seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  abortRollout,
  diagnose,
  pauseRollout,
  registerPrompt,
  releaseVersion,
  resumeRollout,
  rolloutStatus,
  setGuard,
  setPrices,
  startRollout,
} from "../../index.ts";
import {
  HOUSES,
  KEY,
  type OpenedHouse,
  promptFile,
  registerBodies,
  releaseTo,
} from "../../opened-house.fixture.ts";
import { DeliveryWatch, type DeliveryWatchOptions } from "./delivery-watch.ts";
import { RolloutsWatch } from "./rollouts-watch.ts";
import {
  type Behaviour,
  BREAKS,
  ENV,
  fillHouse,
  newestRecord,
  PLAN,
  startOn,
  Traffic,
  WELL,
} from "./served-traffic.fixture.ts";

const [inMemory] = HOUSES as readonly [(typeof HOUSES)[number]];
const PRICES = "name: house\ncurrency: USD\nprices:\n  - model: house/own\n    input: 1\n    output: 5\n";
const WHERE = { key: KEY, environment: ENV };

test("a watcher that starts judges no standing guard by a part of its window", async () => {
  const house = await inMemory.open();
  const { harness } = house;
  await fillHouse(house);
  const { ids } = harness;
  const day = 86_400_000;
  const guard = { metric: "schemaOk", direction: "below", limit: 0.9, against: "limit" } as const;
  const asked = { measure: "mean", minimum: 30, window: day, action: "rollback" } as const;
  await registerBodies(harness, ["Three."]);
  await releaseTo(harness, 2);
  await setGuard(harness, { ...WHERE, ...guard, ...asked, reason: "a test" });
  // One look reads 50,000 rows: of those 89.9 % keep the contract, of all of them 90.1 %.
  const rows = Array.from({ length: 51_000 }, (_, call) =>
    anExecution(ids, { version: 2, schemaOk: call >= 5_050 }),
  );
  await harness.ledger.append(rows);
  const watch = new DeliveryWatch(harness, { random: seededRandom("watch") });
  const ticks = [await watch.tick(), await watch.tick(), await watch.tick()];
  expect(ticks.flatMap(({ alerts }) => alerts)).toEqual([]);
  expect(ticks.flatMap(({ guards }) => guards)).toMatchObject([{ decided: null }, { decided: null }]);
  await house.close();
}, 60_000);

test("a price table that comes later prices what was read before, as a restart would", async () => {
  const house = await inMemory.open();
  const { harness, clock } = house;
  const traffic = new Traffic(house);
  await fillHouse(house);
  await startOn(house, { ...PLAN, dwell: "1h", guards: [{ metric: "cost" }], clearing: ["cost"] });
  const watch = new DeliveryWatch(harness, { random: seededRandom("watch") });
  const behave: Behaviour = (version) => ({
    ...{ provider: "house", requestedModel: "own", answeringModel: "own", schemaOk: true },
    tokens: {
      input: version === 2 ? 2_000 : 1_000,
      output: 10,
      reasoning: null,
      cacheRead: null,
      cacheWrite: null,
    },
  });
  await traffic.serve(2_000, behave);
  await watch.tick();
  await setPrices(harness, { prices: { file: "prices.yaml", text: PRICES }, reason: "a contract" });
  clock.advance(60_000);
  const fresh = await rolloutStatus(harness, WHERE);
  expect(fresh.guards.find(({ metric }) => metric === "cost")).toMatchObject({ state: "fired" });
  await watch.tick();
  expect(await newestRecord(harness)).toMatchObject({ state: "holding", cause: "guard" });
  await house.close();
});

test("prompts that move together spend one shadow budget, not one each", async () => {
  const house = await inMemory.open();
  const { harness, clock } = house;
  await fillHouse(house);
  const other = "support.answer";
  for (const body of ["One.", "Two."]) {
    await registerPrompt(harness, {
      value: { ...(promptFile(body) as object), key: other },
      file: "other.yaml",
    });
  }
  await releaseVersion(harness, { key: other, version: 1, environment: ENV, reason: "a test" });
  const shadow = {
    rate: "100%",
    concurrency: 1,
    calls: 5_000,
    budget: "1 USD",
    metric: "schemaOk",
    pairs: 50,
  };
  const members = [KEY, other].map((key) => ({ key, versions: [2] }));
  await startRollout(harness, { members, environment: ENV, plan: { ...PLAN, shadow }, reason: "a test" });
  const watch = new DeliveryWatch(harness, { random: seededRandom("watch") });
  for (let call = 0; call < 60; call += 1) {
    const more = { version: 2, purpose: "shadow", lane: "shadow", latency: 5_000 } as const;
    const cost = { statedCost: { amount: 0.01, currency: "USD" } };
    const rows = [KEY, other].map((prompt) => anExecution(harness.ids, { prompt, ...more, ...cost }));
    await harness.ledger.append(rows);
    clock.advance(10_000);
  }
  const { shadow: told } = await rolloutStatus(harness, WHERE);
  expect(told).toMatchObject({ calls: 120, exhausted: true });
  await watch.tick();
  expect(await newestRecord(harness)).toMatchObject({ state: "holding" });
  await expect(resumeRollout(harness, { ...WHERE, reason: "a test" })).rejects.toThrow("used up what it may");
  await abortRollout(harness, { ...WHERE, reason: "a test" });
  expect(await rolloutStatus(harness, WHERE)).toMatchObject({ state: "stopped", keys: [other, KEY] });
  await house.close();
});

describe.each(HOUSES)("the scheduler on $name", ({ name, open }) => {
  let house: OpenedHouse;
  let traffic: Traffic;

  beforeEach(async () => {
    house = await open();
    traffic = new Traffic(house);
    await fillHouse(house);
  });
  afterEach(() => house.close());

  const watcher = (options: Partial<DeliveryWatchOptions> = {}) =>
    new DeliveryWatch(house.harness, { random: seededRandom("watch"), ...options });
  const live = async () => liveOf(await house.harness.records.state(), KEY, ENV)?.version;
  /** Traffic of a second, then a look. */
  const second = async (watch: DeliveryWatch, behave: Behaviour = WELL, calls = 200) => {
    await traffic.serve(calls, behave);
    house.clock.advance(1_000);
    return watch.tick();
  };

  test("a good version goes through its steps and serves everybody", async () => {
    await startOn(house);
    const watch = watcher();
    const steps = new Set([(await newestRecord(house.harness)).step]);
    for (let at = 0; at < 12 && (await newestRecord(house.harness)).state !== "completed"; at += 1) {
      const { problems } = await second(watch);
      expect(problems).toEqual([]);
      steps.add((await newestRecord(house.harness)).step);
    }
    expect([...steps]).toEqual([0, 1, 2]);
    expect(await newestRecord(house.harness)).toMatchObject({ state: "completed", step: 2 });
    expect(await live()).toBe(2);
  });

  test("one that breaks its contract goes back by itself, with the calls that show it", async () => {
    await startOn(house);
    const watch = watcher();
    let alerts: readonly { readonly executions: readonly string[]; readonly message: string }[] = [];
    const canary: string[] = [];
    for (let at = 0; at < 30 && alerts.length === 0; at += 1) {
      const rows = await traffic.serve(200, BREAKS);
      canary.push(...rows.filter(({ schemaOk }) => schemaOk === false).map(({ id }) => id));
      house.clock.advance(1_000);
      ({ alerts } = await watch.tick());
    }
    expect(await newestRecord(house.harness)).toMatchObject({ state: "rolled-back", cause: "guard" });
    expect(await live()).toBe(1);
    const [alert] = alerts;
    expect(alert).toMatchObject({ metric: "schemaOk", version: 2, action: "rolled-back" });
    expect(alert?.message).toContain("v1 serves everybody");
    expect(alert?.executions.length).toBeGreaterThan(0);
    expect(alert?.executions.every((id) => canary.includes(id))).toBe(true);
  });

  test("a dearer one is held, not shipped", async () => {
    const dear: Behaviour = (version, call) => ({
      ...WELL(version, call),
      statedCost: { amount: (version === 2 ? 1.8 : 1) * (1 + (call % 7) / 50), currency: "USD" },
    });
    await startOn(house);
    const watch = watcher();
    for (let at = 0; at < 12; at += 1) await second(watch, dear);
    const held = await newestRecord(house.harness);
    expect(held).toMatchObject({ state: "holding", cause: "guard" });
    expect(held.readings.find(({ metric }) => metric === "cost")).toMatchObject({ state: "fired" });
    expect(await live()).toBe(1);
    const found = await diagnose(house.harness);
    expect(found.map(({ code }) => code)).toContain("rollout-held");
  });

  test("a restart at any moment, and late rows in any order, come to the same numbers", async () => {
    const slow = { ...PLAN, dwell: "1h", guards: [{ metric: "schemaOk" }, { metric: "thumbsDown" }] };
    await startOn(house, slow);
    const watch = watcher();
    const late = await traffic.draw(60, BREAKS);
    for (let at = 0; at < 4; at += 1) {
      const rows = await traffic.serve(50, BREAKS);
      await traffic.say(rows.slice(0, 10), { name: "thumbs", value: at % 2 === 0 });
      house.clock.advance(1_000);
      await watch.tick();
    }
    await house.harness.ledger.append(late.toReversed());
    const [last] = (await watch.tick()).rollouts;
    const fresh = await rolloutStatus(house.harness, WHERE);
    const [restarted] = (await watcher().tick()).rollouts;
    expect(restarted).toBeUndefined();
    await watch.close();
    const [again] = (await watcher().tick()).rollouts;
    expect(again?.advanced).toEqual(last?.advanced);
    expect(fresh.guards.find(({ metric }) => metric === "schemaOk")?.units).toBeGreaterThan(40);
    expect(fresh.next?.waits).toEqual(last?.advanced?.waits);
    // What the long-lived one folded bit by bit is what the record of the next move says.
    await pauseRollout(house.harness, { ...WHERE, reason: "to look" });
    expect((await rolloutStatus(house.harness, WHERE)).guards).toEqual(fresh.guards);
  });

  test("calls count though records of other things moved the log on", async () => {
    await startOn(house);
    await registerBodies(house.harness, ["Three."]);
    const before = watcher();
    await before.tick();
    await traffic.serve(200);
    await registerBodies(house.harness, ["Four."]);
    await traffic.serve(200);
    const { guards, mismatch } = await rolloutStatus(house.harness, WHERE);
    expect([guards[0]?.units, mismatch?.units]).toEqual([80, 400]);
    house.clock.advance(1_000);
    expect((await before.tick()).rollouts[0]?.advanced).toMatchObject({ moved: true, step: 1 });
  });

  test("of two watchers one acts, and the other takes over when it is gone", async () => {
    await startOn(house);
    const [one, two] = [watcher(), watcher()];
    expect(await one.tick()).toMatchObject({ standby: false });
    expect(await two.tick()).toMatchObject({ standby: true, rollouts: [] });
    // Killed: it says nothing any more.
    house.clock.advance(4_900);
    expect(await two.tick()).toMatchObject({ standby: true });
    house.clock.advance(200);
    expect(await two.tick()).toMatchObject({ standby: false });
    expect(await one.tick()).toMatchObject({ standby: true });
    await two.close();
    expect(await one.tick()).toMatchObject({ standby: false });
  });

  test("two that both act, as when a lease ran out in the middle, move a rollout once", async () => {
    await startOn(house);
    const costOf = () => null;
    const [one, two] = [
      new RolloutsWatch(house.harness, { costOf }),
      new RolloutsWatch(house.harness, { costOf }),
    ];
    await traffic.serve(200);
    house.clock.advance(1_000);
    const state = await house.harness.records.state();
    const looks = await Promise.all([one.look(state), two.look(state)]);
    const moved = looks.flat().filter(({ advanced }) => advanced?.moved === true);
    expect(moved).toHaveLength(1);
    expect(looks.flat().map(({ problem }) => problem)).toEqual([null, null]);
    expect((await newestRecord(house.harness)).step).toBe(1);
  });

  test("a standing guard goes back within five seconds of the rows that breach it", async () => {
    await releaseTo(house.harness, 2);
    const guard = {
      ...WHERE,
      metric: "schemaOk",
      direction: "below",
      limit: 0.95,
      against: "limit",
    } as const;
    const rule = { measure: "mean", minimum: 50, window: 3_600_000, action: "rollback" } as const;
    await setGuard(house.harness, { ...guard, ...rule, reason: "answers have to be JSON" });
    const watch = watcher();
    const serve = (calls: number, bad: number) =>
      house.harness.ledger.append(
        Array.from({ length: calls }, (_, call) =>
          anExecution(house.harness.ids, { version: 2, schemaOk: call >= bad }),
        ),
      );
    await serve(200, 4);
    expect((await watch.tick()).alerts).toEqual([]);
    await serve(100, 40);
    const arrived = house.clock.now();
    while ((await live()) === 2) {
      house.clock.advance(1_000);
      await watch.tick();
    }
    expect(house.clock.now() - arrived).toBeLessThanOrEqual(5_000);
    const [alert] = await house.harness.records.listRecords({ kinds: ["alert"] });
    expect(alert?.data).toMatchObject({ metric: "schemaOk", version: 2, action: "rolled-back", units: 300 });
    // It fires once about a version.
    await watch.tick();
    expect(await house.harness.records.listRecords({ kinds: ["alert"] })).toHaveLength(1);
  });

  test("sampling publishes shares that follow what comes of the calls, at its interval", async () => {
    const policy = {
      kind: "mol-ts",
      objectives: [{ metric: "schemaOk" }],
      interval: "10s",
      floor: "2%",
      cap: "50%",
    };
    await startOn(house, { ...PLAN, dwell: "1h", guards: [], clearing: [], policy });
    const worse: Behaviour = (version, call) => ({ schemaOk: version === 1 || call % 3 !== 0 });
    const watch = watcher();
    for (let at = 0; at < 9; at += 1) await second(watch, worse, 50);
    expect((await newestRecord(house.harness)).cause).toBe("started");
    for (let at = 0; at < 3; at += 1) await second(watch, worse, 50);
    const shared = await newestRecord(house.harness);
    expect(shared).toMatchObject({ cause: "shares", state: "ramping", step: 0 });
    expect(shared.arms[0]?.share).toBeLessThan(0.1);
    expect(shared.arms[0]?.share).toBeGreaterThanOrEqual(0.02);
  });

  test("a slow job keeps no guard waiting, and one that fails is told of", async () => {
    let end = (): void => undefined;
    const slow = {
      name: "slow",
      every: 1_000,
      run: () =>
        new Promise<string>((done) => {
          end = () => done("slow is done");
        }),
    };
    const broken = { name: "broken", every: 60_000, run: () => Promise.reject(new Error("no luck")) };
    const watch = watcher({ jobs: [slow, broken] });
    await watch.tick();
    house.clock.advance(1_000);
    expect(await watch.tick()).toMatchObject({ jobs: [], problems: ["broken: no luck"] });
    end();
    expect(await watch.settled()).toEqual({ done: ["slow is done"], problems: [] });
  });

  test("nobody who watches is a warning, until somebody does", async () => {
    await startOn(house);
    const codes = async () => (await diagnose(house.harness)).map(({ code }) => code);
    expect(await rolloutStatus(house.harness, WHERE)).toMatchObject({ watched: false });
    expect((await rolloutStatus(house.harness, WHERE)).warnings).toHaveLength(1);
    expect(await codes()).toContain("unwatched");
    await watcher().tick();
    expect(await rolloutStatus(house.harness, WHERE)).toMatchObject({ watched: true, warnings: [] });
    expect(await codes()).not.toContain("unwatched");
  });

  // A store in memory goes on answering when it is closed: only a file can fail.
  if (name === "SQLite") {
    test("a store that fails is said, and ends nothing", async () => {
      await startOn(house);
      const watch = watcher();
      await watch.tick();
      await house.harness.close();
      const { standby, problems } = await watch.tick();
      expect(standby).toBe(true);
      expect(problems).toHaveLength(1);
      house = await open();
    });
  }
});
