/** Tests of the projection: what counts, how much, and that the way it came does not matter. */
import { errorCodeOf, type Objective } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anObservation, HOUR, POLICY, posteriorOf, SCHEMA, START } from "./allocation.fixture.ts";
import type { ArmObservation } from "./arm-observation.ts";
import { type ProjectionPolicy, projectPosteriors } from "./project-posteriors.ts";

function codeOf(task: () => unknown): string | undefined {
  try {
    task();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}

const LATENCY: Objective = { name: "speed", metric: "latency", scale: { best: 500, worst: 2500 } };
const COST: Objective = {
  name: "thrift",
  metric: "cost",
  scale: { target: 0.01, direction: "below" },
};

describe("projectPosteriors", () => {
  test("counts what arrived, by arm and objective, and says how many have not", () => {
    const arm = posteriorOf([
      anObservation(1, { accepted: 1 }),
      anObservation(2, { accepted: 0 }),
      anObservation(3, { accepted: 1 }),
      anObservation(4),
      anObservation(5, { accepted: 1 }, { version: 6 }),
      anObservation(6, { accepted: 1 }, { version: 5 }),
    ]);
    expect(arm.executions).toBe(4);
    expect(arm.objectives).toEqual([
      {
        objective: "satisfaction",
        counts: { successes: 2, failures: 1 },
        arrived: 3,
        waiting: 1,
        unusable: 0,
      },
    ]);
  });

  test("knows an arm that has served nothing, and counts nothing for it", () => {
    const [six, seven] = projectPosteriors([], POLICY).arms;
    expect([six?.version, seven?.version]).toEqual([6, 7]);
    expect(seven?.objectives[0]).toMatchObject({ counts: { successes: 0, failures: 0 }, arrived: 0 });
  });

  test("takes feedback that comes late to the execution that it is about, and to its time", () => {
    const late = anObservation(
      1,
      {},
      { readings: [{ metric: "accepted", value: 1, at: START + 20 * HOUR }] },
    );
    const policy = { halfLife: 24 * HOUR };
    const arm = posteriorOf([anObservation(1), late], policy);
    expect(arm.executions).toBe(1);
    // The call is a day old, whenever it was judged.
    expect(arm.objectives[0]).toMatchObject({ counts: { successes: 0.5, failures: 0 }, waiting: 0 });
  });

  test("counts the last of several judgements of one execution", () => {
    const said = (value: number, hour: number): ArmObservation =>
      anObservation(1, {}, { readings: [{ metric: "accepted", value, at: START + hour * HOUR }] });
    const arm = posteriorOf([said(0, 3), said(1, 1), said(1, 2)]);
    expect(arm.objectives[0]?.counts).toEqual({ successes: 0, failures: 1 });
  });

  test("turns amounts into successes by scale or target, and bad events over", () => {
    const objectives = [LATENCY, COST, { name: "kindness", metric: "thumbsDown", scale: null }];
    const values: readonly Readonly<Record<string, number>>[] = [
      { latency: 500, cost: 0.01, thumbsDown: 1 },
      { latency: 1000, cost: 0.02, thumbsDown: 0 },
      { latency: 9000, cost: 0.001 },
    ];
    const arm = posteriorOf(
      values.map((one, at) => anObservation(at, one)),
      { objectives },
    );
    expect(arm.objectives.map(({ counts }) => counts)).toEqual([
      { successes: 1.75, failures: 1.25 },
      { successes: 2, failures: 1 },
      { successes: 1, failures: 1 },
    ]);
    expect(arm.objectives[2]?.waiting).toBe(1);
  });

  test("keeps what cannot be judged out of the sums, and says so", () => {
    const arm = posteriorOf([anObservation(1, { accepted: 7 }), anObservation(2, { accepted: Number.NaN })]);
    expect(arm.objectives[0]).toMatchObject({
      counts: { successes: 0, failures: 0 },
      unusable: 2,
      waiting: 0,
    });
  });

  test("leaves shares of guards as they are, and limits of amounts to others", () => {
    const guards = [SCHEMA, { ...SCHEMA, metric: "refused" }, { ...SCHEMA, metric: "cost" }];
    const arm = posteriorOf([anObservation(1, { schemaOk: 1, refused: 1, cost: 3 })], { guards });
    expect(arm.guards.map(({ guard, counts }) => [guard.metric, counts.successes])).toEqual([
      ["schemaOk", 1],
      ["refused", 1],
    ]);
  });

  test("is the same to the last bit in any order and in any batches", () => {
    const observation = fc.record({
      version: fc.constantFrom(6, 7),
      minutes: fc.integer({ min: 0, max: 3000 }),
      accepted: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      latency: fc.option(fc.double({ min: 1, max: 9000, noNaN: true })),
      correction: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    });
    const policy: ProjectionPolicy = {
      ...POLICY,
      objectives: [...POLICY.objectives, LATENCY],
      guards: [{ ...SCHEMA, metric: "accepted" }],
      halfLife: 7 * HOUR,
    };
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (rows, keys) => {
        const whole: ArmObservation[] = [];
        const pieces: ArmObservation[] = [];
        rows.forEach(({ version, minutes, accepted, latency, correction }, at) => {
          const rest = { version, at: START + minutes * 60_000 };
          const reading = (metric: string, value: number | null, later: number) =>
            value === null ? [] : [{ metric, value, at: rest.at + later }];
          const readings = [
            ...reading("latency", latency, 0),
            ...reading("accepted", accepted, 5),
            ...reading("accepted", correction, 9),
          ];
          whole.push(anObservation(at, {}, { ...rest, readings }));
          // The row first, then each signal by itself, and some of it twice.
          pieces.push(anObservation(at, {}, rest));
          for (const one of readings) pieces.push(anObservation(at, {}, { ...rest, readings: [one] }));
          if (minutes % 3 === 0) pieces.push(anObservation(at, {}, { ...rest, readings }));
        });
        const shuffled = pieces
          .map((piece) => ({ piece, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ piece }) => piece);
        expect(projectPosteriors(shuffled, policy)).toEqual(projectPosteriors(whole, policy));
      }),
    );
  });

  test("discounts by time as one factor for each call would at a steady pace", () => {
    const gamma = 0.99;
    const halfLife = (HOUR * Math.LN2) / -Math.log(gamma);
    const values = Array.from({ length: 200 }, (_, at) => (at * 7) % 3 === 0);
    const rows = values.map((hit, at) =>
      anObservation(at, { accepted: hit ? 1 : 0 }, { at: START + at * HOUR }),
    );
    const { counts } = posteriorOf(rows, { halfLife, now: START + 199 * HOUR }).objectives[0] ?? {};
    let [successes, failures] = [0, 0];
    for (const hit of values) {
      [successes, failures] = [gamma * successes + (hit ? 1 : 0), gamma * failures + (hit ? 0 : 1)];
    }
    expect(counts?.successes).toBeCloseTo(successes, 9);
    expect(counts?.failures).toBeCloseTo(failures, 9);
  });

  test("counts a call from a clock that is ahead once, and no more", () => {
    const ahead = anObservation(1, { accepted: 1 }, { at: POLICY.now + HOUR });
    expect(posteriorOf([ahead], { halfLife: HOUR }).objectives[0]?.counts.successes).toBe(1);
  });

  test.each<readonly [string, Partial<ProjectionPolicy>]>([
    ["no objective", { objectives: [] }],
    ["two objectives of one name", { objectives: [LATENCY, LATENCY] }],
    ["an amount without scale", { objectives: [{ ...LATENCY, scale: null }] }],
    ["a scale that ends where it begins", { objectives: [{ ...LATENCY, scale: { best: 5, worst: 5 } }] }],
    [
      "a target that is no number",
      { objectives: [{ ...LATENCY, scale: { target: Number.NaN, direction: "below" } }] },
    ],
    ["a half-life of nothing", { halfLife: 0 }],
  ])("refuses %s", (_, policy) => {
    expect(codeOf(() => posteriorOf([], policy))).toBe("usage");
  });
});
