/** Tests of metrics over real stores: by place and time, of served and of shadowed calls, and of other policies. */
import type { ExecutionDraft, ExecutionId, OutcomeDraft } from "@colophon/kernel";
import { anExecution, anOutcome, aRolloutDraft, type FixedClock, seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { estimatePolicies, type Harness, listMetrics, readMetricDimensions, readPolicy } from "../index.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../opened-house.fixture.ts";
import { readPolicyDocument } from "./read-policy.ts";

const HOUR_MS = 3_600_000;

let house: OpenedHouse;
let harness: Harness;
let clock: FixedClock;

async function serve(
  fields: Parameters<typeof anExecution>[1] = {},
  said: Readonly<Record<string, OutcomeDraft["value"]>> = {},
): Promise<ExecutionDraft> {
  const row = anExecution(harness.ids, { prompt: KEY, ...fields });
  await harness.ledger.append([row]);
  const outcomes = Object.entries(said).map(([name, value]) =>
    anOutcome(harness.ids, row.id, { name, value }),
  );
  await harness.ledger.appendOutcomes(outcomes);
  return row;
}

function contents(output: string): ExecutionDraft["contents"] {
  const digest = Array.from(output.padEnd(32, "."), (letter) =>
    (letter.charCodeAt(0) % 16).toString(16),
  ).join("");
  return { inputDigest: null, outputDigest: digest.repeat(2), variables: null, output, days: null };
}

describe.each(HOUSES)("Metrics on $name", ({ open }) => {
  beforeEach(async () => {
    house = await open();
    ({ harness, clock } = house);
    await registerBodies(harness, ["one", "two"]);
    await releaseTo(harness, 1);
  });
  afterEach(() => house.close());

  test("count served calls alone, by version unless asked for more, with what was said of them", async () => {
    for (let call = 0; call < 8; call++) await serve({ schemaOk: call > 0 }, { thumbs: call % 2 === 0 });
    await serve({ version: 2, lane: "canary", status: "error", latency: 2_000 }, { quality: 0.5 });
    await serve({ purpose: "eval" });
    await serve({ purpose: "shadow", lane: "shadow", version: 2 });
    await serve({ prompt: "support.reply" });
    const { rows, newest, until } = await listMetrics(harness, { key: KEY });
    expect([newest, until]).toEqual([9, "2026-03-16T15:00:00.000Z"]);
    expect(rows.map(({ version, calls }) => [version, calls])).toEqual([
      [1, 8],
      [2, 1],
    ]);
    expect(rows[0]?.metrics).toMatchObject({
      errors: { value: 0, samples: 8 },
      schemaOk: { value: 7 / 8, samples: 8 },
      thumbsDown: { value: 0.5, samples: 8 },
      quality: { value: null, reason: "nobody has said it" },
      latency: { value: 640, samples: 8 },
      firstToken: { value: null, reason: "no answer was streamed" },
    });
    expect(rows[0]?.cost).toMatchObject({ currency: "USD", samples: 8, unpriced: 0, quantileRows: 8 });
    expect(rows[0]?.cost.quantiles?.p95).toBeCloseTo(rows[0]?.cost.value ?? 0, 12);
    expect(rows[1]?.metrics).toMatchObject({ errors: { value: 1 }, quality: { value: 0.5, samples: 1 } });
    expect(rows[0]?.shadow).toBeNull();
  });

  test("are told apart by lane, model and hour, in the window that was asked for", async () => {
    await serve();
    clock.advance(HOUR_MS);
    await serve({ lane: "control" });
    await serve({ answeringModel: "gpt-5-nano" });
    const by = readMetricDimensions("lane,model,hour", "--by");
    const query = { key: KEY, environment: "production", by };
    const { rows } = await listMetrics(harness, query);
    expect(rows.map(({ hour, lane, model, calls }) => [hour, lane, model, calls])).toEqual([
      ["2026-03-16T14:00:00.000Z", "live", "openai/gpt-5-mini-2026-01-15", 1],
      ["2026-03-16T15:00:00.000Z", "control", "openai/gpt-5-mini-2026-01-15", 1],
      ["2026-03-16T15:00:00.000Z", "live", "openai/gpt-5-nano", 1],
    ]);
    expect(rows[0]).not.toHaveProperty("version");
    const later = await listMetrics(harness, { ...query, since: clock.now(), by: ["day"] });
    expect(later.rows).toMatchObject([{ day: "2026-03-16T00:00:00.000Z", calls: 2 }]);
    const control = await listMetrics(harness, { ...query, lane: "control", by: [] });
    expect(control.rows).toMatchObject([{ calls: 1, environment: "production" }]);
    expect((await listMetrics(harness, { ...query, environment: "staging" })).rows).toEqual([]);
  });

  test("of a shadow say how far it lies from the live version, where contents were captured", async () => {
    const live = await serve({ contents: contents("billing") });
    const pair = { purpose: "shadow", lane: "shadow", version: 2, parent: live.id } as const;
    await serve({ ...pair, contents: contents("billing") });
    await serve({ ...pair, contents: contents("belling") });
    await serve({ ...pair, parent: harness.ids.next() as ExecutionId, contents: contents("alone") });
    const { rows } = await listMetrics(harness, { key: KEY, lane: "shadow" });
    expect(rows).toMatchObject([{ version: 2, calls: 3, shadow: { status: "measured", pairs: 2 } }]);
    expect(rows[0]?.shadow?.differing.value).toBe(0.5);
    expect(rows[0]?.shadow?.distance.value).toBeCloseTo(1 / 14, 9);
  });

  test("of a shadow without contents are insufficient", async () => {
    const live = await serve();
    await serve({ purpose: "shadow", lane: "shadow", version: 2, parent: live.id });
    const { rows } = await listMetrics(harness, { key: KEY, lane: "shadow" });
    expect(rows[0]?.shadow).toMatchObject({ status: "insufficient", reason: "contents not captured" });
  });

  test("refuse a slip of the pen", async () => {
    const code = (error: string) => expect.objectContaining({ code: error });
    await expect(listMetrics(harness, { key: "support.triag" })).rejects.toThrow(code("key-unknown"));
    const unknown = { key: KEY, environment: "prod" };
    await expect(listMetrics(harness, unknown)).rejects.toThrow(code("environment-unknown"));
    const both = { key: KEY, by: ["hour", "day"] } as const;
    await expect(listMetrics(harness, both)).rejects.toThrow(/keep one/);
    const never = { key: KEY, since: clock.now(), until: clock.now() - 2 * HOUR_MS };
    await expect(listMetrics(harness, never)).rejects.toThrow(/no time at all/);
    expect(() => readMetricDimensions("versoin", "--by")).toThrow(/did you mean version/);
  });

  test("of other policies are estimated from draws by their probabilities, and found again", async () => {
    const shares = async (share: number): Promise<number> => {
      const drafts = [
        aRolloutDraft({ key: KEY, arms: [{ version: 2, share }], control: share, baseline: 1 }),
      ];
      return (await harness.records.append(() => ({ drafts, result: null }))).records[0]?.revision ?? 0;
    };
    const random = seededRandom("draws");
    const chance = (): number => random.fill(new Uint8Array(1))[0] as number;
    // v1 is good six times in ten, v2 eight times; most calls are drawn for v1.
    for (const share of [0.1, 0.3]) {
      const revision = await shares(share);
      const rows: ExecutionDraft[] = [];
      const outcomes: OutcomeDraft[] = [];
      for (let call = 0; call < 600; call++) {
        const draw = chance() / 256 + call / 1e6;
        const version = draw < share ? 2 : 1;
        const lane = version === 2 ? "canary" : draw > 1 - share ? "control" : "live";
        const probability = lane === "live" ? 1 - 2 * share : share;
        const assignment = { salt: "salt-1", draw, probability };
        const row = anExecution(harness.ids, { prompt: KEY, version, lane, assignment, revision });
        rows.push(row);
        outcomes.push(anOutcome(harness.ids, row.id, { value: chance() < (version === 2 ? 205 : 154) }));
      }
      await harness.ledger.append(rows);
      await harness.ledger.appendOutcomes(outcomes);
    }
    await serve({}, { accepted: true });
    const query = { key: KEY, environment: "production", metric: "accepted" };
    const { rows, calls } = await estimatePolicies(harness, query);
    expect(calls).toBe(1201);
    expect(rows).toMatchObject([
      { policy: [{ version: 1, share: 1 }], status: "estimated", undrawn: 1, unscored: 0 },
      { policy: [{ version: 2, share: 1 }], status: "estimated" },
    ]);
    for (const [row, truth] of [
      [rows[0], 0.6],
      [rows[1], 0.8],
    ] as const) {
      expect(row?.snips?.lower).toBeLessThan(truth);
      expect(row?.snips?.upper).toBeGreaterThan(truth);
      expect(Math.abs((row?.snips?.value ?? 0) - truth)).toBeLessThan(0.08);
    }
    const asked = await estimatePolicies(harness, { ...query, policy: readPolicy("v1=50%, v3=0.5") });
    expect(asked.rows).toMatchObject([
      { status: "insufficient", reason: expect.stringContaining("v3"), ips: null },
    ]);
    const latency = { ...query, metric: "latency" };
    await expect(estimatePolicies(harness, latency)).rejects.toThrow(/scale from worst to best/);
    const scaled = await estimatePolicies(harness, { ...latency, scale: { best: 0, worst: 1_280 } });
    expect(scaled.rows[0]?.snips?.value).toBeCloseTo(0.5, 6);
  });
});

describe("A policy", () => {
  test("is read from a line or a document", () => {
    const arms = [
      { version: 7, share: 0.8 },
      { version: 8, share: 0.2 },
    ];
    expect(readPolicy("v7=0.8,v8=20%")).toEqual(arms);
    expect(readPolicyDocument({ v7: 0.8, v8: "20%" })).toEqual(arms);
    for (const bad of ["v7", "v7=half", "7=1", "v7=1=2"]) {
      expect(() => readPolicy(bad)).toThrow(expect.objectContaining({ code: "usage" }));
    }
    expect(() => readPolicy("v1=0.5,v1=0.5")).toThrow(/names v1 twice/);
    expect(() => readPolicyDocument([1])).toThrow(/is no policy/);
  });
});
