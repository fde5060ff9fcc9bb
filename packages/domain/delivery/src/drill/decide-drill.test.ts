/** Tests of drills: that they really go back, always come forth again, and stand in nobody's way. */
import { seededIds } from "@colophon/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRollback } from "../decide-rollback.ts";
import { decideWithdraw } from "../decide-withdraw.ts";
import { BY, DeliveryLog, KEY } from "../delivery-log.fixture.ts";
import { liveHistory, liveOf } from "../live.ts";
import { rollbackTarget } from "../rollback-target.ts";
import { decideStart } from "../rollout/decide-start.ts";
import { defaultPlan } from "../rollout/default-plan.ts";
import { type DrillCommand, decideDrill } from "./decide-drill.ts";
import { type DrillReturnCommand, decideDrillEnd, decideDrillReturn } from "./decide-drill-end.ts";

const ENV = "staging";
const MEASURES = { lastFollowed: 120, lastReturned: 130, processes: 2, late: [] };

class DrilledLog extends DeliveryLog {
  #ids = seededIds({ clock: { now: () => this.now, elapsed: () => 0 }, seed: "drill" });

  static lived(count: number): DrilledLog {
    const log = new DrilledLog();
    log.versions(count);
    for (let version = 1; version <= count; version++) log.release(version, ENV);
    return log;
  }

  drill(more: Partial<DrillCommand> = {}) {
    const { now, texts } = this;
    const whole = { key: KEY, environment: ENV, share: 1, processes: 2, scheduled: false, by: BY };
    const id = this.#ids.next();
    const begun = this.append((state) => decideDrill(state, { ...whole, id, now, texts, ...more }));
    return { ...begun, id };
  }

  #end(id: string, more: Partial<DrillReturnCommand>): DrillReturnCommand {
    const whole = { key: KEY, environment: ENV, id, measures: MEASURES, cutOff: null, by: BY };
    return { ...whole, now: this.now, ...more };
  }

  back(id: string, more: Partial<DrillReturnCommand> = {}) {
    return this.append((state) => decideDrillReturn(state, this.#end(id, more)));
  }

  end(id: string, more: Partial<DrillReturnCommand> = {}) {
    return this.append((state) => decideDrillEnd(state, this.#end(id, more)));
  }

  get live() {
    return liveOf(this.state, KEY, ENV)?.version;
  }

  get last() {
    return this.state.prompts.get(KEY)?.drills.get(ENV);
  }

  get rollout() {
    return this.state.prompts.get(KEY)?.rollouts.get(ENV);
  }

  get target() {
    return rollbackTarget(this.state, { key: KEY, environment: ENV, texts: this.texts }).version;
  }
}

describe("decideDrill", () => {
  it("goes back to what a rollback would go back to, and says so in the same append", () => {
    const log = DrilledLog.lived(3);
    const before = log.records.length;
    const drill = log.drill();
    expect(drill).toMatchObject({ from: 3, to: 2 });
    expect(log.records.slice(before).map(({ kind }) => kind)).toEqual(["release", "drill"]);
    expect(log.live).toBe(2);
    const { together, ...own } = drill;
    expect(together).toEqual([]);
    expect(log.last).toMatchObject({ ...own, state: "began", share: 1, processes: 2, lastFollowed: null });
  });

  it("comes forth with the model that was live, asks for no evidence, and leaves the way back as it was", () => {
    const log = new DrilledLog();
    log.versions(2);
    const model = { provider: "openai", id: "gpt-5-nano" };
    log.release(1, ENV);
    log.release(2, ENV, { model });
    log.protect(ENV);
    const { id } = log.drill();
    expect(log.back(id)).toEqual({ returned: true, cutOff: null });
    expect(liveOf(log.state, KEY, ENV)?.release).toMatchObject({ version: 2, model, rollbackFrom: null });
    expect(log.last).toMatchObject({ state: "returned" });
    expect(log.end(id)).toEqual({ recorded: true });
    expect(log.last).toMatchObject({ state: "ended", cutOff: null, ...MEASURES, missed: 0 });
    expect(log.target).toBe(1);
  });

  it("on a share is a held rollout of the old version, whose end touches nothing else", () => {
    const log = DrilledLog.lived(2);
    const { id } = log.drill({ share: 0.05 });
    expect(log.live).toBe(2);
    expect(log.rollout).toMatchObject({
      ...{ id, state: "holding", arms: [{ version: 1, share: 0.05 }], control: 0, baseline: 2 },
    });
    expect(log.back(id)).toEqual({ returned: true, cutOff: null });
    expect(log.rollout).toMatchObject({ id, state: "stopped", arms: [{ version: 1, share: 0 }] });
    expect(log.live).toBe(2);
  });

  it.each([
    ["without a process to follow", (log: DrilledLog) => log.drill({ processes: 0 }), "usage"],
    ["for a share that is none", (log: DrilledLog) => log.drill({ share: 1.5 }), "usage"],
    ["while another drill is on", (log: DrilledLog) => [log.drill(), log.drill()], "usage"],
    ["where nothing is live", (log: DrilledLog) => log.drill({ environment: "production" }), "usage"],
    ["where the live version is withdrawn", (log: DrilledLog) => [log.withdraw(2), log.drill()], "withdrawn"],
    [
      "where nothing is to go back to",
      (log: DrilledLog) => [log.withdraw(1), log.drill()],
      "nothing-to-roll-back",
    ],
    [
      "where what is live is inherited",
      (log: DrilledLog) => [log.add("preview", ENV), log.drill({ environment: "preview" })],
      "usage",
    ],
  ])("is refused %s", (_when, act, code) => {
    expect(() => act(DrilledLog.lived(2))).toThrow(expect.objectContaining({ code }));
  });

  it("is refused while a rollout is open, of which a drill on a share is one to others", () => {
    const log = DrilledLog.lived(2);
    log.drill({ share: 0.5 });
    const rollout = log.rollout;
    expect(rollout).toBeDefined();
    if (rollout === undefined) return;
    const { revision: _revision, at: _at, by, ...data } = rollout;
    log.back(log.last?.id ?? "");
    log.write({ kind: "rollout", by, data: { ...data, id: "another" } });
    expect(() => log.drill()).toThrow(/rollout of support.triage is holding in staging/);
  });

  it("lets no rollout begin, whose baseline would be the old version", () => {
    const log = DrilledLog.lived(2);
    const version = log.version("v3 {{ticket}}");
    const { id } = log.drill();
    const start = () =>
      log.append((state) =>
        decideStart(state, {
          ...{ members: [{ key: KEY, versions: [version] }], environment: ENV, plan: defaultPlan("low") },
          ...{ where: null, reason: "try it", passes: new Map(), by: BY, now: log.now, texts: log.texts },
          ids: seededIds({ clock: { now: () => log.now, elapsed: () => 0 }, seed: "start" }),
        }),
      );
    expect(start).toThrow(/A drill of support.triage is on in staging/);
    log.back(id);
    expect(start().members).toMatchObject([{ baseline: 2, versions: [3] }]);
  });
});

describe("a drill that is overtaken", () => {
  it.each([
    ["a rollback", (log: DrilledLog) => log.rollback(ENV), 2],
    ["a release", (log: DrilledLog) => log.release(1, ENV), 1],
  ])("leaves what %s decided", (_what, act, live) => {
    const log = DrilledLog.lived(3);
    const { id } = log.drill();
    act(log);
    expect(log.back(id)).toEqual({ returned: false, cutOff: `somebody made v${live} live meanwhile` });
    expect(log.live).toBe(live);
    expect(log.last).toMatchObject({ state: "ended", cutOff: expect.stringContaining("somebody") });
    expect(log.end(id)).toEqual({ recorded: false });
  });

  it("leaves a withdrawal as it would be without the drill", () => {
    const log = DrilledLog.lived(2);
    const { id } = log.drill();
    log.withdraw(2);
    expect(log.back(id)).toEqual({ returned: true, cutOff: null });
    expect(log.live).toBe(2);
  });

  it("lets a rollback leave the version that is to be left, whichever serves at the moment", () => {
    const whole = DrilledLog.lived(2);
    whole.drill();
    expect(whole.rollback(ENV)).toMatchObject({ from: 2, version: 1, unchanged: false });
    expect(whole.target).toBeNull();
    const part = DrilledLog.lived(2);
    part.drill({ share: 0.05 });
    expect(part.rollback(ENV)).toMatchObject({ from: 2, version: 1, ended: [{ share: 0.05 }] });
    expect([part.live, part.rollout?.arms]).toEqual([1, [{ version: 1, share: 0 }]]);
  });

  it("is brought back once, by whoever comes first", () => {
    const log = DrilledLog.lived(2);
    const { id } = log.drill();
    const cutOff = "its process ended";
    expect(log.back(id, { cutOff })).toEqual({ returned: true, cutOff });
    const records = log.records.length;
    expect(log.back(id)).toEqual({ returned: false, cutOff });
    expect(log.records.length).toBe(records);
    expect(log.last).toMatchObject({ state: "ended", cutOff });
    const next = log.drill();
    expect(log.back(id)).toEqual({ returned: false, cutOff: "another drill was begun" });
    expect(log.back(next.id).returned).toBe(true);
  });
});

describe("a drill of a release set", () => {
  const OTHER = "support.reply";

  /** Two prompts, each with two versions, whose second ones a rollout made live together. */
  function together(): DrilledLog {
    const log = DrilledLog.lived(2);
    for (const body of ["a", "b"]) log.version(`${body} {{ticket}}`, OTHER);
    log.release(1, ENV, { key: OTHER });
    for (const key of [KEY, OTHER]) {
      const none = { model: null, fingerprint: null, evidence: [], breakGlass: null, rollbackFrom: null };
      const data = { key, environment: ENV, lane: "live", version: 2, reason: "both", set: "set-1" } as const;
      log.write({ kind: "release", by: BY, data: { ...data, ...none } });
    }
    return log;
  }

  const lives = (log: DrilledLog) => [KEY, OTHER].map((key) => liveOf(log.state, key, ENV)?.version);
  const reply = (log: DrilledLog) => log.state.prompts.get(OTHER)?.drills.get(ENV);

  it("goes back and forth as one, and stays one", () => {
    const log = together();
    const { id, together: others } = log.drill();
    expect(others).toEqual([{ key: OTHER, from: 2, to: 1 }]);
    expect(lives(log)).toEqual([1, 1]);
    expect(log.back(id)).toEqual({ returned: true, cutOff: null });
    expect(lives(log)).toEqual([2, 2]);
    log.end(id);
    expect([log.last?.state, reply(log)?.state]).toEqual(["ended", "ended"]);
    expect(log.rollback(ENV).together).toEqual([{ key: OTHER, from: 2, version: 1 }]);
  });

  it("leaves the set to people who roll one of it back meanwhile", () => {
    const log = together();
    const { id } = log.drill();
    const back = log.rollback(ENV, { key: OTHER });
    expect(back).toMatchObject({ from: 2, version: 1, together: [{ key: KEY, from: 2, version: 1 }] });
    expect(log.back(id)).toMatchObject({ returned: false, cutOff: expect.stringContaining("somebody") });
    expect(lives(log)).toEqual([1, 1]);
    expect(reply(log)).toMatchObject({ state: "ended", cutOff: expect.stringContaining("somebody") });
    expect(log.target).toBeNull();
  });

  it("comes forth without the one that people released meanwhile", () => {
    const log = together();
    const { id } = log.drill();
    log.release(1, ENV, { key: OTHER });
    expect(log.back(id)).toEqual({ returned: true, cutOff: null });
    expect(lives(log)).toEqual([2, 1]);
  });

  it("is refused for a share of units, and where one of them has nothing to go back to", () => {
    expect(() => together().drill({ share: 0.1 })).toThrow(/released together with support.reply/);
    const log = together();
    log.append((state) =>
      decideWithdraw(state, { key: OTHER, version: 1, reason: "rude", by: BY, now: log.now }),
    );
    expect(() => log.drill()).toThrow(/support.reply has nothing to go back to/);
  });
});

type Act = "drill" | "share" | "back" | "rollback" | "release" | "withdraw";
const ACTS: readonly Act[] = ["drill", "share", "back", "back", "rollback", "release", "withdraw"];

describe("Whatever happens", () => {
  it("after its end a drill has left no version live that people did not, and no rollback goes wrong for it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ACTS), { maxLength: 14 }), (acts) => {
        const [drilled, plain] = [DrilledLog.lived(5), DrilledLog.lived(5)];
        for (const [at, act] of acts.entries()) {
          const chosen = 3 + (at % 3);
          if (act === "back") drilled.back(drilled.last?.id ?? "");
          else if (act === "drill" || act === "share") {
            attempt(() => drilled.drill({ share: act === "drill" ? 1 : 0.1 }));
          } else {
            for (const log of [drilled, plain]) attempt(() => people(log, { act, chosen }));
          }
          if (drilled.last?.state !== "began") expect(drilled.live).toBe(plain.live);
          const history = (log: DrilledLog) => {
            const prompt = log.state.prompts.get(KEY);
            if (prompt === undefined) return undefined;
            const { current, rolledBack } = liveHistory(log.state, prompt, ENV);
            return { current, rolledBack, target: log.target };
          };
          expect(history(drilled)).toEqual(history(plain));
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Doing {
  readonly act: "rollback" | "release" | "withdraw";
  readonly chosen: number;
}

function people(log: DrilledLog, { act, chosen }: Doing): void {
  if (act === "rollback") {
    const command = { key: KEY, environment: ENV, reason: "worse", by: BY, now: log.now, texts: log.texts };
    log.append((state) => decideRollback(state, command));
  } else if (act === "release") log.release(chosen, ENV);
  else log.withdraw(chosen);
}

/** A door may refuse; that is the same for both logs, or the comparison says so. */
function attempt(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "HarnessError") throw error;
  }
}
