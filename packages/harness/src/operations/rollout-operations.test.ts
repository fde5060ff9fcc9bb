/** Asks every operation on rollouts over JSON, with plans of every kind. */
import { anExecution } from "@colophon/testkit";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { fillHouse } from "../delivery/watch/served-traffic.fixture.ts";
import type { Harness } from "../harness.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../opened-house.fixture.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import {
  abortRolloutOperation,
  approveRolloutOperation,
  listRolloutsOperation,
  pauseRolloutOperation,
  ROLLOUT_OPERATIONS,
  resumeRolloutOperation,
  rolloutStatusOperation,
  startRolloutOperation,
} from "./rollout-operations.ts";

const asked = new Set<string>();
const ask: typeof askOverJson = (operation, harness, input) => {
  const found = ROLLOUT_OPERATIONS.find((one) => one.input === operation.input);
  if (found !== undefined) asked.add(found.name);
  return askOverJson(operation, harness, input);
};

afterAll(() => {
  expect([...asked].sort()).toEqual(ROLLOUT_OPERATIONS.map(({ name }) => name).sort());
});

const ENV = "production";
const HERE = { key: KEY, environment: ENV } as const;
const REQUEST = { members: [{ key: KEY, versions: [2] }], environment: ENV, reason: "clearer" };

/** Something in each part of a plan. */
const SHADOWED = {
  shadow: { rate: "100%", concurrency: 2, calls: 1_000, budget: "1 USD", margin: 0.05, pairs: 20 },
  guards: [
    { metric: "errors" },
    { metric: "cost", action: "hold" },
    { metric: "latency", above: 900, minimum: 10 },
  ],
  clearing: ["errors"],
  approvals: 1,
};

describe.each(HOUSES)("Operations on rollouts, on $name", ({ open }) => {
  let house: OpenedHouse;
  let harness: Harness;
  beforeEach(async () => {
    house = await open();
    ({ harness } = house);
    await fillHouse(house);
  });
  afterEach(() => house.close());

  test("start one with a shadow, say where it stands, and end it", async () => {
    const started = await ask(startRolloutOperation, harness, {
      ...REQUEST,
      plan: SHADOWED,
      breakGlass: null,
    });
    expect(started).toMatchObject({ state: "shadowing", plan: { approvals: 1, shadow: { pairs: 20 } } });
    const shadow = { purpose: "shadow", lane: "shadow", version: 2, prompt: KEY } as const;
    await harness.ledger.append([anExecution(harness.ids, shadow)]);
    const status = await ask(rolloutStatusOperation, harness, HERE);
    expect(status).toMatchObject({
      state: "shadowing",
      shadow: { calls: 1, reasons: expect.arrayContaining([expect.stringContaining("0 pairs")]) },
      next: { moves: false },
      watched: false,
    });
    expect(await ask(listRolloutsOperation, harness, { ...HERE, open: true })).toMatchObject([
      { versions: [2], by: "grace", cause: "started" },
    ]);
    const ended = await ask(abortRolloutOperation, harness, { ...HERE, reason: "enough" });
    expect(ended).toMatchObject({ unchanged: false, keys: [KEY] });
    expect(await ask(rolloutStatusOperation, harness, HERE)).toMatchObject({ next: null, shadow: null });
    expect(await ask(listRolloutsOperation, harness, { open: true })).toEqual([]);
  });

  test("hold one, go on with it and approve it, where arms compete for a part of the traffic", async () => {
    await registerBodies(harness, ["Three."]);
    await releaseTo(harness, 1, "staging");
    const staging = { key: KEY, environment: "staging" };
    const plan = {
      policy: {
        kind: "mol-ts",
        objectives: [{ metric: "accepted" }, { name: "fast", metric: "latency", best: 100, worst: 2_000 }],
      },
    };
    const started = await ask(startRolloutOperation, harness, {
      ...{ members: [{ key: KEY, versions: [2, 3] }], environment: "staging", reason: "which one" },
      ...{ plan, where: { tenant: "acme" } },
    });
    expect(started).toMatchObject({ state: "ramping", plan: { policy: { kind: "mol-ts" } } });
    const paused = await ask(pauseRolloutOperation, harness, { ...staging, reason: "wait" });
    expect(paused).toMatchObject({ state: "holding" });
    const resumed = await ask(resumeRolloutOperation, harness, { ...staging, reason: "go", accept: [] });
    expect(resumed).toMatchObject({ state: "ramping" });
    const judged = { safety: true, compliance: true, style: true };
    const reviewer: Harness = { ...harness, actor: { id: "bob", via: "server" } };
    const approved = await ask(approveRolloutOperation, reviewer, { ...staging, version: 3, ...judged });
    expect(approved).toMatchObject({ inFavour: true, versions: [{ version: 3 }] });
  });

  test("say at the start that nobody will be asked, while the project has one member", async () => {
    const counted: Harness = { ...harness, members: async () => 1 };
    const started = await ask(startRolloutOperation, counted, { ...REQUEST, plan: { approvals: 1 } });
    expect(started.warnings).toContainEqual(expect.stringContaining("one member"));
    await ask(abortRolloutOperation, counted, { ...HERE, reason: "again" });
    const again = await ask(startRolloutOperation, counted, { ...REQUEST, plan: { approvals: 0 } });
    expect(again.warnings).not.toContainEqual(expect.stringContaining("one member"));
  });
});
