/** A log in memory with rollouts: what people and a scheduler do to them, with sights made by hand. */
import type { EvidenceData, GuardReading, RecordDecision, RolloutEntry, RolloutPlan } from "@colophon/kernel";
import { fixedClock, seededIds } from "@colophon/testkit";
import { BY, DeliveryLog, KEY, textOf } from "../delivery-log.fixture.ts";
import type { GatePass } from "../pass-gate.ts";
import { type AdvanceCommand, type Advanced, decideAdvance } from "./decide-advance.ts";
import { type ApproveCommand, decideApprove } from "./decide-approve.ts";
import { decideAbort, decidePause, decideResume } from "./decide-change.ts";
import { decideShares } from "./decide-shares.ts";
import { decideStart, type StartCommand, type Started } from "./decide-start.ts";
import { defaultPlan } from "./default-plan.ts";
import type { GatePasses } from "./rollout-gate.ts";
import { nothingSeen, type RolloutSight } from "./rollout-sight.ts";

export const ENV = "production";
export const MINUTE = 60_000;
export const OTHER = "support.reply";

/** Two steps with a control and the full one, errors to be cleared, cost that holds. */
export function planOf(more: Partial<RolloutPlan> = {}): RolloutPlan {
  const step = { dwell: 10 * MINUTE, units: 100 };
  return {
    ...defaultPlan("medium"),
    steps: [
      { share: 0.1, ...step },
      { share: 0.5, ...step },
      { share: 1, ...step },
    ],
    guards: [
      { kind: "comparison", metric: "errors", tolerated: 1, acceptable: 1.5, alpha: 0.5, action: "rollback" },
      { kind: "comparison", metric: "cost", tolerated: 1.2, acceptable: 1.5, alpha: 0.5, action: "hold" },
    ],
    clearing: ["errors"],
    quiet: 60 * MINUTE,
    patience: 120 * MINUTE,
    ...more,
  };
}

export function reading(more: Partial<GuardReading> = {}): GuardReading {
  return {
    version: 2,
    metric: "errors",
    kind: "comparison",
    action: "rollback",
    state: "watching",
    evidence: 1.5,
    limit: 200,
    challenger: 0.02,
    control: 0.02,
    units: 500,
    ...more,
  };
}

export const CLEARED = reading({ state: "cleared" });
export const FIRED = reading({ state: "fired", evidence: 420, challenger: 0.11, control: 0.02 });
export const DEAR = reading({ metric: "cost", action: "hold", state: "fired", evidence: 1.6, limit: 1.2 });

export class RolloutLog extends DeliveryLog {
  readonly ids = seededIds({ clock: fixedClock(0), seed: 5 });
  plan = planOf();

  /** v1 is live, v2 registered; of both prompts. */
  constructor() {
    super();
    for (const key of [KEY, OTHER]) {
      this.version(textOf(`v1 of ${key} {{ticket}}`), key);
      this.version(textOf(`v2 of ${key} {{ticket}}`), key);
      this.release(1, ENV, { key });
    }
  }

  /** From now on production asks for evidence. */
  guard(approvals = 0): void {
    this.protect(ENV, "always", { approvals });
  }

  ship(version = 2, more: Partial<EvidenceData> = {}): EvidenceData {
    const key = more.key ?? KEY;
    const hash = this.state.prompts.get(key)?.versions.get(version)?.hash ?? "";
    return this.evidence(version, { id: `e-${key}-${version}`, hash, baseline: "v1", ...more });
  }

  start(more: Partial<StartCommand> = {}): Started {
    this.plan = more.plan ?? this.plan;
    return this.append((state) =>
      decideStart(state, {
        members: [{ key: KEY, versions: [2] }],
        environment: ENV,
        plan: this.plan,
        where: null,
        reason: "clearer",
        passes: this.passes(),
        by: BY,
        now: this.now,
        ids: this.ids,
        texts: this.texts,
        ...more,
      }),
    );
  }

  get rollout(): RolloutEntry {
    return this.rolloutOf(KEY);
  }

  rolloutOf(key: string): RolloutEntry {
    const entry = this.state.prompts.get(key)?.rollouts.get(ENV);
    if (entry === undefined) throw new Error(`${key} has no rollout`);
    return entry;
  }

  /** A healthy sight of what is there now. */
  sight(more: Partial<RolloutSight> = {}): RolloutSight {
    const key = more.key ?? KEY;
    return {
      ...nothingSeen(key, { revision: this.rolloutOf(key).revision, now: this.now }),
      readings: [CLEARED],
      units: 1000,
      served: 1000,
      challengerAt: this.now,
      controlAt: this.now,
      ...more,
    };
  }

  decideAdvance(more: Partial<AdvanceCommand> = {}): RecordDecision<Advanced> {
    return decideAdvance(this.state, {
      key: KEY,
      environment: ENV,
      plan: this.plan,
      passes: this.passes(),
      by: { id: "scheduler", via: "system" },
      now: this.now,
      texts: this.texts,
      ...more,
      sights: more.sights ?? [this.sight()],
    });
  }

  advance(more: Partial<AdvanceCommand> = {}): Advanced {
    return this.append(() => this.decideAdvance(more));
  }

  wait(milliseconds: number): this {
    this.now += milliseconds;
    return this;
  }

  #person(reason = "said so") {
    return { key: KEY, environment: ENV, reason, by: BY, now: this.now };
  }

  pause() {
    return this.append((state) => decidePause(state, this.#person()));
  }

  resume(accept: readonly string[] = []) {
    return this.append((state) => decideResume(state, { ...this.#person(), plan: this.plan, accept }));
  }

  abort(key = KEY) {
    return this.append((state) => decideAbort(state, { ...this.#person(), key }));
  }

  approve(more: Partial<ApproveCommand> = {}) {
    const judged = { safety: true, compliance: true, style: true };
    const by = { id: "bob", via: "cli" } as const;
    return this.append((state) =>
      decideApprove(state, { key: KEY, environment: ENV, ...judged, by, ...more }),
    );
  }

  shares(
    arms: readonly { readonly version: number; readonly share: number }[],
    seen = this.rollout.revision,
  ) {
    const command = { key: KEY, environment: ENV, plan: this.plan, seen, arms, reason: "learnt", by: BY };
    return this.append((state) => decideShares(state, command));
  }

  /** Reviews and approvals as the log has them, with evidence beside. */
  passes(...evidence: readonly EvidenceData[]): GatePasses {
    const passes = new Map<string, GatePass>();
    for (const key of [KEY, OTHER]) {
      const approvals = this.records.flatMap((record) =>
        record.kind === "approval" && record.data.key === key ? [{ ...record.data, by: record.by }] : [],
      );
      const own = evidence.filter((one) => one.key === key);
      passes.set(key, { evidence: own, approvals, reviews: this.reviews() });
    }
    return passes;
  }

  /** The same in a project of so many members. */
  passesOf(members: number | null): GatePasses {
    return new Map([...this.passes()].map(([key, pass]) => [key, { ...pass, members }]));
  }

  live(key = KEY): number | null | undefined {
    return this.state.prompts.get(key)?.releases.findLast((one) => one.environment === ENV)?.version;
  }

  alerts() {
    return this.records.flatMap((record) => (record.kind === "alert" ? [record.data] : []));
  }
}
