/** Finds where the words of a value stand: the texts that it can be. */

import { CONTENT_CALLS } from "../clients/message-calls.ts";
import type { ConcatenationValue, ListValue, ObjectValue, SourceValue } from "../source/source-value.ts";
import type { Located, ScopePlace } from "./entity.ts";
import { argumentNamed } from "./follow-call.ts";
import { renderedTemplate } from "./rendered-template.ts";
import type { FieldStyle } from "./split-fields.ts";
import { type FilledFields, fieldsOf, hasHoles, ownWords, type TextPlace } from "./text-place.ts";
import { callAt, scopeAt, type Tracer } from "./tracer.ts";

export interface FoundPlaces {
  readonly places: TextPlace[];
  /** Expressions that only put other texts together, or say nothing of their own. */
  readonly glue: TextPlace[];
}

export interface Tracers {
  /** Follows parameters to all calls. */
  readonly full: Tracer;
  /** Knows only what is the same whoever calls. */
  readonly constant: Tracer;
}

export interface PlaceOptions {
  /** How the library fills the fields of its templates; null for none. */
  readonly fields: FieldStyle | null;
}

// With fewer words of its own an expression is what holds other texts together.
const FEW_WORDS = 3;
const DEEPEST = 6;
const MOST_STEPS = 600;
/** Properties of a piece of content in which its text stands. */
const TEXT_KEYS = ["text", "content", "parts", "value"];

/**
 * A text with words of its own is a place, whatever it puts in. One that only puts others together is glue where
 * just one of them has words, and then that one is the place; else it is a place itself.
 */
export function findPlaces(tracers: Tracers, at: Located, { fields }: PlaceOptions): FoundPlaces {
  const found: FoundPlaces = { places: [], glue: [] };
  collect({ tracers, found, left: { steps: MOST_STEPS } }, at, {
    filled: fields === null ? null : { style: fields, values: new Map() },
    depth: 0,
  });
  return found;
}

interface Search {
  readonly tracers: Tracers;
  readonly found: FoundPlaces;
  /** Of the steps of the whole question: alternatives of alternatives would have no end. */
  readonly left: { steps: number };
}

interface Below {
  readonly filled: FilledFields | null;
  readonly depth: number;
}

function collect(search: Search, at: Located, below: Below): void {
  if (below.depth > DEEPEST || search.left.steps <= 0) return;
  search.left.steps -= 1;
  for (const entity of search.tracers.full.expand(at)) {
    if (entity.kind === "value") collectValue(search, entity.at, below);
    // Where a text is wanted, a function stands for what it will return.
    if (entity.kind === "function") collectReturns(search, entity, below);
  }
}

function collectReturns(search: Search, { module, scope }: ScopePlace, below: Below): void {
  const { returns } = scopeAt(search.tracers.full, { module, scope });
  for (const value of returns)
    collect(search, { module, value, frame: null }, { ...below, depth: below.depth + 1 });
}

function collectValue(search: Search, at: Located, below: Below): void {
  const { value, module, frame } = at;
  const deeper = { ...below, depth: below.depth + 1 };
  switch (value.kind) {
    case "text":
      collectText(search, at, below);
      return;
    case "concatenation":
      collectConcatenation(search, { ...at, value }, below);
      return;
    case "format":
      if (isInPlace(value.template)) collectText(search, at, below);
      else {
        search.found.glue.push(placeOf(at, null));
        const filled = fieldsOf(value, at);
        collect(search, { module, value: value.template, frame }, { ...deeper, filled });
      }
      return;
    case "list":
      for (const item of value.items) collect(search, { module, value: item, frame }, deeper);
      return;
    case "spread":
      collect(search, { module, value: value.value, frame }, deeper);
      return;
    case "object":
      if (isToolResult(value)) return;
      for (const { key, value: entry } of value.entries) {
        if (key === null || !TEXT_KEYS.includes(key)) continue;
        collect(search, { module, value: entry, frame }, deeper);
      }
      return;
    case "call":
      collectCall(search, { module, call: value.call, frame }, deeper);
  }
}

/** What a tool answered is no prompt. */
function isToolResult({ entries }: ObjectValue): boolean {
  const type = entries.find(({ key }) => key === "type")?.value;
  return (
    type?.kind === "text" && /^(?:tool_result|tool-result|function_call_output)$/.test(String(type.pieces[0]))
  );
}

/** Parts of content that are made by a call, such as `Part.from_text(text=…)`. */
function collectCall(
  search: Search,
  at: { readonly module: number; readonly call: number; readonly frame: Located["frame"] },
  below: Below,
): void {
  const { callee, arguments: given } = callAt(search.tracers.full, at);
  const rendered = renderedTemplate(search.tracers.full, at);
  if (rendered !== null) {
    collect(search, rendered.template, { ...below, filled: rendered.filled });
    return;
  }
  if (!CONTENT_CALLS.has(callee.at(-1) ?? "")) return;
  const first = given.find(({ name }) => name === null);
  const named = TEXT_KEYS.map((key) => argumentNamed(search.tracers.full, at, key)).find(
    (each) => each !== null,
  );
  const text = named ?? (first === undefined ? null : { ...at, value: first.value });
  if (text !== null) collect(search, text, below);
}

function isInPlace(value: SourceValue): boolean {
  return (
    value.kind === "text" ||
    value.kind === "concatenation" ||
    (value.kind === "format" && isInPlace(value.template))
  );
}

function placeOf({ module, value }: Located, filled: FilledFields | null): TextPlace {
  return { module, value, filled, from: value.from, to: value.to };
}

function collectText(search: Search, at: Located, below: Below): void {
  const { value, module, frame } = at;
  const place = placeOf(at, below.filled);
  const own = ownWords(value);
  if (own >= FEW_WORDS) {
    search.found.places.push(place);
    return;
  }
  const inner: FoundPlaces = { places: [], glue: [] };
  for (const hole of holesOf(value)) {
    collect(
      { ...search, found: inner },
      { module, value: hole, frame },
      // What is put together is filled as a whole.
      { filled: below.filled, depth: below.depth + 1 },
    );
  }
  const distinct = new Set(inner.places.map(({ value: each }) => each));
  if (distinct.size > 1 && holdsConstants(search, at)) {
    search.found.places.push(place);
    return;
  }
  if (distinct.size > 0) {
    for (const each of inner.places) search.found.places.push(each);
    for (const each of [place, ...inner.glue]) search.found.glue.push(each);
  } else if (own >= 2 || (own === 1 && hasHoles(value))) search.found.places.push(place);
  else search.found.glue.push(place);
}

/** Whether more than one of its parts is a constant text: then the whole is what is written. */
function holdsConstants({ tracers }: Search, { value, module }: Located): boolean {
  const constants = holesOf(value).filter((hole) => {
    const found = tracers.constant.expand({ module, value: hole, frame: null });
    const [only] = found;
    return found.length === 1 && only?.kind === "value" && isInPlace(only.at.value);
  });
  return constants.length > 1;
}

/** What is put into a text, in the order in which it stands there. */
function holesOf(value: SourceValue): readonly SourceValue[] {
  switch (value.kind) {
    case "text":
      return value.pieces.flatMap((piece) => (typeof piece === "string" ? [] : holesOrSelf(piece)));
    case "concatenation":
      return value.parts.flatMap(holesOrSelf);
    case "format":
      return [...holesOf(value.template), ...value.values.flatMap((each) => holesOrSelf(each.value))];
    default:
      return [];
  }
}

function holesOrSelf(value: SourceValue): readonly SourceValue[] {
  return isInPlace(value) ? holesOf(value) : [value];
}

function collectConcatenation(
  search: Search,
  at: Located & { readonly value: ConcatenationValue },
  below: Below,
): void {
  const { value, module, frame } = at;
  const joined = joinedList(search.tracers.constant, at);
  if (joined !== null) {
    collectText(search, joined, below);
    search.found.glue.push(placeOf(at, null));
    return;
  }
  const isList = value.parts.some((part) => part.kind === "list") && value.separator === null;
  if (!isList) {
    collectText(search, at, below);
    return;
  }
  for (const part of value.parts)
    collect(search, { module, value: part, frame }, { ...below, depth: below.depth + 1 });
}

/** `LINES.join("\n")` of a constant list, as the concatenation that it is, where the list is written. */
export function joinedList(
  constant: Tracer,
  at: Located & { readonly value: ConcatenationValue },
): Located | null {
  const { parts, separator } = at.value;
  const [only] = parts;
  if (parts.length !== 1 || only?.kind !== "spread") return null;
  const found = constant.expand({ module: at.module, value: only.value, frame: null });
  const [list] = found;
  if (found.length !== 1 || list?.kind !== "value" || list.at.value.kind !== "list") return null;
  const { items, isRepeated, from, to }: ListValue = list.at.value;
  if (isRepeated || items.length === 0) return null;
  return {
    module: list.at.module,
    value: joinedValue({ parts: items, separator, from, to }),
    frame: null,
  };
}

const joins = new WeakMap<readonly SourceValue[], ConcatenationValue>();

/** The same list makes the same value, so that its place is one. */
function joinedValue(value: Omit<ConcatenationValue, "kind">): ConcatenationValue {
  const known = joins.get(value.parts) ?? { kind: "concatenation", ...value };
  joins.set(value.parts, known);
  return known;
}
