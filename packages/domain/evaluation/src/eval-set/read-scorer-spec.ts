/** Reads a scorer as a file names it: its name alone, or an object with what it takes. */
import { nearestName } from "@colophon/kernel";
import type { ScorerSpec } from "../eval-case.ts";

const FIELDS = ["scorer", "metric", "weight", "required", "negate", "options"] as const;

/** Tells a problem, without its place and without a full stop. */
export type Complain = (what: string) => void;

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Says of fields that nobody reads what was probably meant. */
export function refuseUnknown(fields: Fields, known: readonly string[], complain: Complain): void {
  for (const name of Object.keys(fields)) {
    if (known.includes(name)) continue;
    const meant = nearestName(name, known);
    complain(
      meant === undefined
        ? `"${name}" is no field here; use ${known.join(", ")}`
        : `"${name}" is no field here; did you mean "${meant}"?`,
    );
  }
}

const TYPES = { metric: "string", required: "boolean", negate: "boolean" } as const;

/** Undefined, with a complaint, for what is none. Whether there is such a scorer is asked elsewhere. */
export function readScorerSpec(value: unknown, complain: Complain): ScorerSpec | undefined {
  if (typeof value === "string" && value !== "") return { scorer: value };
  if (!isFields(value) || typeof value.scorer !== "string" || value.scorer === "") {
    complain(`a scorer is ${shown(value)}; give its name, or an object with "scorer"`);
    return undefined;
  }
  refuseUnknown(value, FIELDS, complain);
  const { scorer, metric, weight, required, negate, options } = value;
  for (const [name, type] of Object.entries(TYPES)) {
    if (value[name] !== undefined && typeof value[name] !== type)
      complain(`"${name}" of ${scorer} is ${shown(value[name])}; give a ${type}`);
  }
  if (weight !== undefined && !(typeof weight === "number" && weight >= 0 && Number.isFinite(weight)))
    complain(`"weight" of ${scorer} is ${shown(weight)}; give a number from 0`);
  if (options !== undefined && !isFields(options))
    complain(`"options" of ${scorer} is ${shown(options)}; give an object`);
  return {
    scorer,
    ...(metric === undefined ? {} : { metric: metric as string }),
    ...(weight === undefined ? {} : { weight: weight as number }),
    ...(required === undefined ? {} : { required: required as boolean }),
    ...(negate === undefined ? {} : { negate: negate as boolean }),
    ...(options === undefined ? {} : { options: options as Fields }),
  };
}

/** A list of scorers; absent and null are none. */
export function readScorers(value: unknown, complain: Complain): readonly ScorerSpec[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    complain(`"scorers" is ${shown(value)}; give a list`);
    return [];
  }
  return value.flatMap((one: unknown) => readScorerSpec(one, complain) ?? []);
}

const SHOWN = 60;

/** A value in a message, cut short: files may be large. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
