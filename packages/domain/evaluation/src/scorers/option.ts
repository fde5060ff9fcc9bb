/** The options that a spec gives its scorer: their kinds, and a sentence for what is wrong with them. */
import { HarnessError, nearestName } from "@colophon/kernel";
import type { ScorerSpec } from "../eval-case.ts";

/** What values an option takes. */
export interface OptionKind<T> {
  /** Ends the sentence "takes …". */
  readonly wanted: string;
  readonly accepts: (value: unknown) => value is T;
}

export interface Option<T> {
  readonly kind: OptionKind<unknown>;
  readonly isRequired: boolean;
  /** Of an option that is not given. */
  readonly fallback: T;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

export type OptionsOf<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? T : never;
};

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

export const TEXT: OptionKind<string> = { wanted: "a text", accepts: isText };
export const FLAG: OptionKind<boolean> = {
  wanted: "true or false",
  accepts: (value) => typeof value === "boolean",
};
export const NUMBER: OptionKind<number> = { wanted: "a number", accepts: isNumber };
export const AMOUNT: OptionKind<number> = {
  wanted: "a number of 0 or more",
  accepts: (value): value is number => isNumber(value) && value >= 0,
};
export const SHARE: OptionKind<number> = {
  wanted: "a number from 0 to 1",
  accepts: (value): value is number => isNumber(value) && value >= 0 && value <= 1,
};
export const TEXTS: OptionKind<readonly string[]> = {
  wanted: "a list of texts, at least one",
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && value.length > 0 && value.every(isText),
};
export const OBJECT: OptionKind<Readonly<Record<string, unknown>>> = {
  wanted: "an object",
  accepts: (value): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value),
};
/** Undefined is no JSON value, so it stands for an option that is not given. */
export const JSON_VALUE: OptionKind<unknown> = {
  wanted: "a JSON value",
  accepts: (value): value is unknown => value !== undefined,
};

export function oneOfWords<const T extends string>(words: readonly T[]): OptionKind<T> {
  return {
    wanted: `one of ${words.join(", ")}`,
    accepts: (value): value is T => words.some((word) => word === value),
  };
}

export function required<T>(kind: OptionKind<T>): Option<T> {
  return { kind, isRequired: true, fallback: undefined as T };
}

export function optional<T>(kind: OptionKind<T>): Option<T | undefined> {
  return { kind, isRequired: false, fallback: undefined };
}

export function defaulted<T>(kind: OptionKind<T>, fallback: T): Option<T> {
  return { kind, isRequired: false, fallback };
}

/** @throws HarnessError `input-malformed` for an unknown, missing or unfit option. */
export function readOptions<Table extends OptionTable>(spec: ScorerSpec, table: Table): OptionsOf<Table> {
  const given = spec.options ?? {};
  for (const name of Object.keys(given)) if (!Object.hasOwn(table, name)) throw unknown(spec, name, table);
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, readOption(spec, name, option)]),
  ) as OptionsOf<Table>;
}

function readOption({ scorer, options }: ScorerSpec, name: string, option: Option<unknown>): unknown {
  const value = options?.[name];
  if (value === undefined) {
    if (!option.isRequired) return option.fallback;
    throw badSpec(`Scorer "${scorer}" needs the option ${name}: give ${option.kind.wanted}.`);
  }
  if (option.kind.accepts(value)) return value;
  throw badSpec(`The option ${name} of scorer "${scorer}" takes ${option.kind.wanted}, not ${shown(value)}.`);
}

function unknown({ scorer }: ScorerSpec, name: string, table: OptionTable): HarnessError {
  const known = Object.keys(table);
  const near = nearestName(name, known);
  const hint =
    near !== undefined
      ? `did you mean ${near}?`
      : known.length === 0
        ? "it takes none."
        : `it takes ${known.join(", ")}.`;
  return badSpec(`Scorer "${scorer}" has no option ${name}: ${hint}`);
}

/** What a spec cannot mean. */
export function badSpec(sentence: string): HarnessError {
  return new HarnessError("input-malformed", sentence);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
