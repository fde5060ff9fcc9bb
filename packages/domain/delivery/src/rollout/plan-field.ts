/** Fields of a plan file: each reads what a person wrote and has the JSON Schema that accepts just the same. */
import { type JsonSchema, nearestName } from "@colophon/kernel";
import type { PlanProblem } from "./check-plan.ts";

/** Where a value stands and where its problems go. */
export interface Place {
  readonly path: string;
  readonly problems: PlanProblem[];
}

export interface PlanField<T> {
  readonly schema: JsonSchema;
  /** Undefined where it noted a problem. */
  read(value: unknown, place: Place): T | undefined;
}

function note({ path, problems }: Place, problem: string): undefined {
  problems.push({ path, problem });
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null
    ? "a group of fields"
    : (JSON.stringify(value) ?? "nothing");
}

/** A text of a pattern, turned into a value. */
function written<T>(pattern: string, expected: string, turn: (match: RegExpExecArray) => T): PlanField<T> {
  const regex = new RegExp(pattern, "u");
  return {
    schema: { type: "string", pattern, description: expected },
    read(value, place) {
      const match = typeof value === "string" ? regex.exec(value) : null;
      return match === null ? note(place, `is ${shown(value)}; write ${expected}`) : turn(match);
    },
  };
}

/** Any text at all. */
export const anyText: PlanField<string> = {
  schema: { type: "string" },
  read: (value, place) =>
    typeof value === "string" ? value : note(place, `is ${shown(value)}; write a text`),
};

export interface Range {
  readonly minimum?: number;
  readonly above?: number;
  readonly maximum?: number;
  readonly below?: number;
  readonly whole?: true;
}

export function number(range: Range): PlanField<number> {
  const { minimum = -Infinity, above = -Infinity, maximum = Infinity, below = Infinity, whole } = range;
  const bounds = [
    range.minimum === undefined ? "" : ` from ${range.minimum}`,
    range.above === undefined ? "" : ` above ${range.above}`,
    range.maximum === undefined ? "" : ` up to ${range.maximum}`,
    range.below === undefined ? "" : ` below ${range.below}`,
  ].join("");
  return {
    schema: {
      type: whole ? "integer" : "number",
      ...(range.minimum === undefined ? {} : { minimum }),
      ...(range.above === undefined ? {} : { exclusiveMinimum: above }),
      ...(range.maximum === undefined ? {} : { maximum }),
      ...(range.below === undefined ? {} : { exclusiveMaximum: below }),
    },
    read(value, place) {
      const fits =
        typeof value === "number" &&
        Number.isFinite(value) &&
        value >= minimum &&
        value > above &&
        value <= maximum &&
        value < below &&
        (whole !== true || Number.isInteger(value));
      return fits ? value : note(place, `is ${shown(value)}; give a ${whole ? "whole " : ""}number${bounds}`);
    },
  };
}

const NONZERO = "(?!0+(\\.0+)? ?%$)";
const PERCENT = "(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?) ?%$";

/** A share as `5%` or 0.05, above 0 unless `zero` lets it be. */
export function percentage({ zero = false }: { readonly zero?: boolean } = {}): PlanField<number> {
  const text = written(`^${zero ? "" : NONZERO}${PERCENT}`, "a percentage such as 5%", ([all]) => {
    // 14.5 / 100 is not 0.145 in floating point, but its decimal point moved by two places is.
    return Number(`${Number.parseFloat(all)}e-2`);
  });
  const plain = number(zero ? { minimum: 0, maximum: 1 } : { above: 0, maximum: 1 });
  return oneOf([text, plain], (value) => (typeof value === "number" ? plain : text));
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds, written as `30m` or `2h`. */
export const duration: PlanField<number> = written(
  "^([0-9]+(\\.[0-9]+)?) ?(ms|s|m|h|d)$",
  "a duration such as 30m, 2h or 1d",
  ([, amount, , unit]) => Math.round(Number(amount) * (UNITS[unit ?? "ms"] ?? 1)),
);

/** An amount of money, written as `5 USD`. */
export const money: PlanField<{ readonly amount: number; readonly currency: string }> = written(
  "^(?!0+(\\.0+)? )([0-9]+(\\.[0-9]+)?) ([A-Z]{3})$",
  "an amount such as 5 USD",
  ([, , amount, , currency]) => ({ amount: Number(amount), currency: currency ?? "" }),
);

/** The name of a metric or an objective. */
export const name: PlanField<string> = written(
  "^[A-Za-z][A-Za-z0-9_.\\-]{0,63}$",
  "a name of letters, digits, dots and dashes",
  ([all]) => all,
);

export function choice<const T extends string | number>(...values: readonly T[]): PlanField<T> {
  return {
    schema: { enum: values },
    read(value, place) {
      const chosen = values.find((one) => one === value);
      if (chosen !== undefined) return chosen;
      const texts = values.map(String);
      const meant = typeof value === "string" ? nearestName(value, texts) : undefined;
      const advice = meant === undefined ? `use ${texts.join(" or ")}` : `did you mean ${meant}?`;
      return note(place, `is ${shown(value)}; ${advice}`);
    },
  };
}

export function list<T>(
  of: PlanField<T>,
  { least = 0 }: { readonly least?: number } = {},
): PlanField<readonly T[]> {
  return {
    schema: { type: "array", items: of.schema, ...(least === 0 ? {} : { minItems: least }) },
    read(value, { path, problems }) {
      if (!Array.isArray(value)) return note({ path, problems }, `is ${shown(value)}; write a list`);
      if (value.length < least)
        return note({ path, problems }, `has ${value.length} entries; give ${least} at least`);
      const read = value.map((one, at) => of.read(one, { path: `${path}[${at}]`, problems }));
      return read.every((one) => one !== undefined) ? (read as readonly T[]) : undefined;
    },
  };
}

type Fields = Readonly<Record<string, PlanField<unknown>>>;
/** What a field reads. */
export type ReadOf<F> = F extends PlanField<infer T> ? T : never;
/** What was written of some fields. */
export type Written<F extends Fields, R extends keyof F> = {
  readonly [K in R]: ReadOf<F[K]>;
} & { readonly [K in Exclude<keyof F, R>]?: ReadOf<F[K]> };

/** A group of fields and no others. */
export function group<F extends Fields, R extends keyof F & string = never>(
  fields: F,
  required: readonly R[] = [],
): PlanField<Written<F, R>> {
  const names = Object.keys(fields);
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    },
    read(value, { path, problems }) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return note(
          { path, problems },
          `is ${shown(value)}; write fields such as ${names.slice(0, 3).join(", ")}`,
        );
      }
      const before = problems.length;
      const read: Record<string, unknown> = {};
      for (const [name, one] of Object.entries(value)) {
        const at = path === "" ? name : `${path}.${name}`;
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        if (field !== undefined) read[name] = field.read(one, { path: at, problems });
        else note({ path: at, problems }, unknownField(name, names));
      }
      for (const name of required) {
        if (!Object.hasOwn(value, name)) note({ path, problems }, `has no ${name}`);
      }
      return problems.length === before ? (read as Written<F, R>) : undefined;
    },
  };
}

function unknownField(name: string, names: readonly string[]): string {
  const meant = nearestName(name, names);
  return meant === undefined
    ? `is no field here; there are ${names.join(", ")}`
    : `is no field; did you mean ${meant}?`;
}

/** One of several forms; `pick` says by which one a value is read. */
export function oneOf<T>(
  forms: readonly PlanField<T>[],
  pick: (value: unknown) => PlanField<T>,
): PlanField<T> {
  return {
    schema: { anyOf: forms.map(({ schema }) => schema) },
    read: (value, place) => pick(value).read(value, place),
  };
}

/** A field that may be left empty on purpose. */
export function emptyOr<T>(of: PlanField<T>): PlanField<T | null> {
  return {
    schema: { anyOf: [{ type: "null" }, of.schema] },
    read: (value, place) => (value === null ? null : of.read(value, place)),
  };
}

/** Whether a value is a group of fields that has this one. */
export function hasField(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, name);
}

/** The same field with a sentence about it in its schema. */
export function described<T>(description: string, field: PlanField<T>): PlanField<T> {
  return { schema: { ...field.schema, description }, read: field.read };
}
