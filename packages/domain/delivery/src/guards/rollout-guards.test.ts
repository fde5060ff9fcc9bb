/** Tests of a rollout's guards over arriving rows and outcomes. */
import type { ArrivedOutcome, Execution, GuardReading, RolloutGuard, RolloutPlan } from "@colophon/kernel";
import { seededDraws } from "@colophon/methods";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultPlan } from "../rollout/default-plan.ts";
import type { CostOf } from "./metric-values.ts";
import { guardAlphas, RolloutGuards } from "./rollout-guards.ts";
import { historyOf, ServedRows } from "./served-rows.fixture.ts";

const SHARE = 0.2;
const HALF = historyOf({
  revision: 1,
  arms: [{ version: 2, share: SHARE }],
  control: SHARE,
  since: 0,
  step: 0,
});
const comparison = (metric: string, more: Partial<RolloutGuard> = {}): RolloutGuard =>
  ({
    kind: "comparison",
    metric,
    tolerated: 1,
    acceptable: 1.5,
    alpha: null,
    action: "rollback",
    ...more,
  }) as RolloutGuard;

function guardsOf(
  guards: readonly RolloutGuard[],
  more: Partial<RolloutPlan> = {},
  costOf: CostOf = () => null,
) {
  const plan = { ...defaultPlan("medium"), guards, clearing: [], ...more };
  return new RolloutGuards({ plan, history: HALF, members: 1, costOf });
}

interface Traffic {
  readonly calls: number;
  readonly seed: number;
  /** Users that come again; each call its own unit without. */
  readonly users?: number;
  readonly row?: (canary: boolean, chance: () => number) => Partial<Execution>;
}

/** Calls of many units at the shares of `HALF`. */
function traffic(rows: ServedRows, { calls, seed, users, row = () => ({}) }: Traffic): Execution[] {
  const draws = seededDraws(seed);
  const known = users === undefined ? [] : Array.from({ length: users }, () => draws.next());
  return Array.from({ length: calls }, () => {
    const draw = users === undefined ? draws.next() : (known[draws.below(users)] ?? 0);
    return rows.drawn(
      draw,
      SHARE,
      row(draw < SHARE, () => draws.next()),
    );
  });
}

function readingsOf(guards: RolloutGuards): readonly GuardReading[] {
  return guards.sight({ readUntil: 0 }).readings;
}

describe("A comparison of events", () => {
  const breaks = (ours: number, theirs: number) => (canary: boolean, chance: () => number) => ({
    schemaOk: chance() >= (canary ? ours : theirs),
  });

  it("fires where the challenger's units go bad more often", () => {
    const guards = guardsOf([comparison("schemaOk")]);
    guards.fold({
      executions: traffic(new ServedRows(), { calls: 3000, seed: 1, row: breaks(0.15, 0.03) }),
      outcomes: [],
    });
    const [reading] = readingsOf(guards);
    expect(reading).toMatchObject({ version: 2, state: "fired", limit: 100, action: "rollback" });
    expect(reading?.challenger).toBeCloseTo(0.85, 1);
    expect(reading?.control).toBeCloseTo(0.97, 1);
    expect(reading?.evidence).toBeGreaterThan(100);
  });

  it("does not fire where both do alike, and is cleared in the end", () => {
    const guards = guardsOf([comparison("schemaOk")], { promotionAlpha: 0.05 });
    guards.fold({
      executions: traffic(new ServedRows(), { calls: 6000, seed: 2, row: breaks(0.1, 0.1) }),
      outcomes: [],
    });
    expect(readingsOf(guards)).toMatchObject([{ state: "cleared" }]);
  });

  it("takes one observation of each unit: a single heavy user fires nothing", () => {
    const rows = new ServedRows();
    const guards = guardsOf([comparison("schemaOk")]);
    const executions = traffic(rows, { calls: 1000, seed: 3 });
    for (let call = 0; call < 1000; call++) executions.push(rows.drawn(0.01, SHARE, { schemaOk: false }));
    guards.fold({ executions, outcomes: [] });
    expect(readingsOf(guards)).toMatchObject([{ state: "watching" }]);
  });

  it("is cleared of what hardly ever happens, and only then", () => {
    const errors = comparison("errors", { negligible: 0.01 } as Partial<RolloutGuard>);
    const guards = guardsOf([errors]);
    const rows = new ServedRows();
    guards.fold({ executions: traffic(rows, { calls: 500, seed: 4 }), outcomes: [] });
    expect(readingsOf(guards)).toMatchObject([{ state: "watching" }]);
    guards.fold({ executions: traffic(rows, { calls: 3000, seed: 5 }), outcomes: [] });
    expect(readingsOf(guards)).toMatchObject([{ state: "cleared", challenger: 0, control: 0 }]);
  });

  it("knows nothing before both arms were seen", () => {
    const guards = guardsOf([comparison("schemaOk"), comparison("thumbsDown")]);
    const rows = new ServedRows();
    guards.fold({
      executions: [rows.drawn(0.1, SHARE), rows.drawn(0.9, SHARE, { schemaOk: null })],
      outcomes: [],
    });
    expect(readingsOf(guards)).toMatchObject([
      { state: "no-data", evidence: null, challenger: 1, control: null },
      { state: "no-data", evidence: null, challenger: null, control: null },
    ]);
  });

  it("reads outcomes, and of a row's own metric only where the row is silent", () => {
    const guards = guardsOf([comparison("thumbsDown"), comparison("schemaOk")]);
    const rows = new ServedRows();
    const outcomes: ArrivedOutcome[] = [];
    for (const said of traffic(rows, { calls: 2000, seed: 6 })) {
      const down = said.version === 2;
      outcomes.push(rows.outcome(said, { name: "thumbs", value: !down }));
      outcomes.push(rows.outcome(said, { name: "schemaOk", value: !down }));
    }
    guards.fold({ executions: [], outcomes });
    const silent = outcomes.map(({ outcome, execution }) => ({
      outcome,
      execution: { ...execution, schemaOk: null },
    }));
    expect(readingsOf(guards)).toMatchObject([
      { state: "fired", challenger: 1, control: 0 },
      { state: "no-data" },
    ]);
    guards.fold({ executions: [], outcomes: silent });
    expect(readingsOf(guards)[1]).toMatchObject({ state: "fired", challenger: 0, control: 1 });
  });
});

describe("A metric that is known of one arm only", () => {
  const events = [
    comparison("schemaOk"),
    comparison("errors", { negligible: 0.01 } as Partial<RolloutGuard>),
  ];

  it("of the control neither clears the challenger nor fires", () => {
    const guards = guardsOf(events);
    // All of the challenger's calls are given up by their users.
    const row = (canary: boolean, chance: () => number) =>
      canary
        ? ({ status: "aborted", schemaOk: null } as const)
        : { status: chance() < 0.05 ? ("error" as const) : ("ok" as const), schemaOk: chance() >= 0.1 };
    guards.fold({ executions: traffic(new ServedRows(), { calls: 5000, seed: 31, row }), outcomes: [] });
    expect(readingsOf(guards)).toMatchObject([
      { metric: "schemaOk", state: "no-data", challenger: null },
      { metric: "errors", state: "no-data", challenger: null },
    ]);
  });

  it("of the challenger does not fire: the version before had no contract to be held against", () => {
    const guards = guardsOf(events);
    const row = (canary: boolean, chance: () => number) => ({ schemaOk: canary ? chance() >= 0.05 : null });
    guards.fold({ executions: traffic(new ServedRows(), { calls: 20_000, seed: 32, row }), outcomes: [] });
    expect(readingsOf(guards)[0]).toMatchObject({ metric: "schemaOk", state: "no-data", control: null });
  });

  it("nearly so does not pass for a metric that is as good", () => {
    const guards = guardsOf(events);
    // Nine in ten of the challenger's calls are given up, and what is left is spoilt as often as the control's.
    const row = (canary: boolean, chance: () => number) => {
      const gone = canary && chance() < 0.9;
      const bad = { status: gone ? "aborted" : "ok", schemaOk: gone ? null : chance() >= 0.15 } as const;
      return bad;
    };
    guards.fold({ executions: traffic(new ServedRows(), { calls: 5000, seed: 33, row }), outcomes: [] });
    expect(readingsOf(guards).map(({ state }) => state)).toEqual(["watching", "watching"]);
  });

  it("of scores: those of the control alone clear nothing", () => {
    const guard = comparison("quality", { tolerated: 0.02, acceptable: 0.05 } as Partial<RolloutGuard>);
    const guards = guardsOf([guard]);
    const rows = new ServedRows();
    const draws = seededDraws(34);
    const outcomes = traffic(rows, { calls: 20_000, seed: 35 })
      .filter(({ version }) => version === 1)
      .map((row) => rows.outcome(row, { name: "quality", value: 0.6 + 0.3 * draws.next() }));
    guards.fold({ executions: [], outcomes });
    expect(readingsOf(guards)).toMatchObject([{ state: "no-data", challenger: null }]);
  });

  it.each([
    {
      why: "the challenger's are scored less often: a loss is not thinned out to nothing",
      ...{ ours: 0.1, theirs: 1, loss: 0.15, never: "cleared" },
    },
    {
      why: "the challenger's are scored more often: a loss that is tolerated is not blown up",
      ...{ ours: 1, theirs: 0.1, loss: 0.019, never: "fired" },
    },
  ])("of scores, where $why", ({ ours, theirs, loss, never }) => {
    const guard = comparison("quality", { tolerated: 0.02, acceptable: 0.05 } as Partial<RolloutGuard>);
    const guards = guardsOf([guard], { alpha: 0.1 });
    const rows = new ServedRows();
    const draws = seededDraws(36);
    const outcomes = traffic(rows, { calls: 40_000, seed: 37 })
      .filter(({ version }) => draws.next() < (version === 2 ? ours : theirs))
      .map((row) => {
        const value = 0.5 + 0.4 * draws.next() - (row.version === 2 ? loss : 0);
        return rows.outcome(row, { name: "quality", value });
      });
    guards.fold({ executions: [], outcomes });
    expect(readingsOf(guards)[0]?.state).not.toBe(never);
  });

  it("of events that are only said when they are bad: more of them fire", () => {
    const guards = guardsOf([comparison("escalated")]);
    const rows = new ServedRows();
    const draws = seededDraws(38);
    const outcomes = traffic(rows, { calls: 6000, seed: 39 })
      .filter(({ version }) => draws.next() < (version === 2 ? 0.09 : 0.03))
      .map((row) => rows.outcome(row, { name: "escalated", value: true }));
    guards.fold({ executions: [], outcomes });
    expect(readingsOf(guards)).toMatchObject([{ state: "fired" }]);
  });
});

describe("A comparison of amounts and scores", () => {
  const cost: CostOf = ({ latency }) => ({ amount: latency / 1e6, currency: "USD" });

  it("fires on a cost of 1.8 times the control's, and clears an equal one", () => {
    const guard = comparison("cost", { tolerated: 1.2, action: "hold" } as Partial<RolloutGuard>);
    const priced = (times: number) => (canary: boolean, chance: () => number) => ({
      latency: (canary ? times : 1) * 500 * (0.5 + chance()),
    });
    const dear = guardsOf([guard], {}, cost);
    dear.fold({
      executions: traffic(new ServedRows(), { calls: 4000, seed: 7, row: priced(1.8) }),
      outcomes: [],
    });
    expect(readingsOf(dear)).toMatchObject([{ state: "fired", action: "hold", limit: 1.2 }]);
    expect(readingsOf(dear)[0]?.evidence).toBeGreaterThan(1.2);
    const equal = guardsOf([guard], {}, cost);
    equal.fold({
      executions: traffic(new ServedRows(), { calls: 8000, seed: 8, row: priced(1) }),
      outcomes: [],
    });
    expect(readingsOf(equal)).toMatchObject([{ state: "cleared" }]);
  });

  it("takes what is unpriced for unknown, not for free, and one currency alone", () => {
    const guard = comparison("cost");
    const unpriced = guardsOf([guard]);
    unpriced.fold({ executions: traffic(new ServedRows(), { calls: 50, seed: 9 }), outcomes: [] });
    expect(readingsOf(unpriced)).toMatchObject([{ state: "no-data", challenger: null, units: 0 }]);
    const mixed = guardsOf([guard], {}, ({ version }) => ({
      amount: 1,
      currency: version === 2 ? "USD" : "EUR",
    }));
    const rows = new ServedRows();
    mixed.fold({ executions: [rows.drawn(0.1, SHARE), rows.drawn(0.9, SHARE)], outcomes: [] });
    expect(readingsOf(mixed)).toMatchObject([{ challenger: 1, control: null }]);
  });

  it("fires on a quality that falls", () => {
    const guard = comparison("quality", { tolerated: 0.02, acceptable: 0.05 } as Partial<RolloutGuard>);
    const guards = guardsOf([guard]);
    const rows = new ServedRows();
    const draws = seededDraws(10);
    const outcomes = traffic(rows, { calls: 6000, seed: 11 }).map((row) => {
      const value = Math.min(1, (row.version === 2 ? 0.5 : 0.7) + 0.3 * draws.next());
      return rows.outcome(row, { name: "quality", value });
    });
    guards.fold({ executions: [], outcomes });
    expect(readingsOf(guards)).toMatchObject([{ state: "fired" }]);
  });
});

describe("The last step, which leaves no control", () => {
  it("is watched like every other", () => {
    const scores = comparison("quality", { tolerated: 0.02, acceptable: 0.05 } as Partial<RolloutGuard>);
    const records = historyOf(
      { revision: 1, arms: [{ version: 2, share: SHARE }], control: SHARE, step: 0, since: 0 },
      { revision: 2, arms: [{ version: 2, share: 1 }], control: 0, step: 1, since: 5 },
    );
    const plan = { ...defaultPlan("medium"), guards: [comparison("schemaOk"), scores] };
    const guards = new RolloutGuards({ plan, history: records, members: 1, costOf: () => null });
    const rows = new ServedRows();
    const draws = seededDraws(51);
    const row = () => ({ schemaOk: draws.next() >= 0.1 });
    const before = traffic(rows, { calls: 500, seed: 52, row });
    const after = Array.from({ length: 500 }, () => rows.drawn(draws.next(), 1, { ...row(), revision: 2 }));
    const executions = [...before, ...after];
    const outcomes = executions.map((one) => rows.outcome(one, { name: "quality", value: draws.next() }));
    guards.fold({ executions, outcomes });
    expect(guards.sight({ readUntil: 0 })).toMatchObject({
      units: 500,
      readings: [{ state: "watching" }, {}],
    });
  });
});

describe("A hard limit", () => {
  it("fires from its least number of observations on, of the challenger alone", () => {
    const limit = {
      kind: "limit",
      metric: "schemaOk",
      direction: "below",
      limit: 0.9,
      minimum: 30,
      action: "rollback",
    } as const;
    const guards = guardsOf([limit]);
    const rows = new ServedRows();
    const bad = (count: number, draw: number) =>
      Array.from({ length: count }, () => rows.drawn(draw, SHARE, { schemaOk: false }));
    guards.fold({ executions: [...bad(29, 0.1), ...bad(100, 0.9)], outcomes: [] });
    expect(readingsOf(guards)).toMatchObject([{ state: "watching", evidence: 0, limit: 0.9, units: 29 }]);
    guards.fold({ executions: bad(1, 0.1), outcomes: [] });
    expect(readingsOf(guards)).toMatchObject([{ state: "fired", units: 30 }]);
  });
});

describe("What a sight says", () => {
  it("counts units of the present step by the record that their snapshot drew by", () => {
    const [first, second] = historyOf(
      { revision: 1, arms: [{ version: 2, share: 0.2 }], control: 0.2, step: 0, since: 0 },
      { revision: 5, arms: [{ version: 2, share: 0.5 }], control: 0.5, step: 1, since: 9 },
    );
    if (first === undefined || second === undefined) throw new Error("two records");
    const plan = { ...defaultPlan("medium"), guards: [comparison("errors")] };
    const guards = new RolloutGuards({ plan, history: [first], members: 1, costOf: () => null });
    const rows = new ServedRows();
    const late = rows.drawn(0.3, 0.5, { revision: 6, at: 50 });
    guards.fold({ executions: [rows.drawn(0.1, 0.2, { at: 40 }), late], outcomes: [] });
    expect(guards.sight({ readUntil: 0 })).toMatchObject({
      revision: 1,
      units: 1,
      served: 1,
      challengerAt: 40,
    });
    guards.follow([second], 6);
    expect(guards.sight({ readUntil: 0 })).toMatchObject({
      revision: 5,
      units: 1,
      served: 2,
      challengerAt: 50,
    });
    // A process that has not heard of the new step yet.
    guards.fold({ executions: [rows.drawn(0.15, 0.2, { revision: 4 })], outcomes: [] });
    expect(guards.sight({ readUntil: 0 })).toMatchObject({ units: 1, served: 3 });
  });

  it("goes on counting the units of a step that was held in between", () => {
    const records = historyOf(
      { revision: 1, arms: [{ version: 2, share: 0.2 }], control: 0.2, step: 0, since: 0 },
      { revision: 3, state: "holding", arms: [{ version: 2, share: 0.2 }], control: 0.2, step: 0, since: 5 },
      { revision: 5, arms: [{ version: 2, share: 0.2 }], control: 0.2, step: 0, since: 9 },
    );
    const plan = { ...defaultPlan("medium"), guards: [] };
    const guards = new RolloutGuards({ plan, history: records, members: 1, costOf: () => null });
    const rows = new ServedRows();
    const executions = [1, 3, 5, 5].map((revision, at) => rows.drawn(0.01 * (at + 1), 0.2, { revision }));
    guards.fold({ executions: [...executions, rows.drawn(0.01, 0.2, { revision: 5 })], outcomes: [] });
    expect(guards.sight({ readUntil: 0 })).toMatchObject({ units: 4, served: 4 });
  });

  it("does not count the first try of a version that is tried again by the same salt", () => {
    const [again] = historyOf({ revision: 9, arms: [{ version: 2, share: 0.2 }], control: 0.2, step: 0 });
    if (again === undefined) throw new Error("one record");
    const plan = { ...defaultPlan("medium"), guards: [comparison("schemaOk")] };
    const guards = new RolloutGuards({ plan, history: [again], members: 1, costOf: () => null });
    const rows = new ServedRows();
    const late = [2, 5, 8].map((revision) => rows.drawn(0.1, 0.2, { revision, schemaOk: false }));
    guards.fold({
      executions: late,
      outcomes: late.map((row) => rows.outcome(row, { name: "thumbs", value: false })),
    });
    expect(guards.sight({ readUntil: 0 })).toMatchObject({
      units: 0,
      served: 0,
      readings: [{ state: "no-data" }],
    });
  });

  it("leaves out other prompts, purposes, salts and what was drawn but not served", () => {
    const guards = guardsOf([comparison("schemaOk")]);
    const rows = new ServedRows();
    const drawn = (more: Partial<Execution>) => rows.drawn(0.1, SHARE, more);
    guards.fold({
      executions: [
        drawn({ prompt: "other" }),
        drawn({ purpose: "shadow" }),
        drawn({ assignment: { salt: "old", draw: 0.1, probability: SHARE } }),
        drawn({ revision: null }),
        drawn({ revision: 0 }),
        drawn({ lane: "live", version: 1 }),
        rows.row(),
      ],
      outcomes: [],
    });
    expect(guards.sight({ readUntil: 3 })).toMatchObject({
      units: 0,
      served: 0,
      challengerAt: null,
      controlAt: null,
      readUntil: 3,
      readings: [{ state: "no-data" }],
      mismatch: { units: 1 },
    });
  });

  it("finds that units do not arrive in the shares that were drawn", () => {
    const rows = new ServedRows();
    const fair = guardsOf([]);
    fair.fold({ executions: traffic(rows, { calls: 6000, seed: 12 }), outcomes: [] });
    expect(fair.sight({ readUntil: 0 }).mismatch).toMatchObject({ state: "watching", limit: 1000 });
    const lossy = guardsOf([]);
    const draws = seededDraws(14);
    // Half of the canary's calls crash before they leave a row.
    const executions = traffic(rows, { calls: 6000, seed: 13 }).filter(
      ({ lane }) => lane !== "canary" || draws.next() < 0.5,
    );
    lossy.fold({ executions, outcomes: [] });
    expect(lossy.sight({ readUntil: 0 }).mismatch.state).toBe("mismatch");
  });

  it("names failing executions of challengers, the newest last", () => {
    const guards = guardsOf([comparison("schemaOk")]);
    const rows = new ServedRows();
    const failing = Array.from({ length: 12 }, (_, at) =>
      rows.drawn(0.1, SHARE, { schemaOk: false, at: at + 1 }),
    );
    guards.fold({
      executions: [rows.drawn(0.9, SHARE, { schemaOk: false }), rows.drawn(0.1, SHARE), ...failing],
      outcomes: [],
    });
    expect(guards.sight({ readUntil: 0 }).failing).toEqual({
      schemaOk: failing.slice(2).map(({ id }) => id),
    });
  });
});

describe("Alpha", () => {
  it("is split over comparisons, challengers and members, and never exceeded", () => {
    const plan = { ...defaultPlan("medium"), alpha: 0.01 };
    const split = guardAlphas(plan, 4);
    expect(split.reduce((sum, alpha) => sum + alpha * 4, 0)).toBeCloseTo(0.01);
    const guards = [
      comparison("errors", { alpha: 0.5 } as Partial<RolloutGuard>),
      comparison("cost"),
      comparison("latency"),
    ];
    const own = guardAlphas({ ...plan, guards }, 1);
    expect(own).toEqual([0.005, 0.0025, 0.0025]);
  });
});

describe("Folding", () => {
  const arbitraryCall = fc.record({
    draw: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    again: fc.boolean(),
    schemaOk: fc.constantFrom(true, false, null),
    failed: fc.boolean(),
    latency: fc.integer({ min: 1, max: 5000 }),
    later: fc.boolean(),
    said: fc.constantFrom(null, "thumbs", "quality", "schemaOk"),
    value: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it("the same arrivals in pages of any size gives the same sight", () => {
    const history = historyOf(
      { revision: 1, arms: [{ version: 2, share: 0.2 }], control: 0.2, step: 0, since: 0 },
      { revision: 2, arms: [{ version: 2, share: 0.6 }], control: 0.4, step: 1, since: 5 },
    );
    const guards = [
      comparison("schemaOk"),
      comparison("errors", { negligible: 0.01 } as Partial<RolloutGuard>),
      comparison("thumbsDown"),
      comparison("quality", { tolerated: 0.02, acceptable: 0.05 } as Partial<RolloutGuard>),
      comparison("latency"),
      {
        kind: "limit",
        metric: "errors",
        direction: "above",
        limit: 0.5,
        minimum: 5,
        action: "rollback",
      } as const,
    ];
    const plan = { ...defaultPlan("medium"), guards };
    fc.assert(
      fc.property(
        fc.array(arbitraryCall, { minLength: 1, maxLength: 80 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 40 }),
        (calls, pages, learnsAt) => {
          const rows = new ServedRows();
          const executions: Execution[] = [];
          const outcomes: ArrivedOutcome[] = [];
          for (const call of calls) {
            const draw = call.again ? (executions.at(-1)?.assignment?.draw ?? call.draw) : call.draw;
            const [share, revision] = call.later ? [0.6, 2] : [0.2, 1];
            const status = call.failed ? "error" : "ok";
            const { schemaOk, latency } = call;
            const row = rows.drawn(draw, share, {
              revision,
              status,
              schemaOk,
              latency,
              at: executions.length,
            });
            executions.push(row);
            if (call.said === null) continue;
            const value = call.said === "quality" ? call.value : call.value > 0.5;
            outcomes.push(rows.outcome(row, { name: call.said, value }));
          }
          const whole = new RolloutGuards({ plan, history, members: 1, costOf: () => null });
          whole.fold({ executions, outcomes });
          // In pages, and with the second record coming to be known only on the way.
          const paged = new RolloutGuards({
            plan,
            history: history.slice(0, 1),
            members: 1,
            costOf: () => null,
          });
          let [row, outcome, page] = [0, 0, 0];
          for (let turn = 0; row < executions.length || outcome < outcomes.length; turn++) {
            const size = (pages[page++ % pages.length] ?? 0) + 1;
            const some = turn % 2 === 0 ? size : 0;
            paged.fold({
              executions: executions.slice(row, row + some),
              outcomes: outcomes.slice(outcome, outcome + size - some),
            });
            row += some;
            outcome += size - some;
            if (turn === learnsAt) paged.follow(history, 2);
          }
          paged.follow(history, 2);
          expect(paged.sight({ readUntil: 0 })).toEqual(whole.sight({ readUntil: 0 }));
        },
      ),
      { numRuns: 300 },
    );
  });
});
