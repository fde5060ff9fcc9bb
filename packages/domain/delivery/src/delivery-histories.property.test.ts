/** Property tests: random histories of everything delivery decides, held against a plain model. */
import {
  applyRecord,
  type EvidenceData,
  emptyRegistryState,
  errorCodeOf,
  getEnvironment,
  type Verdict,
} from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contract, DeliveryLog, KEY, pseudonym, textOf } from "./delivery-log.fixture.ts";
import { isProtected } from "./environment-policy.ts";
import { liveOf } from "./live.ts";

const ENVIRONMENTS = ["staging", "production", "preview"] as const;
type Environment = (typeof ENVIRONMENTS)[number];
/** preview inherits from staging. */
const PARENT: Partial<Record<Environment, Environment>> = { preview: "staging" };
const SUBJECTS = ["user", "tenant", "document", "documentType"] as const;

type Step =
  | { readonly do: "register"; readonly fits: boolean }
  | {
      readonly do: "release";
      readonly version: number;
      readonly in: Environment;
      readonly verdict: Verdict | null;
      readonly breakGlass: boolean;
    }
  | { readonly do: "rollback"; readonly in: Environment; readonly to: number | null }
  | { readonly do: "withdraw"; readonly version: number }
  | {
      readonly do: "override";
      readonly version: number;
      readonly kind: (typeof SUBJECTS)[number];
      readonly in: Environment | null;
      readonly verdict: Verdict | null;
      readonly breakGlass: boolean;
    }
  | { readonly do: "clear"; readonly in: Environment | null }
  | { readonly do: "empty"; readonly in: Environment }
  | { readonly do: "protect"; readonly in: Environment; readonly gate: "never" | "with-eval-set" | "always" }
  | { readonly do: "evalSet"; readonly there: boolean }
  | { readonly do: "declare"; readonly passes: readonly ("ticket" | "user")[] };

const version = fc.integer({ min: 1, max: 7 });
const environment = fc.constantFrom(...ENVIRONMENTS);
const scope = fc.constantFrom(...ENVIRONMENTS, null);
const verdict = fc.constantFrom<(Verdict | null)[]>("ship", "block", null);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("register" as const), fits: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("release" as const),
      version,
      in: environment,
      verdict,
      breakGlass: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("rollback" as const),
      in: environment,
      to: fc.option(version, { freq: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("withdraw" as const), version }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("override" as const),
      version,
      kind: fc.constantFrom(...SUBJECTS),
      in: scope,
      verdict,
      breakGlass: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("clear" as const), in: scope }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("empty" as const), in: environment }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("protect" as const),
      in: environment,
      gate: fc.constantFrom("never" as const, "with-eval-set" as const, "always" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("evalSet" as const), there: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("declare" as const),
      passes: fc.subarray<"ticket" | "user">(["ticket", "user"], { minLength: 1 }),
    }),
  },
);
/** Long ones from the start: the default size would leave most rules unmet. */
const history = fc.array(step, { minLength: 10, maxLength: 50, size: "max" });

/** What the words say, without a look at how delivery counts it. */
class Model {
  /** Versions of each environment's own entries, newest last; null for an emptied lane. */
  readonly own: Record<Environment, (number | null)[]> = { staging: [], production: [], preview: [] };
  /** Versions in the order in which they became live in each environment, inheritance included. */
  readonly lived: Record<Environment, number[]> = { staging: [], production: [], preview: [] };
  readonly left: Record<Environment, Set<number>> = {
    staging: new Set(),
    production: new Set(),
    preview: new Set(),
  };
  readonly withdrawn = new Set<number>();
  /** The variable that each version reads, and those that the code of production passes. */
  readonly reads = new Map<number, string>();
  passed: readonly string[] = ["ticket"];

  fits(environment: Environment, version: number): boolean {
    return environment !== "production" || this.passed.includes(this.reads.get(version) ?? "ticket");
  }

  live(environment: Environment): number | null {
    const own = this.own[environment];
    if (own.length > 0) return own.at(-1) ?? null;
    const parent = PARENT[environment];
    return parent === undefined ? null : this.live(parent);
  }

  /** Environments that see a release to this one. */
  reached(environment: Environment): readonly Environment[] {
    return ENVIRONMENTS.filter(
      (name) => name === environment || (PARENT[name] === environment && this.own[name].length === 0),
    );
  }

  serve(environment: Environment, version: number | null, left: number | null): void {
    for (const name of this.reached(environment)) {
      if (version !== null) this.lived[name].push(version);
      if (left !== null) this.left[name].add(left);
    }
    this.own[environment].push(version);
  }

  /** Where a rollback should go: by the rule, or nowhere. */
  target(environment: Environment): number | undefined {
    return this.lived[environment].findLast(
      (version) =>
        version !== this.live(environment) &&
        !this.withdrawn.has(version) &&
        !this.left[environment].has(version) &&
        this.fits(environment, version),
    );
  }
}

/** Evidence of every environment, against what is live in each. */
function evidenceFor(log: DeliveryLog, version: number, verdict: Verdict | null): readonly EvidenceData[] {
  if (verdict === null) return [];
  return [...log.state.environments.keys()].map((environment) => {
    const live = liveOf(log.state, KEY, environment)?.version;
    const baseline = live === undefined ? null : `v${live}`;
    return log.evidence(version, { id: `e-${environment}`, environment, baseline, verdict });
  });
}

function start(): DeliveryLog {
  const log = new DeliveryLog();
  log.add("preview", "staging");
  log.versions(4);
  // Only of production is the code known; there, versions that read something else do not fit.
  log.declare("production");
  return log;
}

/** Takes one step; says whether delivery refused it, and with which code. */
function take(log: DeliveryLog, step: Step): string | undefined {
  const breakGlass = "breakGlass" in step && step.breakGlass ? "outage" : null;
  try {
    switch (step.do) {
      case "register": {
        const name = step.fits ? "ticket" : "user";
        const number = (log.state.prompts.get(KEY)?.versions.size ?? 0) + 1;
        log.version(textOf(`v${number} {{${name}}}`, { input: contract(name) }));
        break;
      }
      case "release":
        log.release(step.version, step.in, {
          evidence: evidenceFor(log, step.version, step.verdict),
          breakGlass,
        });
        break;
      case "rollback":
        log.rollback(step.in, { to: step.to });
        break;
      case "withdraw":
        log.withdraw(step.version);
        break;
      case "override": {
        const who = { kind: step.kind, subject: pseudonym("acme"), environment: step.in };
        log.override(step.version, {
          ...who,
          evidence: evidenceFor(log, step.version, step.verdict),
          breakGlass,
        });
        break;
      }
      case "clear":
        log.clear({ kind: "tenant", subject: pseudonym("acme"), environment: step.in });
        break;
      case "empty":
        log.empty(step.in);
        break;
      case "protect":
        log.protect(step.in, step.gate);
        break;
      case "evalSet":
        log.evalSet(step.there ? "tickets" : null);
        break;
      case "declare":
        log.declare("production", { input: contract(...step.passes) });
        break;
    }
    return undefined;
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined || code === "store-corrupt") throw error;
    return code;
  }
}

/** Follows in the model what was recorded; releases are read from the records, never asked of delivery. */
function follow(model: Model, log: DeliveryLog, from: number): void {
  for (const record of log.records.slice(from)) {
    if (record.kind === "withdrawal") model.withdrawn.add(record.data.version);
    if (record.kind === "version") {
      const body = String(log.texts.get(record.data.hash)?.body);
      model.reads.set(record.data.version, body.includes("{{user}}") ? "user" : "ticket");
    }
    if (record.kind === "declaration") model.passed = Object.keys(record.data.input.properties as object);
    if (record.kind === "release") {
      model.serve(record.data.environment as Environment, record.data.version, record.data.rollbackFrom);
    }
  }
}

function isGuarded(log: DeliveryLog, environment: string): boolean {
  const prompt = log.state.prompts.get(KEY);
  return prompt !== undefined && isProtected(getEnvironment(log.state, environment), prompt);
}

interface Moment {
  readonly log: DeliveryLog;
  readonly model: Model;
  readonly step: Step;
  /** Protected environments before the step. */
  readonly guarded: readonly Environment[];
  readonly liveBefore: Readonly<Record<string, number | null>>;
  readonly target: number | undefined;
  /** Records before the step. */
  readonly length: number;
  readonly refused: string | undefined;
}

/** Plays a history and shows every moment of it before the model has followed the step, or after. */
function play(
  steps: readonly Step[],
  look: (moment: Moment) => void,
  lookAfter: (moment: Moment) => void = () => undefined,
): void {
  const log = start();
  const model = new Model();
  for (const step of steps) {
    const guarded = ENVIRONMENTS.filter((name) => isGuarded(log, name));
    const liveBefore = Object.fromEntries(ENVIRONMENTS.map((name) => [name, model.live(name)]));
    const target = "in" in step && step.in !== null ? model.target(step.in) : undefined;
    const length = log.records.length;
    const refused = take(log, step);
    const moment = { log, model, step, guarded, liveBefore, target, length, refused };
    look(moment);
    follow(model, log, length);
    lookAfter(moment);
  }
}

describe("random histories", () => {
  it("a rollback goes to the latest version that was live, is not, fits, and was neither withdrawn nor left", () => {
    fc.assert(
      fc.property(history, (steps) => {
        play(steps, ({ log, model, step, target, length, refused }) => {
          if (step.do !== "rollback" || step.to !== null) return;
          const made = log.records[length];
          if (target === undefined) {
            expect(refused).toBe("nothing-to-roll-back");
            return;
          }
          expect(refused).toBeUndefined();
          expect(made?.kind === "release" && made.data.version).toBe(target);
          expect(model.lived[step.in]).toContain(target);
          expect(model.withdrawn.has(target) || model.left[step.in].has(target)).toBe(false);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("a rollback to a version that was live, fits and is not withdrawn is never refused", () => {
    fc.assert(
      fc.property(history, (steps) => {
        play(steps, ({ model, step, refused }) => {
          if (step.do !== "rollback" || step.to === null) return;
          const possible =
            model.lived[step.in].includes(step.to) &&
            !model.withdrawn.has(step.to) &&
            (step.to === model.live(step.in) || model.fits(step.in, step.to));
          expect(refused === undefined).toBe(possible);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("a refused step records nothing, and deciding changes nothing that is there", () => {
    fc.assert(
      fc.property(history, (steps) => {
        play(steps, ({ log, length, refused }) => {
          if (refused !== undefined) expect(log.records).toHaveLength(length);
        });
        const log = start();
        for (const step of steps) take(log, step);
        const projected = emptyRegistryState();
        for (const record of log.records) applyRecord(projected, record);
        expect(log.state).toEqual(projected);
      }),
      { numRuns: 150 },
    );
  });

  it("the records up to a revision give the state that was seen then", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const log = start();
        const seen = new Map<number, unknown>();
        for (const step of steps) {
          take(log, step);
          seen.set(log.state.revision, structuredClone(log.state));
        }
        const projected = emptyRegistryState();
        for (const record of log.records) {
          applyRecord(projected, record);
          const then = seen.get(record.revision);
          if (then !== undefined) expect(projected).toEqual(then);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("no door but a rollback makes a version live in a protected environment without evidence or an exception", () => {
    fc.assert(
      fc.property(history, (steps) => {
        play(
          steps,
          () => undefined,
          ({ log, model, step, guarded, liveBefore, length }) => {
            for (const name of guarded) {
              const live = model.live(name);
              if (live === null || live === liveBefore[name]) continue;
              const [record] = log.records.slice(length);
              if (record?.kind !== "release") throw new Error(`${step.do} made v${live} live in ${name}`);
              const { evidence, breakGlass } = record.data;
              const shipped = step.do === "release" && step.verdict === "ship" && evidence.length > 0;
              expect(shipped || breakGlass === "outage" || step.do === "rollback").toBe(true);
            }
          },
        );
      }),
      { numRuns: 300 },
    );
  });

  it("no override for a tenant or a document type gets round that", () => {
    fc.assert(
      fc.property(history, (steps) => {
        play(steps, ({ log, guarded, length }) => {
          for (const record of log.records.slice(length)) {
            if (record.kind !== "override" || record.data.version === null) continue;
            const { kind, environment, evidence, breakGlass } = record.data;
            if (kind === "user" || kind === "document") continue;
            const reaches = guarded.some((name) => environment === null || environment === name);
            if (reaches) expect(evidence.length > 0 || breakGlass !== null).toBe(true);
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});
