/** Asks every operation on standing guards and drills over JSON. */
import type { ExecutionDraft, ExecutionId } from "@colophon/kernel";
import { anExecution } from "@colophon/testkit";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { WaitingParts } from "../drill/connected-processes.ts";
import type { Harness } from "../harness.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../opened-house.fixture.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import { DRILL_OPERATIONS, drillAllOperation, runDrillOperation } from "./drill-operations.ts";
import {
  acceptTuningOperation,
  GUARD_OPERATIONS,
  listGuardsOperation,
  removeGuardOperation,
  setGuardOperation,
  tuneGuardsOperation,
} from "./guard-operations.ts";

const ALL = [...GUARD_OPERATIONS, ...DRILL_OPERATIONS];
const asked = new Set<object>();
const ask: typeof askOverJson = (operation, harness, input) => {
  asked.add(operation.input);
  return askOverJson(operation, harness, input);
};

afterAll(() => {
  expect(ALL.filter(({ input }) => !asked.has(input))).toEqual([]);
});

const ENV = "production";
const HERE = { key: KEY, environment: ENV } as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.each(HOUSES)("Operations on $name", ({ open }) => {
  let house: OpenedHouse;
  let harness: Harness;
  beforeEach(async () => {
    house = await open();
    ({ harness } = house);
    await registerBodies(harness, ["One.", "Two."]);
    await releaseTo(harness, 1);
  });
  afterEach(() => house.close());

  test("set guards, say where each stands, and take them away", async () => {
    const rule = {
      ...HERE,
      metric: "latency",
      direction: "above",
      limit: 1.5,
      minimum: 1,
      window: HOUR_MS,
    } as const;
    const request = {
      ...rule,
      against: "predecessor",
      measure: "mean",
      action: "alert",
      reason: "slow",
    } as const;
    const { guard } = await ask(setGuardOperation, harness, request);
    await ask(setGuardOperation, harness, { ...request, against: "limit", limit: 300, action: "rollback" });
    await harness.ledger.append([anExecution(harness.ids, { prompt: KEY, version: 1, latency: 400 })]);
    expect(await ask(listGuardsOperation, harness, { key: KEY })).toMatchObject([
      { id: guard.id, bound: null, state: "no-data" },
      { bound: 300, value: 400, state: "breached", version: 1 },
    ]);
    const removal = { key: KEY, guard: guard.id, reason: "useless" };
    expect(await ask(removeGuardOperation, harness, removal)).toMatchObject({ guard: { active: false } });
    expect(await ask(listGuardsOperation, harness, HERE)).toHaveLength(1);
  });

  test("tune guards on the past, and set what is proposed", async () => {
    const start = house.clock.now();
    const rows: ExecutionDraft[] = [];
    for (let hour = 0; hour < 9 * 24; hour++) {
      for (let call = 0; call < 12; call++) {
        const at = start + hour * HOUR_MS + call;
        const id = harness.ids.next(at) as ExecutionId;
        rows.push(anExecution(harness.ids, { id, prompt: KEY, version: 1, schemaOk: call >= hour % 3 }));
      }
    }
    await harness.ledger.append(rows);
    house.clock.advance(9 * DAY_MS);
    const query = { ...HERE, metrics: ["schemaOk", "quality"], minimum: 10, window: HOUR_MS, target: 0.5 };
    const { rows: proposed } = await ask(tuneGuardsOperation, harness, { ...query, since: start });
    expect(proposed).toMatchObject([
      { status: "proposed", falseAlarms: { expected: expect.any(Number) }, guard: null },
      { status: "insufficient", limit: null },
    ]);
    const { rows: accepted } = await ask(acceptTuningOperation, harness, { ...query, since: start });
    expect(accepted.map(({ guard }) => guard === null)).toEqual([false, true]);
  });

  test("rehearse one rollback, or all of them", async () => {
    const parts: WaitingParts = { pause: async (ms) => house.clock.advance(ms) };
    /** As a job of a server, which has parts of its own. */
    const job = <I, R>(of: {
      readonly input: (typeof runDrillOperation)["input"] | (typeof drillAllOperation)["input"];
      readonly output: (typeof runDrillOperation)["output"] | (typeof drillAllOperation)["output"];
      readonly run: (harness: Harness, input: I, parts: WaitingParts) => Promise<R>;
    }) => ({ ...of, run: (on: Harness, input: I) => of.run(on, input, parts) });
    await releaseTo(harness, 2);
    const nobody = await ask(job(runDrillOperation), harness, HERE);
    expect(nobody).toMatchObject({ status: "insufficient", reason: expect.any(String) });
    const revision = await harness.records.revision();
    const appliedAt = house.clock.now();
    await harness.coordination.follow({
      id: "p",
      application: "shop",
      environment: ENV,
      revision,
      appliedAt,
    });
    const late = await ask(job(runDrillOperation), harness, { ...HERE, timeout: 100 });
    expect(late).toMatchObject({ status: "late", from: 2, to: 1, late: [expect.stringContaining("shop")] });
    const rows = await ask(job(drillAllOperation), harness, { environment: ENV, share: 0.5, timeout: 100 });
    expect(rows).toMatchObject([{ key: KEY, share: 0.5 }]);
  });
});
