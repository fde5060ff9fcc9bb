/** Fills a JSON Schema from what was read: choices are classified, the rest is taken from the text. */

import { closestSentence, type Field, wordsOfName } from "./extract-value.ts";
import { choiceOf } from "./find-labels.ts";
import type { SpanKind } from "./find-spans.ts";
import type { SchemaNode } from "./mind-request.ts";
import { summarise } from "./summarise.ts";
import { toIsoDate, toNumber } from "./typed-value.ts";
import { stemsOf } from "./words.ts";

export interface SchemaFilling {
  readonly root: SchemaNode;
  readonly data: string;
  /** Chooses among the strings of a choice; the path tells two equal choices apart. */
  readonly choose: (path: string, options: readonly string[]) => string;
  /** Extracts the value of a field from the text, where there is one. */
  readonly extract: (path: string, field: Field) => string | undefined;
  /** Why the main label was chosen, and how probable it is. */
  readonly reason: string;
  readonly confidence: number;
  /** A mark for what a number or a truth is called, in shares of its scale, where the text is judged. */
  readonly grade?: (field: Field) => number | undefined;
  /** The scale that the prompt names, for numbers without bounds of their own. */
  readonly scale?: readonly [number, number];
  /** Leaves out what is not required and of which the text says nothing. */
  readonly evidentOnly?: boolean;
}

interface Place {
  readonly path: string;
  readonly depth: number;
}

const MAX_DEPTH = 8;
const REASON = /reason|why|explan|rationale|justif|evidence|thought/i;
const CONFIDENCE = /confiden|score|probab|certain|likelihood/i;

function asNode(value: unknown): SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as SchemaNode) : {};
}

function deref(node: SchemaNode, root: SchemaNode): SchemaNode {
  if (typeof node.$ref !== "string") return node;
  let target: unknown = root;
  for (const step of node.$ref.split("/").slice(1))
    target = asNode(target)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  return asNode(target);
}

function typeOf(node: SchemaNode): string {
  const types = (Array.isArray(node.type) ? node.type : [node.type]).filter((type) => type !== "null");
  const type = types[0];
  if (typeof type === "string") return type;
  if (node.type !== undefined) return "null";
  if (node.properties !== undefined) return "object";
  return node.items !== undefined ? "array" : "string";
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

const FORMAT_KINDS: Readonly<Record<string, SpanKind>> = {
  date: "date",
  "date-time": "date",
  email: "email",
  uri: "url",
};

function fieldOf(node: SchemaNode, place: Place): Field {
  const type = typeOf(node);
  const kind = FORMAT_KINDS[String(node.format)];
  const description = typeof node.description === "string" ? node.description : "";
  const numeric: readonly SpanKind[] = type === "number" || type === "integer" ? ["number"] : [];
  return { name: place.path, description, kinds: kind === undefined ? numeric : [kind] };
}

function leafOf(field: Field): Field {
  return { ...field, name: field.name.split(".").findLast((part) => !/^\d+$/.test(part)) ?? "" };
}

interface Bounds {
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** A share of the scale, where the number is a mark or a confidence. */
function gradedNumber(field: Field, { low, high }: Bounds, filling: SchemaFilling): number | undefined {
  const grade = filling.grade?.(leafOf(field));
  const share = grade ?? (CONFIDENCE.test(field.name) ? filling.confidence : undefined);
  if (share === undefined) return undefined;
  const [least, most] =
    grade === undefined ? [low, high] : [low ?? filling.scale?.[0], high ?? filling.scale?.[1]];
  return least === undefined || most === undefined ? share : least + share * (most - least);
}

function fillNumber(node: SchemaNode, place: Place, filling: SchemaFilling): number {
  const whole = typeOf(node) === "integer";
  const low = numberOf(node.minimum) ?? numberOf(node.exclusiveMinimum);
  const high = numberOf(node.maximum) ?? numberOf(node.exclusiveMaximum);
  const field = fieldOf(node, place);
  const said = (): number => toNumber(filling.extract(place.path, leafOf(field)) ?? "") ?? 1;
  const wanted = gradedNumber(field, { low, high }, filling) ?? said();
  const rounded = whole ? Math.round(wanted) : Number(wanted.toFixed(2));
  const margin = whole ? 1 : 0.01;
  const floor =
    low === undefined ? rounded : Math.max(rounded, node.minimum === undefined ? low + margin : low);
  return high === undefined ? floor : Math.min(floor, node.maximum === undefined ? high - margin : high);
}

const UNKNOWN: Readonly<Record<string, string>> = {
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00Z",
  email: "unknown@example.com",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** A date is turned round where its format asks for it. */
function formatted(text: string, { format, description }: SchemaNode): string {
  const iso = toIsoDate(text);
  if (format === "date-time") return `${iso ?? "2026-01-01"}T00:00:00Z`;
  const wanted = format === "date" || /\biso\b|YYYY-MM-DD/i.test(String(description ?? ""));
  return wanted && iso !== undefined ? iso : text;
}

function fillString(node: SchemaNode, place: Place, filling: SchemaFilling): string {
  const field = leafOf(fieldOf(node, place));
  const asked = REASON.test(place.path) ? filling.reason : undefined;
  const value = asked ?? filling.extract(place.path, field);
  const unknown = UNKNOWN[String(node.format)];
  const text =
    value === undefined
      ? (unknown ?? closestSentence(field, filling.data) ?? summarise(filling.data, 1))
      : formatted(value, node);
  return text.slice(0, numberOf(node.maxLength) ?? text.length).padEnd(numberOf(node.minLength) ?? 0, ".");
}

/** A boolean is true where the text has to do with its name, or where its mark is in the upper half. */
function fillBoolean(node: SchemaNode, place: Place, filling: SchemaFilling): boolean {
  const field = leafOf(fieldOf(node, place));
  const grade = filling.grade?.(field);
  if (grade !== undefined) return grade >= 0.5;
  const stems = stemsOf(filling.data);
  return [...stemsOf(`${wordsOfName(field.name)} ${field.description}`)].some((stem) => stems.has(stem));
}

/** Whether the text says anything of a place in the schema. */
function isEvident(raw: SchemaNode, place: Place, filling: SchemaFilling): boolean {
  const node = deref(raw, filling.root);
  const choice = choiceOf(node);
  const stems = stemsOf(filling.data);
  if (choice !== undefined) return choice.some((each) => [...stemsOf(each)].some((stem) => stems.has(stem)));
  if (typeOf(node) === "boolean") return fillBoolean(node, place, filling);
  return filling.extract(place.path, leafOf(fieldOf(node, place))) !== undefined;
}

function fillArray(node: SchemaNode, place: Place, filling: SchemaFilling): unknown[] {
  const least = numberOf(node.minItems) ?? 0;
  if (place.depth >= MAX_DEPTH && least === 0) return [];
  const count = Math.min(Math.max(1, least), numberOf(node.maxItems) ?? Number.POSITIVE_INFINITY);
  return Array.from({ length: count }, (_, index) =>
    fillNode(
      asNode(node.items),
      { path: index === 0 ? place.path : `${place.path}.${index}`, depth: place.depth + 1 },
      filling,
    ),
  );
}

function fillObject(node: SchemaNode, place: Place, filling: SchemaFilling): Record<string, unknown> {
  const required: readonly unknown[] = Array.isArray(node.required) ? node.required : [];
  const entries = Object.entries(asNode(node.properties))
    .map(([key, child]) => {
      const path = place.path === "" ? key : `${place.path}.${key}`;
      return { key, node: asNode(child), place: { path, depth: place.depth + 1 } };
    })
    .filter(
      (entry) =>
        required.includes(entry.key) ||
        (place.depth < MAX_DEPTH &&
          (filling.evidentOnly !== true || isEvident(entry.node, entry.place, filling))),
    );
  return Object.fromEntries(entries.map((entry) => [entry.key, fillNode(entry.node, entry.place, filling)]));
}

function fillAlternative(node: SchemaNode, place: Place, filling: SchemaFilling): unknown {
  const alternatives = [node.anyOf, node.oneOf].find(Array.isArray) ?? [];
  const nodes = alternatives.map(asNode);
  const empty = nodes.find((each) => each.type === "null");
  const full = nodes.find((each) => each.type !== "null");
  // A recursive schema ends where its own "nothing" is allowed.
  return fillNode((place.depth >= MAX_DEPTH ? (empty ?? full) : full) ?? {}, place, filling);
}

/** The allowed number that is nearest to the one a free number would be. */
function fillNumberChoice(node: SchemaNode, place: Place, filling: SchemaFilling): number | undefined {
  const values = (node.enum as readonly unknown[]).filter((value) => typeof value === "number");
  if (values.length < 2) return undefined;
  const bounds = { minimum: Math.min(...values), maximum: Math.max(...values) };
  const free = Number(fillNumber({ ...node, ...bounds, type: "number" }, place, filling));
  return values.toSorted((left, right) => Math.abs(left - free) - Math.abs(right - free))[0];
}

function fillNode(raw: SchemaNode, place: Place, filling: SchemaFilling): unknown {
  const node = deref(raw, filling.root);
  if (place.depth > 4 * MAX_DEPTH) return null;
  if (node.const !== undefined) return node.const;
  const choice = choiceOf(node);
  if (choice !== undefined) return filling.choose(place.path, choice);
  if (Array.isArray(node.enum)) return fillNumberChoice(node, place, filling) ?? node.enum[0];
  if (Array.isArray(node.anyOf) || Array.isArray(node.oneOf))
    return fillAlternative(node, { ...place, depth: place.depth + 1 }, filling);
  switch (typeOf(node)) {
    case "object":
      return fillObject(node, place, filling);
    case "array":
      return fillArray(node, place, filling);
    case "number":
    case "integer":
      return fillNumber(node, place, filling);
    case "boolean":
      return fillBoolean(node, place, filling);
    case "null":
      return null;
    default:
      return fillString(node, place, filling);
  }
}

/** A value that fits the schema (patterns and conditional parts are not read). */
export function fillSchema(filling: SchemaFilling): unknown {
  return fillNode(filling.root, { path: "", depth: 0 }, filling);
}
