/** Reads what a call is given: options by name or path, and plain values of them. */
import type { Located } from "./entity.ts";
import { argumentNamed } from "./follow-call.ts";
import { type CallAt, callAt, type Tracer } from "./tracer.ts";

/** An argument by position (`0`), by name, or by a path from one (`config.systemInstruction`); null where it is not. */
export function optionAt(tracer: Tracer, at: CallAt, path: string): Located | null {
  const [first = "", ...rest] = path.split(".");
  const given = /^\d+$/.test(first)
    ? positional(tracer, at, Number(first))
    : argumentNamed(tracer, at, first);
  if (given === null) return null;
  const found = rest.reduce<Located>(memberAt, given);
  return rest.length === 0 || isKnown(tracer, found) ? found : null;
}

function positional(tracer: Tracer, { module, call, frame }: CallAt, position: number): Located | null {
  const given = callAt(tracer, { module, call }).arguments.filter(({ name }) => name === null)[position];
  return given === undefined || given.value.kind === "spread" ? null : { module, value: given.value, frame };
}

/** A property of a value, to be followed. */
export function memberAt({ module, value, frame }: Located, property: string): Located {
  const { from, to } = value;
  return { module, value: { kind: "member", object: value, property, from, to }, frame };
}

function isKnown(tracer: Tracer, at: Located): boolean {
  const { value } = at;
  return value.kind !== "member" || tracer.members({ ...at, value: value.object }, value.property).length > 0;
}

const LONGEST_TEXT = 200;
const DEEPEST = 4;

/** A number, a boolean, a short text, or lists and objects of them; undefined for anything else. */
export function plainValue(tracer: Tracer, at: Located, ...[depth = 0]: readonly number[]): unknown {
  if (depth > DEEPEST) return undefined;
  const known = tracer.expand(at).flatMap((entity) => (entity.kind === "value" ? [entity.at] : []));
  for (const { value, module, frame } of known) {
    if (value.kind === "plain" && value.value !== null) return value.value;
    if (value.kind === "text") {
      const text = value.pieces.length === 0 ? "" : value.pieces[0];
      if (value.pieces.length < 2 && typeof text === "string" && text.length <= LONGEST_TEXT) return text;
    }
    if (value.kind === "list") {
      const items = value.items.map((item) => plainValue(tracer, { module, value: item, frame }, depth + 1));
      if (!items.includes(undefined)) return items;
    }
    if (value.kind === "object") {
      const entries = value.entries.map(
        ({ key, value: entry }) =>
          [key, plainValue(tracer, { module, value: entry, frame }, depth + 1)] as const,
      );
      if (entries.every(([key, entry]) => key !== null && entry !== undefined))
        return Object.fromEntries(entries);
    }
  }
  return undefined;
}
