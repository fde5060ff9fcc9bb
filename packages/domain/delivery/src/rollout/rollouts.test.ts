/** Tests of rollouts: how they begin, go on, are held, come back and become live. */
import type { ExecutionId, Pseudonym } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { BY, contract, KEY, pseudonym, textOf } from "../delivery-log.fixture.ts";
import {
  CLEARED,
  DEAR,
  ENV,
  FIRED,
  MINUTE,
  OTHER,
  planOf,
  RolloutLog,
  reading,
} from "./rollout-log.fixture.ts";
import { rolloutSalt } from "./rollout-salt.ts";

const SHADOW = {
  rate: 0.2,
  concurrency: 2,
  calls: 500,
  budget: { amount: 5, currency: "USD" },
  metric: "quality",
  margin: 0.03,
  alpha: 0.05,
  pairs: 50,
  patience: 60 * MINUTE,
} as const;

/** Through the steps with a control, up to where it is to serve everybody. */
function rampedLog(log = new RolloutLog(), plan = planOf()): RolloutLog {
  log.start({ plan });
  log.wait(11 * MINUTE).advance();
  log.wait(11 * MINUTE);
  return log;
}

describe("A rollout begins", () => {
  it("with its first step, an equal control, and the plan as a document", () => {
    const log = new RolloutLog();
    expect(log.start()).toMatchObject({ state: "ramping", step: 0, share: 0.1, lacks: [] });
    expect(log.rollout).toMatchObject({
      arms: [{ version: 2, share: 0.1 }],
      control: 0.1,
      baseline: 1,
      cause: "started",
      since: log.rollout.since,
      accepted: [],
    });
  });

  it("pending where evidence is missing, and ramps when it comes", () => {
    const log = new RolloutLog();
    log.guard();
    expect(log.start()).toMatchObject({
      state: "pending",
      share: 0,
      lacks: [expect.stringContaining("ship evidence")],
    });
    expect(log.advance().waits).toEqual([expect.stringContaining("no ship evidence")]);
    const inconclusive = log.ship(2, { verdict: "inconclusive" });
    expect(log.advance({ passes: log.passes(inconclusive) }).moved).toBe(false);
    expect(log.advance({ passes: log.passes(log.ship()) })).toMatchObject({
      moved: true,
      state: "ramping",
      step: 0,
    });
    expect(log.rollout).toMatchObject({ cause: "evidence", evidence: [`e-${KEY}-2`] });
  });

  it("at once with a written exception, which it keeps", () => {
    const log = new RolloutLog();
    log.guard();
    expect(log.start({ breakGlass: " outage " })).toMatchObject({ state: "ramping", breakGlass: "outage" });
    expect(() => new RolloutLog().start({ breakGlass: " " })).toThrow(
      expect.objectContaining({ code: "reason-missing" }),
    );
  });

  it("several arms share the step", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    log.start({ members: [{ key: KEY, versions: [2, 3] }] });
    expect(log.rollout.arms).toEqual([
      { version: 2, share: 0.05 },
      { version: 3, share: 0.05 },
    ]);
  });

  it("with the same salt for a retry, another for another version or environment", () => {
    const salts = [
      rolloutSalt(ENV, [{ key: KEY, versions: [2] }]),
      rolloutSalt(ENV, [{ key: KEY, versions: [3] }]),
      rolloutSalt("staging", [{ key: KEY, versions: [2] }]),
      rolloutSalt(ENV, [{ key: OTHER, versions: [2] }]),
    ];
    expect(new Set(salts).size).toBe(4);
    const log = new RolloutLog();
    const { salt } = log.start();
    log.abort();
    expect(log.start().salt).toBe(salt);
    const set = [
      { key: KEY, versions: [2] },
      { key: OTHER, versions: [2] },
    ];
    expect(rolloutSalt(ENV, set)).toBe(rolloutSalt(ENV, set.toReversed()));
  });

  it.each<[string, Parameters<RolloutLog["start"]>[0], readonly [code: string, sentence: string]]>([
    ["no version", { members: [] }, ["usage", "names no version"]],
    [
      "the live version",
      { members: [{ key: KEY, versions: [1] }] },
      ["usage", "is live in production already"],
    ],
    ["one version twice", { members: [{ key: KEY, versions: [2, 2] }] }, ["usage", "give different ones"]],
    ["an unknown version", { members: [{ key: KEY, versions: [9] }] }, ["version-unknown", "newest is v2"]],
    ["an unknown environment", { environment: "prod" }, ["environment-unknown", "prod"]],
    ["nothing to compare with", { environment: "staging" }, ["usage", "release its first one"]],
    ["no reason", { reason: " " }, ["reason-missing", "--reason"]],
    [
      "a plan that contradicts itself",
      { plan: planOf({ clearing: ["quality"] }) },
      ["input-malformed", "clearing[0]"],
    ],
  ])("is refused with %s", (_, more, [code, sentence]) => {
    const log = new RolloutLog();
    const before = log.records.length;
    expect(() => log.start(more)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(sentence) }),
    );
    expect(log.records).toHaveLength(before);
  });

  it("is refused while one is open, naming the way out", () => {
    const log = new RolloutLog();
    log.start();
    log.version("v3 {{ticket}}");
    expect(() => log.start({ members: [{ key: KEY, versions: [3] }] })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("rollout abort") }),
    );
    log.abort();
    expect(log.start({ members: [{ key: KEY, versions: [3] }] }).state).toBe("ramping");
  });

  it("is refused while one is open below, which its end would change in the middle", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    log.add("preview", ENV);
    log.start({ environment: "preview", members: [{ key: KEY, versions: [3] }] });
    expect(() => log.start()).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("in preview") }),
    );
  });

  it("is refused for a version that the code cannot serve", () => {
    const log = new RolloutLog();
    log.version(textOf("{{user}}", { input: contract("user") }));
    log.declare(ENV);
    expect(() => log.start({ members: [{ key: KEY, versions: [3] }] })).toThrow(
      expect.objectContaining({ code: "misfit", message: expect.stringContaining("{{user}}") }),
    );
  });
});

describe("A step", () => {
  it("lasts its dwell and its units, and says what it waits for", () => {
    const log = new RolloutLog();
    log.start();
    const early = log.wait(2 * MINUTE).advance({ sights: [log.sight({ units: 40 })] });
    expect(early).toMatchObject({ moved: false, until: log.rollout.since + 10 * MINUTE });
    expect(early.waits).toEqual([
      expect.stringContaining("minutes are left"),
      expect.stringContaining("40 of 100"),
    ]);
    expect(log.wait(9 * MINUTE).advance({ sights: [log.sight({ units: 99 })] }).moved).toBe(false);
    expect(log.advance({ sights: [log.sight({ units: 100 })] })).toMatchObject({ step: 1, share: 0.5 });
    expect(log.rollout).toMatchObject({ control: 0.5, cause: "step", readings: [CLEARED] });
  });

  it("before everybody is served asks that comparisons are cleared", () => {
    const log = rampedLog();
    const watching = [log.sight({ readings: [reading()] })];
    expect(log.advance({ sights: watching }).waits).toEqual([
      expect.stringContaining("errors is not cleared"),
    ]);
    expect(log.advance()).toMatchObject({ step: 2, share: 1 });
    expect(log.rollout.control).toBe(0);
  });

  it("waits for its units no longer than its patience, and may go on with fewer where somebody accepts that", () => {
    const log = new RolloutLog();
    log.start();
    const few = () => ({ sights: [log.sight({ units: 40 })] });
    const until = log.rollout.since + 130 * MINUTE;
    expect(log.wait(until - log.now).advance(few())).toMatchObject({ moved: false, until });
    expect(log.wait(1).advance(few())).toMatchObject({ state: "holding" });
    expect(log.rollout).toMatchObject({ cause: "inconclusive", heldFrom: "ramping" });
    expect(log.alerts()[0]?.message).toContain(
      "40 of 100 units of this step, and its patience is over, since 1970-",
    );
    expect(log.alerts()[0]?.message).toContain("--accept units");
    log.resume(["units"]);
    expect(log.wait(9 * MINUTE).advance(few()).moved).toBe(false);
    expect(log.wait(2 * MINUTE).advance(few())).toMatchObject({ state: "ramping", step: 1 });
  });

  it("before everybody is served asks that what people have to weigh is cleared, once anything is known of it", () => {
    const log = rampedLog();
    const cost = (more: object) => ({ sights: [log.sight({ readings: [CLEARED, { ...DEAR, ...more }] })] });
    expect(log.advance(cost({ state: "watching", evidence: 0.9 })).waits).toEqual([
      expect.stringContaining("cost is not cleared"),
    ]);
    expect(log.advance(cost({ state: "no-data", evidence: null, challenger: null })).waits).toEqual([
      expect.stringContaining("cost is unknown"),
    ]);
    const unknown = { state: "no-data", evidence: null, challenger: null, control: null };
    expect(log.advance(cost(unknown))).toMatchObject({ step: 2, share: 1 });
    expect(log.rollout.reason).toBe(`every comparison was cleared; nothing is known of ${KEY}'s cost`);
  });

  it("goes on once that is cleared, or somebody accepts that it is not", () => {
    const watching = { ...DEAR, state: "watching" } as const;
    const cleared = rampedLog();
    const readings = [CLEARED, { ...DEAR, state: "cleared" } as const];
    expect(cleared.advance({ sights: [cleared.sight({ readings })] })).toMatchObject({ step: 2 });
    const held = rampedLog();
    const look = () => ({ sights: [held.sight({ readings: [CLEARED, watching] })] });
    held.wait(200 * MINUTE).advance(look());
    expect(held.alerts()).toMatchObject([
      { action: "held", message: expect.stringContaining("`--accept cost`") },
    ]);
    held.resume(["cost"]);
    expect(held.wait(11 * MINUTE).advance(look())).toMatchObject({ step: 2 });
  });

  it("that is never cleared is held: inconclusive ships nothing", () => {
    const log = rampedLog();
    log.wait(200 * MINUTE);
    expect(log.advance({ sights: [log.sight({ readings: [reading()] })] })).toMatchObject({
      state: "holding",
    });
    expect(log.rollout).toMatchObject({ cause: "inconclusive", heldFrom: "ramping" });
    expect(log.alerts()).toMatchObject([{ action: "held", message: expect.stringContaining("not cleared") }]);
    log.resume(["errors"]);
    log.wait(11 * MINUTE);
    expect(log.advance({ sights: [log.sight({ readings: [reading()] })] })).toMatchObject({ step: 2 });
  });

  it("never counts a metric that nothing is known of as cleared", () => {
    const log = rampedLog();
    log.wait(200 * MINUTE);
    const unknown = reading({ state: "no-data", evidence: null, challenger: null, control: null });
    log.advance({ sights: [log.sight({ readings: [unknown] })] });
    expect(log.rollout).toMatchObject({ state: "holding", cause: "inconclusive" });
  });
});

describe("The end of a rollout", () => {
  it("is a release with its reason and evidence, in the same append", () => {
    const log = new RolloutLog();
    log.guard();
    const passes = log.passes(log.ship());
    log.start({ passes });
    for (const _ of [1, 2]) log.wait(11 * MINUTE).advance({ passes });
    const before = log.records.length;
    expect(log.wait(11 * MINUTE).advance({ passes })).toMatchObject({ state: "completed", share: 1 });
    expect(log.records.slice(before).map(({ kind }) => kind)).toEqual(["rollout", "release"]);
    expect(log.records.at(-1)?.data).toMatchObject({
      version: 2,
      lane: "live",
      evidence: [`e-${KEY}-2`],
      reason: expect.stringContaining("rollout is complete"),
    });
    expect(log.live()).toBe(2);
  });

  it("waits for approvals by others, which may come early", () => {
    const log = rampedLog(new RolloutLog(), planOf({ approvals: 1 }));
    expect(() => log.approve({ by: BY })).toThrow(expect.objectContaining({ code: "usage" }));
    expect(log.advance()).toMatchObject({ state: "waiting-for-approval", share: 0.5 });
    expect(log.advance().waits).toEqual([expect.stringContaining("its plan asks for 1 approvals")]);
    log.approve({ style: false });
    expect(log.advance({ passes: log.passes() }).moved).toBe(false);
    log.approve();
    expect(log.advance({ passes: log.passes() })).toMatchObject({ state: "ramping", step: 2, share: 1 });
    expect(log.rollout.cause).toBe("approval");
  });

  it("does not come where evidence no longer says ship", () => {
    const log = new RolloutLog();
    log.guard();
    const ship = log.ship();
    log.start({ passes: log.passes(ship) });
    const passes = log.passes(ship, log.ship(2, { id: "later", verdict: "block" }));
    for (const _ of [1, 2]) log.wait(11 * MINUTE).advance({ passes });
    expect(log.rollout).toMatchObject({ state: "holding", cause: "evidence" });
    expect(log.live()).toBe(1);
  });

  it("does not come where the code no longer fits", () => {
    const log = rampedLog();
    log.declare(ENV, { input: contract("other") });
    expect(log.advance()).toMatchObject({ state: "holding" });
    expect(log.rollout.cause).toBe("misfit");
  });

  it("of several arms is for people to say", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    const readings = [CLEARED, reading({ version: 3, state: "cleared" })];
    const look = () => ({ sights: [log.sight({ readings })], passes: log.passes() });
    log.start({ members: [{ key: KEY, versions: [2, 3] }] });
    log.wait(11 * MINUTE).advance(look());
    expect(log.wait(11 * MINUTE).advance(look()).state).toBe("waiting-for-approval");
    expect(() => log.approve()).toThrow(expect.objectContaining({ code: "usage" }));
    log.approve({ version: 3 });
    log.advance(look());
    expect(log.rollout.arms).toEqual([
      { version: 2, share: 0 },
      { version: 3, share: 1 },
    ]);
    log.wait(11 * MINUTE).advance(look());
    expect(log.live()).toBe(3);
  });

  it("asks for no approvals while the project has one member, and its record says so", () => {
    const log = rampedLog(new RolloutLog(), planOf({ approvals: 1 }));
    const passes = log.passesOf(1);
    expect(log.advance({ passes })).toMatchObject({ state: "ramping", share: 1 });
    expect(log.rollout).toMatchObject({
      cause: "step",
      reason: expect.stringContaining("approvals are off while the project has one member"),
    });
    log.wait(11 * MINUTE).advance({ passes });
    expect(log.live()).toBe(2);
  });

  it("goes on where it waited for an approval, once the project has one member", () => {
    const log = rampedLog(new RolloutLog(), planOf({ approvals: 1 }));
    expect(log.advance({ passes: log.passesOf(2) }).state).toBe("waiting-for-approval");
    expect(log.advance({ passes: log.passesOf(null) }).moved).toBe(false);
    expect(log.advance({ passes: log.passesOf(1) })).toMatchObject({ state: "ramping", share: 1 });
    expect(log.rollout.cause).toBe("step");
  });

  it("of several arms is for the one member to say, about own versions too", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    const readings = [CLEARED, reading({ version: 3, state: "cleared" })];
    const look = () => ({ sights: [log.sight({ readings })], passes: log.passesOf(1) });
    log.start({ members: [{ key: KEY, versions: [2, 3] }] });
    log.wait(11 * MINUTE).advance(look());
    log.wait(11 * MINUTE).advance(look());
    expect(log.rollout).toMatchObject({
      state: "waiting-for-approval",
      reason: expect.stringContaining("which of several versions is to stay"),
    });
    expect(() => log.approve({ version: 3, by: BY, members: 2 })).toThrow("cannot approve it");
    log.approve({ version: 3, by: BY, members: 1 });
    log.advance(look());
    log.wait(11 * MINUTE).advance(look());
    expect(log.live()).toBe(3);
  });
});

describe("Guards", () => {
  it("that roll back end the rollout with an alert that says why", () => {
    const log = new RolloutLog();
    log.start();
    const before = log.records.length;
    const executions = ["017f22e2-79b0-7cc3-98c4-dc0c0c07398f" as ExecutionId];
    const failing = { errors: executions };
    const result = log.wait(MINUTE).advance({ sights: [log.sight({ readings: [FIRED], failing })] });
    expect(result).toMatchObject({ state: "rolled-back", share: 0 });
    expect(log.records.slice(before).map(({ kind }) => kind)).toEqual(["rollout", "alert"]);
    expect(log.rollout).toMatchObject({ arms: [{ version: 2, share: 0 }], control: 0, readings: [FIRED] });
    const [alert] = log.alerts();
    expect(alert).toMatchObject({
      metric: "errors",
      units: 500,
      version: 2,
      action: "rolled-back",
      executions,
    });
    expect(alert?.message).toMatch(
      /^support\.triage@v2 was rolled back in production at 10 %: errors is 11 % over 500 units of v2 against 2 % of v1 \(evidence 420, fires at 200\), since 1970-.*Z\. v1 serves everybody again\.$/,
    );
    expect(log.live()).toBe(1);
  });

  it("stop what has served nobody yet", () => {
    const log = new RolloutLog();
    log.start();
    log.advance({ sights: [log.sight({ readings: [FIRED], served: 0 })] });
    expect(log.rollout.state).toBe("stopped");
  });

  it.each(["holding", "waiting-for-approval"])("roll back while it is %s", (state) => {
    const log = rampedLog(new RolloutLog(), planOf({ approvals: 1 }));
    if (state === "holding") log.pause();
    else log.advance();
    expect(log.rollout.state).toBe(state);
    expect(log.advance({ sights: [log.sight({ readings: [FIRED] })] }).state).toBe("rolled-back");
  });

  it("that hold keep the share until somebody accepts what they found", () => {
    const log = new RolloutLog();
    log.start();
    const dear = () => ({ sights: [log.sight({ readings: [CLEARED, DEAR] })] });
    expect(log.advance(dear())).toMatchObject({ state: "holding", share: 0.1 });
    expect(log.advance(dear()).moved).toBe(false);
    expect(() => log.resume()).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("--accept cost") }),
    );
    expect(() => log.resume(["latency"])).toThrow(expect.objectContaining({ code: "usage" }));
    log.resume(["cost"]);
    expect(log.rollout).toMatchObject({ state: "ramping", step: 0, accepted: ["cost"] });
    expect(log.wait(11 * MINUTE).advance(dear())).toMatchObject({ state: "ramping", step: 1 });
  });

  it("are not a person's to wave through where they roll back", () => {
    const log = new RolloutLog();
    log.plan = planOf({ clearing: [] });
    log.start();
    log.pause();
    expect(() => log.resume(["errors"])).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("Missing data", () => {
  it("hold the rollout, which goes on by itself when they come", () => {
    const log = new RolloutLog();
    log.start();
    const { since } = log.rollout;
    log.wait(61 * MINUTE);
    log.advance({ sights: [log.sight({ challengerAt: since, readings: [] })] });
    expect(log.rollout).toMatchObject({ state: "holding", cause: "no-data" });
    expect(log.advance({ sights: [log.sight({ challengerAt: since })] }).moved).toBe(false);
    expect(log.advance()).toMatchObject({ state: "ramping", step: 0 });
    expect(log.alerts()).toHaveLength(1);
  });

  it("of the control count as well, and rows that wait unread", () => {
    const silent = new RolloutLog();
    silent.start();
    silent.wait(61 * MINUTE).advance({ sights: [silent.sight({ controlAt: null })] });
    expect(silent.rollout.cause).toBe("no-data");
    const behind = new RolloutLog();
    behind.start();
    behind.wait(61 * MINUTE).advance({ sights: [behind.sight({ readUntil: behind.rollout.since })] });
    expect(behind.rollout.cause).toBe("stale-data");
  });

  it("leave rows unread for six hours at the most, however quiet the plan may be", () => {
    const log = new RolloutLog();
    log.start({ plan: planOf({ quiet: 48 * 60 * MINUTE }) });
    const { since } = log.rollout;
    log.wait(361 * MINUTE).advance({ sights: [log.sight({ readUntil: since })] });
    expect(log.rollout.cause).toBe("stale-data");
  });

  it("say nothing of a shadow that is paused: it serves nobody", () => {
    const log = new RolloutLog();
    const missing = { ...planOf().missing, noData: "rollback" } as const;
    log.start({ plan: planOf({ shadow: SHADOW, missing }) });
    log.pause();
    const silent = { served: 0, challengerAt: null, controlAt: null, readings: [] };
    expect(log.wait(120 * MINUTE).advance({ sights: [log.sight(silent)] }).moved).toBe(false);
    log.resume();
    expect(log.rollout.state).toBe("shadowing");
  });

  it("do what the plan says", () => {
    const { missing } = planOf();
    const back = new RolloutLog();
    back.start({ plan: planOf({ missing: { ...missing, noData: "rollback" } }) });
    back.wait(61 * MINUTE).advance({ sights: [back.sight({ challengerAt: null })] });
    expect(back.rollout.state).toBe("rolled-back");
    const on = new RolloutLog();
    on.start({ plan: planOf({ missing: { ...missing, noData: "continue" } }) });
    on.wait(61 * MINUTE).advance({ sights: [on.sight({ challengerAt: null })] });
    expect(on.rollout).toMatchObject({ state: "ramping", step: 1 });
  });

  it("a mismatch of shares stops promotion", () => {
    const mismatch = { state: "mismatch", evidence: 5000, limit: 1000, units: 3000 } as const;
    const log = new RolloutLog();
    log.start();
    log.wait(11 * MINUTE).advance({ sights: [log.sight({ mismatch })] });
    expect(log.rollout).toMatchObject({ state: "holding", cause: "mismatch", step: 0 });
    log.resume(["mismatch"]);
    expect(log.wait(11 * MINUTE).advance({ sights: [log.sight({ mismatch })] })).toMatchObject({ step: 1 });
  });
});

describe("A shadow", () => {
  const shadow = { pairs: 60, difference: 0.01, calls: 80, spent: null, exhausted: false };
  function shadowing(protectedFor = true): RolloutLog {
    const log = new RolloutLog();
    if (protectedFor) log.guard();
    log.start({ plan: planOf({ shadow: SHADOW }) });
    return log;
  }
  const pairsOf = (log: RolloutLog, verdict: "ship" | "block") =>
    log.ship(2, { id: "pairs", verdict, pairs: { rollout: log.rollout.id, count: 60, since: 0 } });

  it("needs no evidence, serves nobody, and opens the canary when its pairs say ship", () => {
    const log = shadowing();
    expect(log.rollout).toMatchObject({
      state: "shadowing",
      step: -1,
      control: 0,
      shadow: { version: 2, rate: 0.2, concurrency: 2, calls: 500 },
    });
    expect(log.advance({ sights: [log.sight({ shadow })] }).waits).toEqual([
      expect.stringContaining("60 pairs"),
    ]);
    const passes = log.passes(pairsOf(log, "ship"));
    expect(log.advance({ sights: [log.sight({ shadow })], passes })).toMatchObject({
      state: "ramping",
      step: 0,
    });
    expect(log.rollout).toMatchObject({ shadow: null, evidence: ["pairs"] });
  });

  it("ends the rollout when its pairs say block", () => {
    const log = shadowing(false);
    const passes = log.passes(pairsOf(log, "block"));
    log.advance({ sights: [log.sight({ shadow, served: 0 })], passes });
    expect(log.rollout).toMatchObject({ state: "stopped", cause: "evidence", shadow: null });
    expect(log.alerts()).toMatchObject([{ action: "none", units: 60 }]);
  });

  it.each([
    ["calls", { calls: 500 }, "budget"],
    ["money", { spent: { amount: 5, currency: "USD" } }, "budget"],
    ["what the next moment could cost", { exhausted: true }, "budget"],
  ] as const)("stops at its %s", (_, more, cause) => {
    const log = shadowing();
    log.advance({ sights: [log.sight({ shadow: { ...shadow, ...more } })] });
    expect(log.rollout).toMatchObject({ state: "holding", cause, heldFrom: "shadowing", shadow: null });
    log.resume();
    expect(log.rollout).toMatchObject({ state: "shadowing", shadow: { rate: 0.2 } });
  });

  it("is held when its patience is over", () => {
    const log = shadowing();
    log.wait(61 * MINUTE).advance({ sights: [log.sight({ shadow })] });
    expect(log.rollout).toMatchObject({ state: "holding", cause: "inconclusive" });
  });

  it("does not count another rollout's pairs", () => {
    const log = shadowing();
    const other = log.ship(2, { verdict: "ship", pairs: { rollout: "another", count: 60, since: 0 } });
    expect(log.advance({ sights: [log.sight({ shadow })], passes: log.passes(other) }).moved).toBe(false);
  });
});

describe("People", () => {
  it("pause and go on with the step, which begins anew", () => {
    const log = new RolloutLog();
    log.start();
    log.wait(9 * MINUTE).pause();
    expect(log.rollout).toMatchObject({ state: "holding", heldFrom: "ramping", cause: "paused" });
    expect(log.pause().unchanged).toBe(true);
    expect(log.wait(60 * MINUTE).advance().moved).toBe(false);
    log.resume();
    expect(log.wait(9 * MINUTE).advance().moved).toBe(false);
    expect(log.wait(2 * MINUTE).advance().step).toBe(1);
  });

  it("cannot resume what is not held, nor pause what serves nothing", () => {
    const log = new RolloutLog();
    expect(() => log.pause()).toThrow(expect.objectContaining({ code: "usage" }));
    log.guard();
    log.start();
    expect(() => log.pause()).toThrow(
      expect.objectContaining({ message: expect.stringContaining("serves nothing yet") }),
    );
    expect(() => log.resume()).toThrow(
      expect.objectContaining({ message: expect.stringContaining("not held") }),
    );
  });

  it("abort from every state that is not final", () => {
    const log = new RolloutLog();
    log.start();
    log.pause();
    expect(log.abort()).toMatchObject({ state: "rolled-back", share: 0 });
    expect(() => log.abort()).toThrow(
      expect.objectContaining({ message: expect.stringContaining("is rolled-back") }),
    );
    log.guard();
    log.start();
    expect(log.abort().state).toBe("stopped");
  });
});

describe("Two schedulers", () => {
  it("that saw the same act once", () => {
    const log = new RolloutLog();
    log.start();
    const sights = [log.sight({ readings: [FIRED] })];
    expect(log.advance({ sights })).toMatchObject({ moved: true });
    log.start();
    const length = log.records.length;
    expect(log.advance({ sights })).toMatchObject({ outdated: true, moved: false });
    expect(log.records).toHaveLength(length);
  });

  it("cannot go on by another plan, nor without a look at each member", () => {
    const log = new RolloutLog();
    log.start();
    expect(() => log.advance({ plan: planOf({ quiet: 1 }) })).toThrow(
      expect.objectContaining({ code: "input-malformed" }),
    );
    expect(() => log.advance({ sights: [] })).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("A release set", () => {
  const members = [
    { key: KEY, versions: [2] },
    { key: OTHER, versions: [2] },
  ];
  const both = (log: RolloutLog, more: Parameters<RolloutLog["sight"]>[0] = {}) => ({
    sights: [log.sight(), log.sight({ key: OTHER, ...more })],
  });

  it("has one salt, goes step by step together and becomes live in one append", () => {
    const log = new RolloutLog();
    const { set, salt } = log.start({ members });
    expect([KEY, OTHER].map((key) => log.rolloutOf(key))).toMatchObject([
      { set, salt },
      { set, salt },
    ]);
    log.wait(11 * MINUTE);
    expect(log.advance(both(log, { units: 1 })).waits).toEqual([`${OTHER}: 1 of 100 units of this step`]);
    for (const _ of [1, 2]) log.wait(11 * MINUTE).advance(both(log));
    const before = log.records.length;
    log.wait(11 * MINUTE).advance(both(log));
    expect(log.records.slice(before).map(({ kind }) => kind)).toEqual([
      "rollout",
      "rollout",
      "release",
      "release",
    ]);
    expect([log.live(), log.live(OTHER)]).toEqual([2, 2]);
  });

  it("is pending while any member lacks evidence", () => {
    const log = new RolloutLog();
    log.guard();
    expect(log.start({ members, passes: log.passes(log.ship()) })).toMatchObject({
      state: "pending",
      lacks: [expect.stringContaining(OTHER)],
    });
  });

  it("is stopped as a whole by any member's guard", () => {
    const log = new RolloutLog();
    log.start({ members });
    log.advance(both(log, { readings: [FIRED] }));
    expect([KEY, OTHER].map((key) => log.rolloutOf(key).state)).toEqual(["rolled-back", "rolled-back"]);
    expect(log.alerts()).toHaveLength(1);
    expect(log.alerts()[0]?.message).toContain(`and with it ${KEY}`);
  });

  it("is aborted through any member, and by what overtakes one of them", () => {
    const log = new RolloutLog();
    log.start({ members });
    log.abort(OTHER);
    expect(log.rollout.state).toBe("rolled-back");
    log.start({ members });
    log.withdraw(2);
    expect([KEY, OTHER].map((key) => log.rolloutOf(key).cause)).toEqual(["withdrawn", "withdrawn"]);
  });

  it("goes back together once it is live", () => {
    const log = new RolloutLog();
    log.start({ members });
    for (const _ of [1, 2, 3]) log.wait(11 * MINUTE).advance(both(log));
    expect(log.rollback(ENV)).toMatchObject({ version: 1, together: [{ key: OTHER, from: 2, version: 1 }] });
    expect([log.live(), log.live(OTHER)]).toEqual([1, 1]);
  });
});

describe("An alert about what is held", () => {
  const told = (log: RolloutLog) => log.alerts().at(-1)?.message ?? "";

  it("says how to go on: by accepting what was found, by waiting, or by itself", () => {
    const dear = new RolloutLog();
    dear.start();
    dear.advance({ sights: [dear.sight({ readings: [CLEARED, DEAR] })] });
    expect(told(dear)).toMatch(
      /It goes on serving 10 % until somebody resumes it \(`colophon rollout resume support\.triage --env production --accept cost`\) or aborts it\.$/,
    );
    const uncleared = rampedLog().wait(200 * MINUTE);
    uncleared.advance({ sights: [uncleared.sight({ readings: [reading()] })] });
    expect(told(uncleared)).toMatch(
      /until somebody resumes it to wait on \(`colophon rollout resume support\.triage --env production`\), goes on in spite of that \(with `--accept errors`\) or aborts it\.$/,
    );
    const silent = new RolloutLog();
    silent.start();
    silent.wait(61 * MINUTE).advance({ sights: [silent.sight({ challengerAt: null, units: 3 })] });
    expect(told(silent)).toContain("within 60 minutes, and 3 of 100 units of this step so far");
    expect(told(silent)).toMatch(/It goes on serving 10 %, and goes on by itself when that is over/);
  });
});

describe("A scope", () => {
  const type = pseudonym("7".repeat(32));
  const tenant = pseudonym("8".repeat(32));
  function finish(where: { documentType?: string; tenant?: Pseudonym }, documentType: Pseudonym | null) {
    const log = new RolloutLog();
    log.start({ where, documentType });
    for (const _ of [1, 2, 3]) log.wait(11 * MINUTE).advance({ documentType });
    return log;
  }

  it.each([
    ["a document type", { documentType: "contract" }, { kind: "documentType", subject: type }],
    ["a tenant", { tenant }, { kind: "tenant", subject: tenant }],
    ["both", { documentType: "contract", tenant }, { kind: "documentType", subject: type, tenant }],
  ] as const)("of %s ends in an override of just that", (_, where, override) => {
    const log = finish(where, type);
    expect(log.rollout.state).toBe("completed");
    expect(log.records.at(-1)).toMatchObject({
      kind: "override",
      data: { ...override, version: 2, environment: ENV, expires: null },
    });
    expect(log.live()).toBe(1);
  });

  it("opens no door to a release to everybody", () => {
    const log = finish({ tenant }, null);
    log.guard();
    expect(() => log.release(2, ENV, { evidence: [log.ship()] })).toThrow(
      expect.objectContaining({ code: "evidence-missing", message: expect.stringContaining("no rollout") }),
    );
  });

  it("cannot end where the pseudonym of its document type is unknown", () => {
    expect(() => finish({ documentType: "contract" }, null)).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });

  it("is not stopped by an override of another tenant's part of it", () => {
    const log = finish({ documentType: "contract", tenant }, type);
    log.version("v3 {{ticket}}");
    const again = { members: [{ key: KEY, versions: [3] }], documentType: type };
    expect(() => log.start({ ...again, where: { documentType: "contract", tenant } })).toThrow(
      expect.objectContaining({ message: expect.stringContaining("override clear") }),
    );
    const other = pseudonym("9".repeat(32));
    const where = { documentType: "contract", tenant: other };
    expect(log.start({ ...again, where }).state).toBe("ramping");
  });

  it("is refused where an override stands before it", () => {
    const log = new RolloutLog();
    log.override(1, { kind: "tenant", subject: tenant, environment: ENV });
    expect(() => log.start({ where: { tenant } })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("override clear") }),
    );
  });
});

describe("Shares of an allocation", () => {
  const policy = {
    kind: "mol-ts",
    objectives: [{ name: "quality", metric: "quality", scale: null }],
    floor: 0.01,
    cap: 0.3,
    halfLife: null,
    interval: MINUTE,
  } as const;
  function started(): RolloutLog {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    log.start({ members: [{ key: KEY, versions: [2, 3] }], plan: planOf({ policy }) });
    return log;
  }

  it("are published within the step and the policy, and keep the step's time", () => {
    const log = started();
    const { since } = log.rollout;
    log.wait(MINUTE).shares([
      { version: 3, share: 0.08 },
      { version: 2, share: 0.02 },
    ]);
    expect(log.rollout).toMatchObject({
      cause: "shares",
      since,
      arms: [
        { version: 2, share: 0.02 },
        { version: 3, share: 0.08 },
      ],
    });
    expect(log.rollout.control).toBeCloseTo(0.1);
    log.wait(11 * MINUTE).advance({ sights: [log.sight({ readings: [] })] });
    // The second step lets challengers have a half, the policy less, and among each other they keep their shares.
    expect(log.rollout.arms.map(({ share }) => share)).toEqual([expect.closeTo(0.06), expect.closeTo(0.24)]);
  });

  it.each<[string, { version: number; share: number }[], string]>([
    [
      "too much",
      [
        { version: 2, share: 0.1 },
        { version: 3, share: 0.1 },
      ],
      "this step lets them have 0.1",
    ],
    ["an arm too few", [{ version: 2, share: 0.1 }], "give one for each"],
    [
      "no share",
      [
        { version: 2, share: -0.1 },
        { version: 3, share: 0.1 },
      ],
      "give a share from 0 to 1",
    ],
  ])("are refused for %s", (_, arms, sentence) => {
    expect(() => started().shares(arms)).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining(sentence) }),
    );
  });

  it("are not for a release set, nor for more arms than the floor has room for", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    const set = [KEY, OTHER].map((key) => ({ key, versions: [2] }));
    expect(() => log.start({ members: set, plan: planOf({ policy }) })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("drawn alike") }),
    );
    const wide = planOf({ policy: { ...policy, cap: 0.5, floor: 0.4 } });
    expect(() => log.start({ members: [{ key: KEY, versions: [2, 3] }], plan: wide })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("33.3 % at the most") }),
    );
    expect(log.start({ members: [{ key: KEY, versions: [2] }], plan: wide }).state).toBe("ramping");
  });

  it("are nothing to a rollout that has moved on, or whose shares are fixed", () => {
    const log = started();
    const seen = log.rollout.revision;
    log.pause();
    expect(
      log.shares(
        [
          { version: 2, share: 0 },
          { version: 3, share: 0 },
        ],
        seen,
      ).outdated,
    ).toBe(true);
    const fixed = new RolloutLog();
    fixed.start();
    expect(() => fixed.shares([{ version: 2, share: 0.1 }])).toThrow(
      expect.objectContaining({ message: expect.stringContaining("policy is fixed") }),
    );
  });
});

describe("What overtakes a rollout", () => {
  it("a rollback takes the canary back and leaves the live version, in one append", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    log.release(2, ENV);
    log.start({ members: [{ key: KEY, versions: [3] }] });
    expect(log.rollback(ENV)).toMatchObject({
      version: 2,
      unchanged: false,
      ended: [{ versions: [3], share: 0.1 }],
      warnings: [expect.stringContaining("again to go back from it too")],
    });
    expect([log.live(), log.rollout.state, log.rollout.cause]).toEqual([2, "rolled-back", "rollback"]);
    expect(log.rollback(ENV).version).toBe(1);
  });

  it("a rollback to a named version moves both, whatever the rollout's state", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    log.release(2, ENV);
    log.start({ members: [{ key: KEY, versions: [3] }] });
    log.pause();
    const before = log.records.length;
    expect(log.rollback(ENV, { to: 1 })).toMatchObject({ version: 1, from: 2 });
    expect(log.records.slice(before).map(({ kind }) => kind)).toEqual(["release", "rollout"]);
  });

  it("a rollback before the canary serves is one of the live version", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    log.release(2, ENV);
    log.guard();
    log.start({ members: [{ key: KEY, versions: [3] }] });
    expect(log.rollback(ENV)).toMatchObject({ version: 1 });
    expect(log.rollout).toMatchObject({ state: "stopped", cause: "rollback" });
  });

  it("a release of another version ends it, of its own version too", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    log.start();
    expect(log.release(3, ENV).ended).toMatchObject([{ versions: [2] }]);
    expect(log.rollout).toMatchObject({ state: "rolled-back", cause: "superseded" });
    log.start();
    log.release(2, ENV);
    expect(log.rollout).toMatchObject({ state: "stopped", cause: "superseded" });
  });

  it("a release to an environment that it inherits from ends it as well", () => {
    const log = new RolloutLog();
    log.version("v3 {{ticket}}");
    log.add("preview", ENV);
    log.start({ environment: "preview" });
    log.release(3, ENV);
    expect(log.state.prompts.get(KEY)?.rollouts.get("preview")?.cause).toBe("superseded");
  });

  it("a withdrawal of what it tries ends it everywhere", () => {
    const log = new RolloutLog();
    log.start();
    expect(log.withdraw(2).ended).toHaveLength(1);
    expect(log.rollout).toMatchObject({ state: "rolled-back", cause: "withdrawn" });
  });

  it("a version that was left needs another rollout", () => {
    const log = new RolloutLog();
    log.guard();
    const passes = log.passes(log.ship());
    log.start({ passes });
    for (const _ of [1, 2, 3]) log.wait(11 * MINUTE).advance({ passes });
    log.rollback(ENV);
    expect(() => log.release(2, ENV, { evidence: [log.ship()] })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("v1 became live in production since its rollout"),
      }),
    );
  });
});
