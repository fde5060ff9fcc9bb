/** Fills a JSON Schema from what was read: choices are classified, the rest is taken from the text. */

import { choiceOf } from "./find-labels.ts";
import type { SchemaNode } from "./mind-request.ts";
import { summarise } from "./summarise.ts";
import { sentencesOf, stemsOf } from "./words.ts";

export interface SchemaFilling {
  readonly root: SchemaNode;
  readonly data: string;
  /** Chooses among the strings of a choice; the path tells two equal choices apart. */
  readonly choose: (path: string, options: readonly string[]) => string;
  /** Why the main label was chosen, and how probable it is. */
  readonly reason: string;
  readonly confidence: number;
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

function fillNumber(node: SchemaNode, place: Place, filling: SchemaFilling): number {
  const whole = typeOf(node) === "integer";
  const low = numberOf(node.minimum) ?? numberOf(node.exclusiveMinimum);
  const high = numberOf(node.maximum) ?? numberOf(node.exclusiveMaximum);
  const said = /\d+(?:\.\d+)?/.exec(filling.data)?.[0];
  const share = CONFIDENCE.test(place.path) ? filling.confidence : undefined;
  const spread =
    share !== undefined && low !== undefined && high !== undefined ? low + share * (high - low) : share;
  const wanted = spread ?? Number(said ?? 1);
  const rounded = whole ? Math.round(wanted) : Number(wanted.toFixed(2));
  const margin = whole ? 1 : 0.01;
  const floor =
    low === undefined ? rounded : Math.max(rounded, node.minimum === undefined ? low + margin : low);
  return high === undefined ? floor : Math.min(floor, node.maximum === undefined ? high - margin : high);
}

/** The sentence of the text that has most to do with the name and description of the place. */
function closestSentence(node: SchemaNode, place: Place, data: string): string {
  const wanted = stemsOf(
    `${place.path.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[._]/g, " ")} ${String(node.description ?? "")}`,
  );
  const overlap = (sentence: string): number =>
    [...stemsOf(sentence)].filter((stem) => wanted.has(stem)).length;
  const best = sentencesOf(data).toSorted((left, right) => overlap(right) - overlap(left))[0];
  return best === undefined || overlap(best) === 0 ? summarise(data, 1) : best;
}

function fillString(node: SchemaNode, place: Place, filling: SchemaFilling): string {
  const { data } = filling;
  if (node.format === "date") return /\d{4}-\d{2}-\d{2}/.exec(data)?.[0] ?? "2026-01-01";
  if (node.format === "date-time") return `${/\d{4}-\d{2}-\d{2}/.exec(data)?.[0] ?? "2026-01-01"}T00:00:00Z`;
  if (node.format === "email") return /[\w.+-]+@[\w-]+(?:\.\w+)+/.exec(data)?.[0] ?? "unknown@example.com";
  if (node.format === "uuid") return "00000000-0000-4000-8000-000000000000";
  const text = REASON.test(place.path) ? filling.reason : closestSentence(node, place, data);
  return text.slice(0, numberOf(node.maxLength) ?? text.length).padEnd(numberOf(node.minLength) ?? 0, ".");
}

/** A boolean is true where the text has to do with its name. */
function fillBoolean(node: SchemaNode, place: Place, data: string): boolean {
  const leaf = place.path.split(".").at(-1) ?? "";
  const name = leaf.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
  const stems = stemsOf(data);
  return [...stemsOf(`${name} ${String(node.description ?? "")}`)].some((stem) => stems.has(stem));
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
  const entries = Object.entries(asNode(node.properties)).filter(
    ([key]) => required.includes(key) || place.depth < MAX_DEPTH,
  );
  return Object.fromEntries(
    entries.map(([key, child]) => [
      key,
      fillNode(
        asNode(child),
        { path: place.path === "" ? key : `${place.path}.${key}`, depth: place.depth + 1 },
        filling,
      ),
    ]),
  );
}

function fillAlternative(node: SchemaNode, place: Place, filling: SchemaFilling): unknown {
  const alternatives = [node.anyOf, node.oneOf].find(Array.isArray) ?? [];
  const nodes = alternatives.map(asNode);
  const empty = nodes.find((each) => each.type === "null");
  const full = nodes.find((each) => each.type !== "null");
  // A recursive schema ends where its own "nothing" is allowed.
  return fillNode((place.depth >= MAX_DEPTH ? (empty ?? full) : full) ?? {}, place, filling);
}

function fillNode(raw: SchemaNode, place: Place, filling: SchemaFilling): unknown {
  const node = deref(raw, filling.root);
  if (place.depth > 4 * MAX_DEPTH) return null;
  if (node.const !== undefined) return node.const;
  const choice = choiceOf(node);
  if (choice !== undefined) return filling.choose(place.path, choice);
  if (Array.isArray(node.enum)) return node.enum[0];
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
      return fillBoolean(node, place, filling.data);
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
