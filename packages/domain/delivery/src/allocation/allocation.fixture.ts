/** Observations and posteriors of the tests of allocation. */
import type { ExecutionId, LimitGuard } from "@colophon/kernel";
import type { ArmObservation, MetricReading } from "./arm-observation.ts";
import {
  type ArmPosterior,
  type Posteriors,
  type ProjectionPolicy,
  projectPosteriors,
} from "./project-posteriors.ts";

export const HOUR = 3_600_000;
/** 2026-01-01. */
export const START = 1_767_225_600_000;

export const SCHEMA: LimitGuard = {
  kind: "limit",
  metric: "schemaOk",
  direction: "below",
  limit: 0.95,
  minimum: 30,
  action: "rollback",
};

export const POLICY: ProjectionPolicy = {
  versions: [6, 7],
  objectives: [{ name: "satisfaction", metric: "accepted", scale: null }],
  guards: [],
  halfLife: null,
  now: START + 24 * HOUR,
};

/** The same number is the same execution. */
export function executionId(number: number): ExecutionId {
  return `019b7000-0000-7000-8000-${number.toString(16).padStart(12, "0")}` as ExecutionId;
}

export function anObservation(
  number: number,
  values: Readonly<Record<string, number>> = {},
  rest: Partial<ArmObservation> = {},
): ArmObservation {
  const at = rest.at ?? START;
  const readings = Object.entries(values).map(([metric, value]): MetricReading => ({ metric, value, at }));
  return {
    execution: executionId(number),
    version: 7,
    probability: 0.5,
    unit: null,
    at,
    readings,
    ...rest,
  };
}

/** What is known of one arm, said as counts. */
export interface KnownArm {
  readonly version: number;
  /** By objective: successes and failures. */
  readonly objectives: readonly (readonly [number, number])[];
  /** Of `schemaOk`; no guard where left out. */
  readonly schemaOk?: readonly [number, number];
}

export function posteriorsOf(arms: readonly KnownArm[]): Posteriors {
  const metric = ([successes, failures]: readonly [number, number]) => ({
    counts: { successes, failures },
    arrived: successes + failures,
    waiting: 0,
    unusable: 0,
  });
  return {
    at: START,
    arms: arms.map(
      ({ version, objectives, schemaOk }): ArmPosterior => ({
        version,
        executions: 0,
        objectives: objectives.map((counts, at) => ({ objective: `o${at + 1}`, ...metric(counts) })),
        guards: schemaOk === undefined ? [] : [{ guard: SCHEMA, ...metric(schemaOk) }],
      }),
    ),
  };
}

/** The one arm of `POLICY` that observations are made of. */
export function posteriorOf(
  observations: readonly ArmObservation[],
  policy: Partial<ProjectionPolicy> = {},
): ArmPosterior {
  const { arms } = projectPosteriors(observations, { ...POLICY, ...policy });
  const arm = arms.find(({ version }) => version === 7);
  if (arm === undefined) throw new Error("no arm");
  return arm;
}
