/** Tests of how rows and outcomes become pairs, and pairs evidence, on real stores. */
import { rolloutHistory } from "@colophon/delivery";
import type { EvidenceData, ExecutionDraft, OutcomeDraft, RolloutEntry } from "@colophon/kernel";
import { anExecution, anOutcome, seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  abortRollout,
  DeliveryWatch,
  type Harness,
  protectEnvironment,
  rolloutStatus,
  shadowPairs,
  startRollout,
} from "../../index.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../../opened-house.fixture.ts";

const ENV = "production";
const SHADOW = { rate: "100%", concurrency: 8, calls: 5_000, margin: 0.05, pairs: 20 };

let house: OpenedHouse;
let harness: Harness;

async function shadowBy(metric: string): Promise<void> {
  const plan = { shadow: { ...SHADOW, metric }, guards: [{ metric: "errors" }], clearing: ["errors"] };
  const members = [{ key: KEY, versions: [2] }];
  await startRollout(harness, { members, environment: ENV, plan, reason: "a test" });
}

type Fields = Parameters<typeof anExecution>[1];

interface Served {
  readonly live?: Fields;
  readonly shadow?: Fields;
}

/** A live call and its repeat. */
async function serve({ live, shadow }: Served = {}): Promise<readonly [ExecutionDraft, ExecutionDraft]> {
  const call = anExecution(harness.ids, { version: 1, ...live });
  const repeat = anExecution(harness.ids, {
    ...{ version: 2, purpose: "shadow", lane: "shadow", parent: call.id, subjects: call.subjects },
    ...shadow,
  });
  await harness.ledger.append([call, repeat]);
  return [call, repeat];
}

async function rate(row: ExecutionDraft, value: number, more: Partial<OutcomeDraft> = {}): Promise<void> {
  const said = { name: "quality", value, source: "rule", by: "rule#1", ...more } as const;
  await harness.ledger.appendOutcomes([anOutcome(harness.ids, row.id, said)]);
}

function watcher(): DeliveryWatch {
  return new DeliveryWatch(harness, { random: seededRandom("watch"), pairsOf: shadowPairs(harness) });
}

/** One look by a watcher that has just begun. */
async function look(): Promise<void> {
  const watch = watcher();
  const { problems } = await watch.tick();
  await watch.close();
  expect(problems).toEqual([]);
}

async function reading() {
  const status = await rolloutStatus(harness, { key: KEY, environment: ENV });
  return status.shadow;
}

async function evidence(): Promise<readonly EvidenceData[]> {
  const records = await harness.records.listRecords({ key: KEY, kinds: ["evidence"] });
  return records.flatMap((record) => (record.kind === "evidence" ? [record.data] : []));
}

async function rollout(): Promise<RolloutEntry> {
  const records = await harness.records.listRecords({ key: KEY, kinds: ["rollout"] });
  const last = records.findLast((record) => record.kind === "rollout");
  return rolloutHistory(records, last?.kind === "rollout" ? last.data.id : "").at(-1) as RolloutEntry;
}

describe.each(HOUSES)("Pairs of a shadow on $name", ({ open }) => {
  beforeEach(async () => {
    house = await open();
    harness = house.harness;
    await registerBodies(harness, ["One.", "Two."]);
    await releaseTo(harness, 1);
    await protectEnvironment(harness, { name: ENV, gate: "always" });
  });
  afterEach(() => house.close());

  test("by what both rows say ship as evidence that opens the canary, recorded once", async () => {
    await shadowBy("schemaOk");
    for (let call = 0; call < 150; call++)
      await serve({ live: { schemaOk: call % 3 > 0 }, shadow: { schemaOk: true } });
    expect(await reading()).toMatchObject({ pairs: 150, difference: expect.closeTo(1 / 3, 10), calls: 150 });
    expect(await evidence()).toEqual([]);
    const watch = watcher();
    await watch.tick();
    const [found, ...more] = await evidence();
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      ...{ verdict: "ship", challenger: "v2", baseline: "v1", environment: ENV, mode: "noninferiority" },
      evalSet: { name: "schemaOk", version: 0 },
      pairs: { rollout: (await rollout()).id, count: 150, since: (await rollout()).since },
    });
    expect((await rollout()).state).toBe("ramping");
    await watch.tick();
    await watch.close();
    await look();
    expect(await evidence()).toHaveLength(1);
  });

  test("block what is worse, and the rollout ends before anybody is served", async () => {
    await shadowBy("quality");
    for (let call = 0; call < 80; call++) {
      const [live, shadow] = await serve();
      await rate(live, 0.9);
      await rate(shadow, call % 2 === 0 ? 0.9 : 0.1);
    }
    await look();
    expect(await evidence()).toMatchObject([
      { verdict: "block", difference: { value: expect.closeTo(-0.4, 10) } },
    ]);
    expect((await rollout()).state).toBe("stopped");
  });

  test("count what has the metric on both sides by the same rater, whenever and in whatever order it was said", async () => {
    await shadowBy("quality");
    const [first, repeated] = await serve();
    await rate(repeated, 0.5);
    await rate(first, 0.7);
    const [second, other] = await serve();
    await rate(second, 1, { source: "user", by: null });
    await rate(other, 0, { source: "user", by: null });
    const [third, third2] = await serve();
    await rate(third, 1, { by: "rule#1" });
    await rate(third2, 0, { by: "rule#2" });
    const [fourth] = await serve();
    await rate(fourth, 1);
    expect(await reading()).toMatchObject({ pairs: 1, difference: expect.closeTo(-0.2, 10), calls: 4 });
    await rate(third2, 0.5, { by: "rule#1" });
    await rate(third2, 0.1, { by: "rule#1" });
    expect(await reading()).toMatchObject({ pairs: 2, difference: expect.closeTo(-0.35, 10) });
  });

  test("find a live call that comes later than its repeat, and no repeat of another version or rollout", async () => {
    await shadowBy("schemaOk");
    const call = anExecution(harness.ids, { schemaOk: true });
    const repeat = {
      version: 2,
      purpose: "shadow",
      lane: "shadow",
      parent: call.id,
      schemaOk: false,
    } as const;
    await harness.ledger.append([anExecution(harness.ids, repeat)]);
    await serve({ live: { schemaOk: true }, shadow: { schemaOk: true, version: 3 } });
    await serve({
      live: { schemaOk: true, environment: "staging" },
      shadow: { schemaOk: true, environment: "staging" },
    });
    expect(await reading()).toMatchObject({ pairs: 0, difference: null });
    await harness.ledger.append([call]);
    expect(await reading()).toMatchObject({ pairs: 1, difference: -1 });
  });

  test("wait while they are open, and a watcher that begins anew comes to the same", async () => {
    await shadowBy("quality");
    const watch = watcher();
    for (let call = 0; call < 30; call++) {
      const [live, shadow] = await serve({ live: { subjects: { user: `u${call % 7}` } } });
      if (call % 4 > 0) await rate(live, (call % 5) / 5);
      if (call % 5 > 0) await rate(shadow, (call % 3) / 3);
      await watch.tick();
    }
    await watch.close();
    const before = await reading();
    expect(before).toMatchObject({ pairs: 18, calls: 30 });
    expect(await evidence()).toEqual([]);
    expect((await rollout()).state).toBe("shadowing");
    expect(await reading()).toEqual(before);
  });

  test("leave no evidence of a rollout that somebody has ended", async () => {
    await shadowBy("schemaOk");
    for (let call = 0; call < 150; call++)
      await serve({ live: { schemaOk: call % 3 > 0 }, shadow: { schemaOk: true } });
    await abortRollout(harness, { key: KEY, environment: ENV, reason: "not now" });
    await look();
    expect(await evidence()).toEqual([]);
  });

  test("are held to the ratchet where that is what counts as evidence", async () => {
    await protectEnvironment(harness, { name: ENV, gate: "always", modes: ["strict"] });
    await shadowBy("schemaOk");
    for (let call = 0; call < 120; call++)
      await serve({ live: { schemaOk: call % 3 > 0 }, shadow: { schemaOk: true } });
    await look();
    expect(await evidence()).toMatchObject([{ verdict: "ship", mode: "strict", margin: 0 }]);
    expect((await rollout()).state).toBe("ramping");
  });
});
