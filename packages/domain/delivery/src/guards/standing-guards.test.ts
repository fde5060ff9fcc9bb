/** Tests of standing guards: what they see on whatever is live, and how a version goes back by itself. */
import type { GuardData } from "@colophon/kernel";
import { seededDraws } from "@colophon/methods";
import { fixedClock, seededIds } from "@colophon/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { BY, DeliveryLog, KEY } from "../delivery-log.fixture.ts";
import { decideStart } from "../rollout/decide-start.ts";
import { defaultPlan } from "../rollout/default-plan.ts";
import { decideGuard, type SetGuardCommand } from "./decide-guard.ts";
import { decideStanding } from "./decide-standing.ts";
import { ServedRows } from "./served-rows.fixture.ts";
import { StandingGuards, type StandingReading } from "./standing-guards.ts";

const ENV = "production";
const HOUR = 3_600_000;
const SCHEDULER = { id: "scheduler", via: "system" } as const;

class StandingLog extends DeliveryLog {
  readonly ids = seededIds({ clock: fixedClock(0), seed: 3 });
  readonly rows = new ServedRows();
  readonly standing = new StandingGuards({ costOf: () => ({ amount: 0.01, currency: "USD" }) });

  set(more: Partial<SetGuardCommand> = {}): GuardData {
    return this.append((state) =>
      decideGuard(state, {
        do: "set",
        id: null,
        key: KEY,
        environment: ENV,
        metric: "schemaOk",
        direction: "below",
        limit: 0.95,
        against: "limit",
        measure: "mean",
        minimum: 100,
        window: HOUR,
        action: "rollback",
        reason: "learnt last week",
        by: BY,
        ids: this.ids,
        ...more,
      }),
    ).guard;
  }

  get guards() {
    return [...(this.state.prompts.get(KEY)?.guards.values() ?? [])];
  }

  /** Calls of a version within the last minutes, with thumbs from one in four. */
  serve(version: number, rates: { readonly schema: number; readonly down: number }, calls = 2000): void {
    const draws = seededDraws(version);
    this.standing.follow(this.guards);
    const executions = Array.from({ length: calls }, (_, at) =>
      this.rows.row({ version, at: this.now + at, schemaOk: draws.next() < rates.schema }),
    );
    const outcomes = executions
      .filter((_, at) => at % 4 === 0)
      .map((row) => this.rows.outcome(row, { name: "thumbs", value: draws.next() >= rates.down }));
    this.standing.fold({ executions, outcomes });
    this.now += calls;
  }

  readings(predecessor: number | null = null): readonly StandingReading[] {
    this.standing.follow(this.guards);
    const version = this.liveVersion();
    return this.guards.map(({ id }) => this.standing.reading(id, { version, now: this.now, predecessor }));
  }

  liveRelease() {
    const release = this.state.prompts.get(KEY)?.releases.findLast((one) => one.environment === ENV);
    if (release === undefined) throw new Error("nothing is live");
    return release;
  }

  liveVersion(): number {
    return this.liveRelease().version ?? 0;
  }

  decide(reading: StandingReading, seen = this.liveRelease().revision) {
    return this.append((state) =>
      decideStanding(state, { reading, seen, by: SCHEDULER, now: this.now, texts: this.texts }),
    );
  }

  /** What a scheduler does at each tick. */
  tick() {
    const breached = this.readings().filter(({ state }) => state === "breached");
    return breached.map((reading) => this.decide(reading));
  }

  alerts() {
    return this.records.flatMap((record) => (record.kind === "alert" ? [record.data] : []));
  }
}

describe("The example of the field", () => {
  it("v7, worse in schema and thumbs than v6, goes back to v6 by itself and says why", () => {
    const log = new StandingLog();
    log.versions(7);
    log.release(6, ENV);
    log.set();
    log.set({ metric: "thumbsDown", direction: "above", limit: 0.08 });
    log.serve(6, { schema: 0.97, down: 0.04 });
    expect(log.tick()).toEqual([]);
    log.release(7, ENV);
    log.serve(7, { schema: 0.93, down: 0.09 });
    expect(log.readings().map(({ state }) => state)).toEqual(["breached", "breached"]);
    log.tick();
    expect(log.liveVersion()).toBe(6);
    expect(log.liveRelease()).toMatchObject({ rollbackFrom: 7, by: SCHEDULER });
    // The second guard found the version already left.
    expect(log.alerts()).toHaveLength(1);
    const [alert] = log.alerts();
    expect(alert).toMatchObject({
      metric: "schemaOk",
      version: 7,
      action: "rolled-back",
      units: 2000,
      limit: 0.95,
    });
    expect(alert?.message).toMatch(
      /^support\.triage@v7 was rolled back in production: schemaOk is 9[23](\.\d)? % over 2000 observations of v7, since \d{4}-.*Z, below its limit of 95 %\. v6 serves again\.$/,
    );
    expect(alert?.executions).toHaveLength(10);
    expect(log.tick()).toEqual([]);
    expect(log.liveVersion()).toBe(6);
  });
});

describe("A standing guard", () => {
  let log: StandingLog;
  beforeEach(() => {
    log = new StandingLog();
    log.versions(3);
    for (const version of [1, 2]) log.release(version, ENV);
  });

  it("says nothing before its least number of observations, nor outside of its window", () => {
    log.set();
    log.serve(2, { schema: 0, down: 0 }, 99);
    expect(log.readings()).toMatchObject([{ state: "watching", value: 0, count: 99 }]);
    log.now += 2 * HOUR;
    expect(log.readings()).toMatchObject([{ state: "no-data", value: null, count: 0 }]);
  });

  it("only alerts where that is its action, once for each version", () => {
    log.set({ action: "alert" });
    log.serve(2, { schema: 0.5, down: 0 });
    expect(log.tick()).toMatchObject([{ version: null, alert: { action: "none" } }]);
    expect(log.readings()).toMatchObject([{ state: "silent" }]);
    expect(log.tick()).toEqual([]);
    expect(log.liveVersion()).toBe(2);
    log.release(3, ENV);
    log.serve(3, { schema: 0.5, down: 0 });
    expect(log.tick()).toHaveLength(1);
  });

  it("is not blinded by a clock that runs ahead", () => {
    log.set();
    log.standing.follow(log.guards);
    const ahead = log.rows.row({ version: 2, at: log.now + 24 * HOUR, schemaOk: true });
    log.standing.fold({ executions: [ahead], outcomes: [] });
    log.serve(2, { schema: 0.5, down: 0 });
    expect(log.readings()).toMatchObject([{ state: "breached", count: 2000 }]);
    log.now += 24 * HOUR;
    expect(log.readings()).toMatchObject([{ state: "no-data", count: 0 }]);
  });

  it("watches a version again that somebody lets out again, by its calls from then on", () => {
    log.set();
    log.serve(2, { schema: 0.5, down: 0 });
    log.tick();
    expect(log.liveVersion()).toBe(1);
    expect(log.tick()).toEqual([]);
    log.release(2, ENV);
    expect(log.readings()).toMatchObject([{ state: "no-data", version: 2 }]);
    log.serve(2, { schema: 0.5, down: 0 });
    expect(log.tick()).toMatchObject([{ version: 1, alert: { action: "rolled-back" } }]);
  });

  it("that is set anew begins anew", () => {
    const { id } = log.set({ action: "alert" });
    log.serve(2, { schema: 0.5, down: 0 });
    log.tick();
    expect(log.set({ id, action: "alert" }).limit).toBe(0.95);
    expect(log.readings()).toMatchObject([{ state: "silent" }]);
    log.set({ id, action: "alert", limit: 0.9 });
    log.serve(2, { schema: 0.5, down: 0 });
    expect(log.tick()).toHaveLength(1);
  });

  it("does not flap: where the version gone back to does badly as well, it alerts and stays", () => {
    log.set();
    log.serve(2, { schema: 0.5, down: 0 });
    log.tick();
    expect(log.liveVersion()).toBe(1);
    log.serve(1, { schema: 0.5, down: 0 });
    expect(log.tick()).toMatchObject([
      { version: null, alert: { message: expect.stringContaining("hardly the cause") } },
    ]);
    expect(log.tick()).toEqual([]);
    expect(log.liveVersion()).toBe(1);
  });

  it("alerts where there is nothing to go back to", () => {
    log.withdraw(1);
    log.set();
    log.serve(2, { schema: 0.5, down: 0 });
    expect(log.tick()).toMatchObject([
      { version: null, alert: { message: expect.stringContaining("no version to go back to") } },
    ]);
  });

  it("leaves the live version also while a canary serves beside it, which ends", () => {
    log.set();
    log.append((state) =>
      decideStart(state, {
        members: [{ key: KEY, versions: [3] }],
        environment: ENV,
        plan: defaultPlan("low"),
        where: null,
        reason: "try",
        passes: new Map(),
        by: BY,
        now: log.now,
        ids: log.ids,
        texts: log.texts,
      }),
    );
    log.serve(2, { schema: 0.5, down: 0 });
    log.tick();
    expect(log.liveVersion()).toBe(1);
    expect(log.state.prompts.get(KEY)?.rollouts.get(ENV)).toMatchObject({
      state: "rolled-back",
      cause: "rollback",
    });
  });

  it("compares with its predecessor's recorded number, and without one knows nothing", () => {
    log.set({ metric: "latency", direction: "above", against: "predecessor", limit: 1.5 });
    log.serve(2, { schema: 1, down: 0 });
    expect(log.readings()).toMatchObject([{ state: "no-data", value: 640, limit: null }]);
    expect(log.readings(500)).toMatchObject([{ state: "watching", limit: 750 }]);
    expect(log.readings(400)).toMatchObject([{ state: "breached", limit: 600 }]);
  });

  it("sums by the hour: money, and errors", () => {
    log.set({
      metric: "cost",
      direction: "above",
      measure: "per-hour",
      limit: 15,
      minimum: 1,
      window: HOUR / 2,
    });
    log.serve(2, { schema: 1, down: 0 }, 600);
    expect(log.readings()).toMatchObject([{ state: "watching", value: expect.closeTo(12) }]);
    log.serve(2, { schema: 1, down: 0 }, 600);
    expect(log.readings()).toMatchObject([{ state: "breached", value: expect.closeTo(24) }]);
  });

  it("counts calls that serve alone, and outcomes of any name", () => {
    log.set({ metric: "parcelLost", direction: "above", limit: 0.1, minimum: 10 });
    const rows = Array.from({ length: 20 }, (_, at) => log.rows.row({ version: 2, at: log.now + at }));
    const other = log.rows.row({ version: 2, purpose: "shadow", at: log.now });
    const said = [...rows, other].map((row) => log.rows.outcome(row, { name: "parcelLost", value: true }));
    log.standing.follow(log.guards);
    log.standing.fold({ executions: [], outcomes: said });
    log.now += 1000;
    expect(log.readings()).toMatchObject([{ state: "breached", value: 1, count: 20 }]);
  });

  it("decides nothing on what is no longer so", () => {
    log.set();
    log.serve(2, { schema: 0.5, down: 0 });
    const [reading] = log.readings();
    if (reading === undefined) throw new Error("a reading");
    expect(log.decide(reading, 1).outdated).toBe(true);
    log.release(3, ENV);
    expect(log.decide(reading).outdated).toBe(true);
    expect(log.alerts()).toEqual([]);
  });

  it("can be taken away", () => {
    const { id } = log.set();
    log.append((state) => decideGuard(state, { do: "remove", key: KEY, id, reason: "too strict", by: BY }));
    expect(log.guards).toEqual([]);
    expect(() =>
      log.append((state) => decideGuard(state, { do: "remove", key: KEY, id, reason: "again", by: BY })),
    ).toThrow(expect.objectContaining({ code: "usage" }));
  });

  it.each<[string, Partial<SetGuardCommand>]>([
    ["a limit that no share passes", { limit: 95 }],
    ["a window of nothing", { window: 0 }],
    ["no least number", { minimum: 0 }],
    ["a ratio of nothing", { against: "predecessor", limit: 0 }],
    ["a rollback of what does well", { metric: "schemaOk", direction: "above", limit: 0.95 }],
  ])("is refused with %s", (_, more) => {
    expect(() => log.set(more)).toThrow(expect.objectContaining({ code: "usage" }));
  });
});
