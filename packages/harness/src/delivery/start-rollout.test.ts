/** Tests of how rollouts begin and of what people say to them, on real stores. */
import { liveOf } from "@colophon/delivery";
import { anExecution, seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  approveRollout,
  DeliveryWatch,
  findOverrides,
  type Harness,
  listRollouts,
  registerPrompt,
  releaseVersion,
  rolloutStatus,
  startRollout,
} from "../index.ts";
import { HOUSES, KEY, type OpenedHouse, promptFile } from "../opened-house.fixture.ts";
import {
  ENV,
  fillHouse,
  newestRecord,
  PLAN,
  startOn,
  Traffic,
  WELL,
} from "./watch/served-traffic.fixture.ts";

const OTHER = "support.reply";
const MEMBERS = [{ key: KEY, versions: [2] }];
const WHERE = { key: KEY, environment: ENV };

describe.each(HOUSES)("rollouts on $name", ({ open }) => {
  let house: OpenedHouse;
  let harness: Harness;

  beforeEach(async () => {
    house = await open();
    ({ harness } = house);
    await fillHouse(house);
  });
  afterEach(() => house.close());

  const register = (body: string, more: Readonly<Record<string, unknown>> = {}) =>
    registerPrompt(harness, { value: promptFile(body, more), file: "a.yaml" });
  const watcher = (as = harness) => new DeliveryWatch(as, { random: seededRandom("watch") });
  const live = async (key = KEY) => liveOf(await harness.records.state(), key, ENV)?.version;

  test("what is refused leaves no subject's name behind", async () => {
    const request = { members: [{ key: KEY, versions: [1] }], environment: ENV, reason: "again" };
    await expect(startRollout(harness, { ...request, where: { tenant: "acme" } })).rejects.toMatchObject({
      code: "usage",
    });
    expect(await harness.records.findPseudonym({ kind: "tenant", value: "acme" })).toBeUndefined();
    const started = await startRollout(harness, { ...request, members: MEMBERS, where: { tenant: "acme" } });
    expect(started).toMatchObject({
      state: "ramping",
      warnings: [expect.stringContaining("Nobody watches")],
    });
    expect(await harness.records.findPseudonym({ kind: "tenant", value: "acme" })).toBeDefined();
  });

  test("keeping the contract has to be shown only of versions that have one", async () => {
    const request = { members: MEMBERS, environment: ENV, reason: "a test" };
    expect((await startRollout(harness, request)).plan.clearing).toEqual(["errors"]);
    const output = { type: "object", properties: { label: { type: "string" } }, required: ["label"] };
    await register("Three.", { output });
    const three = { ...request, environment: "staging", members: [{ key: KEY, versions: [3] }] };
    await releaseVersion(harness, { key: KEY, version: 1, environment: "staging", reason: "first" });
    expect((await startRollout(harness, three)).plan.clearing).toEqual(["errors", "schemaOk"]);
  });

  test("sampling needs something to sample by", async () => {
    const request = { members: MEMBERS, environment: ENV, reason: "a test", policy: "mol-ts" } as const;
    const refused = startRollout(harness, { ...request, plan: { guards: [], clearing: [] } });
    await expect(refused).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("objectives"),
    });
    expect((await startRollout(harness, request)).plan.policy).toMatchObject({
      kind: "mol-ts",
      objectives: [{ metric: "errors" }],
    });
  });

  test("it waits for approval by another than the author, and goes on with it", async () => {
    await startOn(house, { ...PLAN, steps: ["50%", "100%"], guards: [], clearing: [], approvals: 1 });
    const traffic = new Traffic(house);
    const watch = watcher();
    const second = async () => {
      await traffic.serve(100);
      house.clock.advance(1_000);
      await watch.tick();
    };
    await second();
    expect(await newestRecord(harness)).toMatchObject({ state: "waiting-for-approval", step: 0 });
    expect((await rolloutStatus(harness, WHERE)).next).toMatchObject({ moves: false });
    const yes = { ...WHERE, safety: true, compliance: true, style: true };
    await expect(approveRollout(harness, yes)).rejects.toMatchObject({ code: "usage" });
    await approveRollout({ ...harness, actor: { id: "ada", via: "cli" } }, yes);
    for (let at = 0; at < 3; at += 1) await second();
    expect(await newestRecord(harness)).toMatchObject({ state: "completed" });
    expect(await live()).toBe(2);
  });

  test("prompts of a set go back together when one of them fails", async () => {
    for (const body of ["One.", "Two."]) await register(body, { key: OTHER });
    await releaseVersion(harness, { key: OTHER, version: 1, environment: ENV, reason: "first" });
    const members = [...MEMBERS, { key: OTHER, versions: [2] }];
    const guards = [{ metric: "errors", above: "30%", minimum: 10 }];
    const plan = { ...PLAN, guards, clearing: [] };
    const { set } = await startRollout(harness, { members, environment: ENV, plan, reason: "together" });
    expect(set).not.toBeNull();
    const rows = await new Traffic(house).draw(100, (version) => ({
      ...WELL(version, 0),
      ...(version === 2 ? { status: "error", error: "server 500" } : {}),
    }));
    await harness.ledger.append(rows.map((row) => ({ ...row, prompt: OTHER })));
    const { alerts } = await watcher().tick();
    expect(alerts).toMatchObject([{ key: OTHER, metric: "errors", action: "rolled-back" }]);
    const listed = await listRollouts(harness);
    expect(listed).toMatchObject([
      { state: "rolled-back", set },
      { state: "rolled-back", set },
    ]);
    expect(await Promise.all([live(), live(OTHER)])).toEqual([1, 1]);
    const status = await rolloutStatus(harness, { key: KEY, environment: ENV });
    expect(status).toMatchObject({ state: "rolled-back", next: null, warnings: [] });
  });

  test("for a part of the traffic it ends in an override for that part", async () => {
    const where = { documentType: "contract", tenant: "acme" };
    const plan = { ...PLAN, steps: ["50%", "100%"], guards: [], clearing: [] };
    const request = { members: MEMBERS, environment: ENV, plan, reason: "contracts first" };
    await startRollout(harness, { ...request, where: { documentType: where.documentType } });
    const traffic = new Traffic(house);
    const watch = watcher();
    for (let at = 0; at < 4; at += 1) {
      await traffic.serve(100);
      house.clock.advance(1_000);
      expect((await watch.tick()).problems).toEqual([]);
    }
    expect(await newestRecord(harness)).toMatchObject({ state: "completed" });
    expect(await live()).toBe(1);
    expect(await findOverrides(harness, { key: KEY })).toMatchObject([
      { version: 2, kind: "documentType", subject: "contract" },
    ]);
  });

  test("a shadow is held before it costs more than it may, and says what it cost", async () => {
    const shadow = { rate: "100%", concurrency: 2, calls: 100_000, budget: "1 USD", pairs: 10_000 };
    await startOn(house, { ...PLAN, shadow });
    const watch = watcher();
    let spent = 0;
    const repeat = (): Parameters<typeof anExecution>[1] => {
      spent += 0.005;
      const statedCost = { amount: 0.005, currency: "USD" };
      return { purpose: "shadow", lane: "shadow", version: 2, latency: 400, statedCost };
    };
    for (let at = 0; at < 100 && (await newestRecord(harness)).state === "shadowing"; at += 1) {
      const rows = Array.from({ length: 5 }, () => anExecution(harness.ids, repeat()));
      await harness.ledger.append(rows);
      house.clock.advance(1_000);
      await watch.tick();
    }
    expect(await newestRecord(harness)).toMatchObject({ state: "holding", cause: "budget", shadow: null });
    // What was under way comes in late.
    await harness.ledger.append(Array.from({ length: 5 }, () => anExecution(harness.ids, repeat())));
    const status = await rolloutStatus(harness, WHERE);
    expect(status.shadow?.spent?.amount).toBeCloseTo(spent);
    expect(spent).toBeLessThanOrEqual(1);
    expect(spent).toBeGreaterThan(0.5);
  });
});
