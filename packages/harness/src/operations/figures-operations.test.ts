/** Asks every operation of figures over JSON, on a store with calls that cost, were judged, shadowed and drawn. */
import type { ExecutionDraft } from "@colophon/kernel";
import { anExecution, anOutcome, aRolloutDraft } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../opened-house.fixture.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import {
  estimatePoliciesOperation,
  explainCostChangeOperation,
  listCostsOperation,
  listMetricsOperation,
  listPriceTablesOperation,
  setPricesOperation,
  showPricesOperation,
} from "./figures-operations.ts";

const DAY_MS = 86_400_000;
const PRICES = {
  file: "prices.yaml",
  text: "prices: [{ model: openai/*, factor: 0.5 }, { model: own/*, currency: EUR, input: 1, output: 2 }]",
};

describe.each(HOUSES)("Operations of figures on $name", ({ open }) => {
  let house: OpenedHouse;
  let since: number;

  async function serve(
    fields: Parameters<typeof anExecution>[1] = {},
    quality: number | null = null,
  ): Promise<ExecutionDraft> {
    const { harness } = house;
    const row = anExecution(harness.ids, { prompt: KEY, ...fields });
    await harness.ledger.append([row]);
    if (quality !== null) {
      const said = { name: "quality", value: quality, source: "judge", by: "judge@v1" } as const;
      await harness.ledger.appendOutcomes([
        anOutcome(harness.ids, row.id, said),
        anOutcome(harness.ids, row.id, { ...said, source: "user", by: null }),
      ]);
    }
    return row;
  }

  beforeEach(async () => {
    house = await open();
    const { harness, clock } = house;
    since = clock.now();
    await registerBodies(harness, ["one", "two"]);
    await releaseTo(harness, 1);
    const subjects = { tenant: "acme", user: "ada" };
    for (let call = 0; call < 6; call++) await serve({ subjects, firstToken: 40 }, call / 10);
    await serve({ provider: "own", requestedModel: "big", answeringModel: "big", host: null });
    await serve({ provider: "nobody", requestedModel: "x", answeringModel: null });
    await serve({ statedCost: { amount: 2, currency: "USD" } });
    clock.advance(DAY_MS);
    const { records } = await harness.records.append(() => ({
      drafts: [aRolloutDraft({ key: KEY, arms: [{ version: 2, share: 0.5 }], control: 0.5 })],
      result: null,
    }));
    const revision = records[0]?.revision ?? 0;
    for (let call = 0; call < 20; call++) {
      const draw = call / 20;
      const version = call % 2 === 0 ? 1 : 2;
      const lane = version === 1 ? "live" : "canary";
      const assignment = { salt: "salt-1", draw, probability: 0.5 };
      await serve({ version, lane, revision, assignment, subjects: { user: `u${call}` } }, draw);
    }
    const live = await serve();
    await serve({ purpose: "shadow", lane: "shadow", version: 2, parent: live.id });
  });
  afterEach(() => house.close());

  test("list costs by all that they can be told apart by, and price them by a file that was sent", async () => {
    const { harness } = house;
    for (const by of ["prompt", "version", "model", "owner", "tenant", "purpose"] as const) {
      const { rows, total } = await askOverJson(listCostsOperation, harness, { by: [by], prices: PRICES });
      expect(rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(total.calls);
    }
    const query = { since, until: house.clock.now() + 1, environment: "production" };
    const { total, unpricedModels, workingCopy } = await askOverJson(listCostsOperation, harness, {
      ...query,
      prices: PRICES,
    });
    expect(total.amounts.map(({ currency }) => currency)).toEqual(["EUR", "USD"]);
    expect([unpricedModels[0]?.model, workingCopy]).toEqual(["nobody/x", "prices.yaml"]);
  });

  test("explain a change of cost, and one that nothing is known of", async () => {
    const { harness } = house;
    const before = { since, until: since + DAY_MS };
    const after = { since: since + DAY_MS, until: house.clock.now() + 1 };
    const whole = await askOverJson(explainCostChangeOperation, harness, { key: null, before, after });
    expect(whole.changes[0]).toMatchObject({ status: "explained", currency: "USD" });
    expect(whole.unpriced.map(({ model }) => model)).toContain("nobody/x");
    const none = { since: since - DAY_MS, until: since };
    const unknown = await askOverJson(explainCostChangeOperation, harness, { key: KEY, before: none, after });
    expect(unknown.changes[0]).toMatchObject({ status: "insufficient" });
  });

  test("record prices, list them, and show what a model costs", async () => {
    const { harness } = house;
    const request = { prices: PRICES, since, reason: "contract" };
    expect(await askOverJson(setPricesOperation, harness, request)).toMatchObject({ prices: 2 });
    expect(await askOverJson(setPricesOperation, harness, request)).toMatchObject({ unchanged: true });
    const other = { ...request, prices: { ...PRICES, text: PRICES.text.replace("0.5", "0.25") } };
    expect((await askOverJson(setPricesOperation, harness, other)).replaced).toHaveLength(1);
    const tables = await askOverJson(listPriceTablesOperation, harness, {});
    expect(tables.map(({ kind, status }) => [kind, status])).toEqual([
      ["table", "in-force"],
      ["table", "replaced"],
      ["list", "in-force"],
    ]);
    const shown = await askOverJson(showPricesOperation, harness, { model: "own/big", prices: PRICES });
    expect(shown).toMatchObject([{ model: "own/big", currency: "EUR" }]);
    const called = await askOverJson(showPricesOperation, harness, {});
    expect(called.find(({ model }) => model === "nobody/x")).toMatchObject({ currency: null, input: null });
  });

  test("list metrics by place and time, with judges, sources and shadowed calls", async () => {
    const { harness } = house;
    const query = { key: KEY, since, until: house.clock.now() + 1, environment: "production" };
    const { rows } = await askOverJson(listMetricsOperation, harness, {
      ...query,
      by: ["version", "lane", "model", "hour"],
    });
    expect(rows.map(({ metrics }) => metrics.quality?.samples)).toContain(12);
    expect(rows.some(({ judged }) => judged.length > 0)).toBe(true);
    expect((await askOverJson(listMetricsOperation, harness, { ...query, by: ["day"] })).rows).toHaveLength(
      2,
    );
    const shadowed = await askOverJson(listMetricsOperation, harness, { ...query, lane: "shadow" });
    expect(shadowed.rows).toMatchObject([{ calls: 1, shadow: { status: "insufficient" } }]);
  });

  test("estimate other policies, or say why not", async () => {
    const { harness } = house;
    const query = { key: KEY, environment: "production", since, until: house.clock.now() + 1 };
    const half = [
      { version: 1, share: 0.5 },
      { version: 2, share: 0.5 },
    ];
    const { rows } = await askOverJson(estimatePoliciesOperation, harness, { ...query, policy: half });
    expect(rows).toMatchObject([{ policy: half, metric: "quality" }]);
    for (const scale of [{ best: 0, worst: 1_000 }, { target: 500, direction: "below" } as const, null]) {
      const metric = scale === null ? "quality" : "latency";
      const asked = askOverJson(estimatePoliciesOperation, harness, { ...query, metric, scale });
      expect((await asked).rows.length).toBeGreaterThan(0);
    }
    const never = [{ version: 9, share: 1 }];
    const none = await askOverJson(estimatePoliciesOperation, harness, { ...query, policy: never });
    expect(none.rows).toMatchObject([{ status: "insufficient", ips: null }]);
  });
});
