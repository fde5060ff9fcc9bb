/** Model-based test: every state and transition of a rollout, against a plain reference state machine. */
import { type EvidenceData, errorCodeOf, ROLLOUT_STATES, type RolloutState } from "@colophon/kernel";
import fc from "fast-check";
import { expect, it } from "vitest";
import { KEY } from "../delivery-log.fixture.ts";
import { CLEARED, DEAR, ENV, FIRED, MINUTE, planOf, RolloutLog, reading } from "./rollout-log.fixture.ts";
import { RolloutMachine, SEEN, type Seen } from "./rollout-machine.fixture.ts";
import type { RolloutSight } from "./rollout-sight.ts";

const SHADOW = {
  rate: 0.2,
  concurrency: 2,
  calls: 500,
  budget: null,
  metric: "quality",
  margin: 0.03,
  alpha: 0.05,
  pairs: 50,
  patience: 60 * MINUTE,
} as const;
const MISMATCH = { state: "mismatch", evidence: 5000, limit: 1000, units: 3000 } as const;

/** What really decides, with the evidence that a gate or a shadow has left beside the log. */
class Real {
  readonly log = new RolloutLog();
  readonly evidence: EvidenceData[] = [];

  constructor(shadowed: boolean) {
    this.log.version("v3 {{ticket}}");
    this.log.guard();
    this.log.plan = planOf({ approvals: 1, shadow: shadowed ? SHADOW : null });
  }

  get passes() {
    return this.log.passes(...this.evidence);
  }

  sight(seen: Seen): RolloutSight {
    const more: Readonly<Record<Seen, Partial<RolloutSight>>> = {
      fine: {},
      uncleared: { readings: [reading()] },
      harm: { readings: [FIRED] },
      dear: { readings: [CLEARED, DEAR] },
      mismatch: { mismatch: MISMATCH },
      silent: { challengerAt: null },
      few: { units: 99 },
    };
    const served = this.log.rollout.step >= 0 ? 1000 : 0;
    return this.log.sight({ served, ...more[seen] });
  }

  advance(seen: Seen | null): void {
    this.log.advance({ sights: seen === null ? [] : [this.sight(seen)], passes: this.passes });
  }
}

type Command = fc.Command<RolloutMachine, Real>;

const reached = new Set<RolloutState>();
const transitions = new Set<string>();

/** Does the same to both, and holds them against each other. */
function command(
  name: string,
  act: (model: RolloutMachine, real: Real) => readonly [expected: boolean, decide: () => unknown],
): Command {
  return {
    check: () => true,
    toString: () => name,
    run(model, real) {
      const before = model.rollout?.state;
      const length = real.log.records.length;
      const [expected, decide] = act(model, real);
      let refused: string | undefined;
      try {
        decide();
      } catch (error) {
        refused = errorCodeOf(error);
        if (refused === undefined) throw error;
        expect(real.log.records).toHaveLength(length);
      }
      expect(refused === undefined, `${name}: ${refused ?? "done"}`).toBe(expected);
      hold(model, real);
      const after = model.rollout?.state;
      if (after !== undefined) reached.add(after);
      if (before !== after) transitions.add(`${before ?? "none"} to ${after}`);
    },
  };
}

function hold(model: RolloutMachine, { log }: Real): void {
  expect(log.live()).toBe(model.live);
  const entry = log.state.prompts.get(KEY)?.rollouts.get(ENV);
  if (model.rollout === null) {
    expect(entry).toBeUndefined();
    return;
  }
  const { state, step, cause, heldFrom, baseline } = model.rollout;
  expect(entry).toMatchObject({ state, step, cause, heldFrom, baseline });
  if (entry === undefined) return;
  // What serves nobody has no share, and the control is never larger than the challengers.
  const share = entry.arms.reduce((sum, arm) => sum + arm.share, 0);
  const serves = step >= 0 && ["ramping", "holding", "waiting-for-approval"].includes(state);
  const shares = [0.1, 0.5, 1];
  expect(share).toBeCloseTo(serves ? (shares[step] ?? 0) : state === "completed" ? 1 : 0);
  expect(entry.control).toBeCloseTo(serves ? Math.min(share, 1 - share) : 0);
  expect(entry.shadow !== null).toBe(state === "shadowing");
}

const commands: readonly fc.Arbitrary<Command>[] = [
  fc.boolean().map((exception) =>
    command(`start${exception ? " by exception" : ""}`, (model, { log, passes }) => {
      const started = model.start(log.now, exception);
      return [started, () => log.start({ passes, breakGlass: exception ? "outage" : null })];
    }),
  ),
  fc.constantFrom(...SEEN).map((seen) =>
    command(`advance, ${seen}`, (model, real) => {
      const open = model.open !== null;
      model.advance(seen, real.log.now);
      return [open, () => real.advance(open ? seen : null)];
    }),
  ),
  // Often: else no history would come to an end that is good.
  ...[1, 2, 3, 4].map(() =>
    fc.constant(
      command("go on", (model, real) => {
        const open = model.open !== null;
        real.log.wait(11 * MINUTE);
        model.advance("fine", real.log.now);
        return [open, () => real.advance(open ? "fine" : null)];
      }),
    ),
  ),
  fc
    .constantFrom(5, 11, 61, 200, 200)
    .map((minutes) =>
      command(`wait ${minutes} minutes`, (_, { log }) => [true, () => log.wait(minutes * MINUTE)]),
    ),
  fc.constantFrom("ship" as const, "block" as const, "ship" as const).map((verdict) =>
    command(`the gate says ${verdict}`, (model, { log, evidence }) => {
      model.findings.push({ verdict, baseline: model.live, pairsOf: null });
      const id = `e${evidence.length}`;
      return [true, () => evidence.push(log.ship(2, { id, verdict, baseline: `v${model.live}` }))];
    }),
  ),
  fc.constantFrom("ship" as const, "block" as const, "ship" as const).map((verdict) =>
    command(`pairs say ${verdict}`, (model, { log, evidence }) => {
      const { rollout } = model;
      if (rollout === null) return [true, () => undefined];
      model.findings.push({ verdict, baseline: model.live, pairsOf: rollout.number });
      const pairs = { rollout: log.rollout.id, count: 60, since: 0 };
      const id = `e${evidence.length}`;
      return [true, () => evidence.push(log.ship(2, { id, verdict, baseline: `v${model.live}`, pairs }))];
    }),
  ),
  fc.boolean().map((style) =>
    command(style ? "approve" : "approve no more", (model, { log }) => {
      const open = model.open !== null;
      if (open) model.approved = style;
      return [open, () => log.approve({ style })];
    }),
  ),
  fc.constant(command("pause", (model, { log }) => [model.pause(log.now), () => log.pause()])),
  fc
    .subarray(["cost", "errors", "mismatch", "units"])
    .map((accept) =>
      command(`resume, accepting ${accept.join(", ") || "nothing"}`, (model, { log }) => [
        model.resume(accept, log.now),
        () => log.resume(accept),
      ]),
    ),
  fc.constant(
    command("abort", (model, { log }) => {
      const open = model.open !== null;
      model.end("aborted", log.now);
      return [open, () => log.abort()];
    }),
  ),
  fc
    .constantFrom(2, 3)
    .map((version) =>
      command(`release v${version}`, (model, { log }) => [
        model.release(version, log.now),
        () => log.release(version, ENV, { breakGlass: "outage" }),
      ]),
    ),
  fc.constant(command("roll back", (model, { log }) => [model.rollback(log.now), () => log.rollback(ENV)])),
  // Seldom: what is withdrawn never comes back, and a history ends early there.
  fc.integer({ min: 0, max: 9 }).map((at) =>
    at > 0
      ? command("wait 11 minutes", (_, { log }) => [true, () => log.wait(11 * MINUTE)])
      : command("withdraw v2", (model, { log }) => {
          model.withdraw(2, log.now);
          return [true, () => log.withdraw(2)];
        }),
  ),
];

it("does what the reference does, whatever happens in whatever order", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.commands([...commands], { maxCommands: 60, size: "max" }),
      (shadowed, run) => {
        fc.modelRun(() => ({ model: new RolloutMachine(shadowed), real: new Real(shadowed) }), run);
      },
    ),
    { numRuns: 800, seed: 20 },
  );
  // A model that never came there would prove nothing about it.
  expect([...reached].sort()).toEqual([...ROLLOUT_STATES].sort());
  const open = ["pending", "shadowing", "ramping", "holding", "waiting-for-approval"];
  for (const state of open) {
    expect([...transitions].filter((one) => one.startsWith(`${state} to`)).length).toBeGreaterThan(1);
  }
  for (const state of ["shadowing", "ramping", "waiting-for-approval"]) {
    expect(transitions).toContain(`${state} to holding`);
    expect(transitions).toContain(`holding to ${state}`);
  }
  expect(transitions).toContain("ramping to completed");
});
