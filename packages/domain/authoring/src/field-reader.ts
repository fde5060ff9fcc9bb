/** Reads fields of parsed JSON or YAML and keeps one sentence for everything that is wrong with them. */

import type { JsonSchema } from "@colophon/kernel";
import { nearestName } from "@colophon/kernel";

/** Names and indices on the way from the top of a document to a value. */
export type Steps = readonly (string | number)[];

/** A value with the way to it, and the list that its problems go to. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
  readonly problems: string[];
  /** The way to it, and where each problem points, for a reader that knows lines. */
  readonly steps?: Steps;
  readonly places?: Map<string, Steps>;
}

export type Read<T> = (field: Field) => T | undefined;
export type Fields = Readonly<Record<string, unknown>>;

const SHOWN = 60;
/** A longer name is no slip of the pen, and so many unknown ones are none either. */
const LONGEST_NAME = 100;
const MOST_SLIPS = 20;

/** Adds a problem as a sentence of its own. */
export function report({ problems, places, steps = [] }: Field, sentence: string): undefined {
  problems.push(sentence);
  places?.set(sentence, steps);
  return undefined;
}

/** Adds a problem: what is there, and what to do; the advice ends the sentence. */
export function complain(field: Field, advice: string): undefined {
  return report(field, `${field.path} is ${show(field.value)}: ${advice}${advice.endsWith("?") ? "" : "."}`);
}

function show(value: unknown): string {
  return shortened(JSON.stringify(value) ?? String(value));
}

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field of an object; absent and undefined are the same. */
export function fieldOf(field: Field, name: string): Field {
  const { value, path, steps = [] } = field;
  const inside = isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return {
    ...field,
    value: inside,
    path: path === "" ? name : `${path}.${name}`,
    steps: [...steps, name],
  };
}

/** Undefined for an absent field, without a problem. */
export function optional<T>(field: Field, read: Read<T>): T | undefined {
  return field.value === undefined ? undefined : read(field);
}

/** The same, where null is an answer too. */
export function nullable<T>(field: Field, read: Read<T>): T | null | undefined {
  return field.value === null ? null : optional(field, read);
}

/** Refuses fields that nobody reads, since a misspelt one would be lost in silence. */
export function refuseUnknown(field: Field, known: readonly string[]): void {
  if (!isFields(field.value)) return;
  const where = field.path === "" ? "" : `${field.path}.`;
  const unknown = Object.keys(field.value).filter((name) => !known.includes(name));
  for (const [index, name] of unknown.entries()) {
    const isSlip = index < MOST_SLIPS && name.length <= LONGEST_NAME;
    const meant = isSlip ? nearestName(name, known) : undefined;
    const what = `${where}${shortened(name)} is no field here`;
    report(
      fieldOf(field, name),
      meant === undefined ? `${what}: use ${known.join(", ")}.` : `${what}: did you mean ${meant}?`,
    );
  }
}

export const readText: Read<string> = (field) =>
  typeof field.value === "string" && field.value.trim() !== "" ? field.value : complain(field, "give a text");

export const readObject: Read<Fields> = (field) =>
  isFields(field.value) ? field.value : complain(field, "give an object");

export function readWord<T extends string>(words: readonly T[]): Read<T> {
  return (field) => {
    const found = words.find((word) => word === field.value);
    if (found !== undefined) return found;
    const { value } = field;
    const isName = typeof value === "string" && value.length <= LONGEST_NAME;
    const meant = isName ? nearestName(value, words) : undefined;
    return complain(
      field,
      meant === undefined
        ? `use ${words.slice(0, -1).join(", ")} or ${words.at(-1)}`
        : `did you mean "${meant}"?`,
    );
  };
}

export function readList<T>(read: Read<T>): Read<readonly T[]> {
  return (field) => {
    if (!Array.isArray(field.value)) return complain(field, "give a list");
    return field.value.flatMap((value, index) => {
      const steps = [...(field.steps ?? []), index];
      const item = read({ ...field, value, path: `${field.path}[${index}]`, steps });
      return item === undefined ? [] : [item];
    });
  };
}

/** An object whose names are free. */
export function readNamed<T>(read: Read<T>): Read<Readonly<Record<string, T>>> {
  return (field) => {
    const fields = readObject(field);
    if (fields === undefined) return undefined;
    return Object.fromEntries(
      Object.keys(fields).flatMap((name) => {
        const item = read(fieldOf(field, name));
        return item === undefined ? [] : [[name, item] as const];
      }),
    );
  };
}

/** A JSON Schema of an object: what variables and tool arguments are. */
export const readObjectSchema: Read<JsonSchema> = (field) => {
  const schema = readSchema(field);
  if (schema === undefined) return undefined;
  if (schema.type !== undefined && schema.type !== "object") {
    return complain(fieldOf(field, "type"), 'variables have names, so write "object"');
  }
  return schema;
};

/** A JSON Schema, looked at as far as Colophon reads it. */
export const readSchema: Read<JsonSchema> = (field) => {
  if (!isFields(field.value)) return complain(field, "give a JSON Schema, an object");
  const before = field.problems.length;
  optional(fieldOf(field, "required"), readList(readText));
  optional(fieldOf(field, "properties"), readNamed(readProperty));
  return field.problems.length === before ? field.value : undefined;
};

const readProperty: Read<unknown> = (field) =>
  typeof field.value === "boolean" ? field.value : readSchema(field);
