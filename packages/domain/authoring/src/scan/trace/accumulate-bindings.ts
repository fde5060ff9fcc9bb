/** What a name can hold after all that is set, added and appended to it. */
import type { SourceBinding } from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";
import { type Bindings, NO_TEXT } from "./tracer.ts";

/** Bindings of one name in one scope, and the source that they stand in. */
export interface BindingGroup {
  readonly bindings: Bindings;
  readonly source: string;
  /** Where the name is read, when that is in the same scope; null for a read from elsewhere. */
  readonly position: number | null;
  /** What it holds before, when it is a parameter. */
  readonly initial: SourceValue | null;
}

const known = new WeakMap<Bindings, Map<string, readonly SourceValue[]>>();

/**
 * The values that it can have, the newest last. A part that is only added in a deeper block may be missing, so it
 * stands there as a choice.
 */
export function accumulateBindings(group: BindingGroup): readonly SourceValue[] {
  const { bindings, position, initial } = group;
  const seen = position === null ? bindings : seenAt(bindings, position, initial !== null);
  const key = `${seen.length}:${seen[0]?.from}:${seen.at(-1)?.from}:${initial === null}`;
  const before = known.get(bindings)?.get(key);
  if (before !== undefined) return before;
  const values = accumulate(group, seen);
  const byKey = known.get(bindings) ?? new Map<string, readonly SourceValue[]>();
  known.set(bindings, byKey.set(key, values));
  return values;
}

/** Appending often stands below the call that reads the list, in a loop around both, so all of it counts. */
function seenAt(bindings: Bindings, position: number, hasInitial: boolean): Bindings {
  const before = bindings.filter(({ to, operator }) => to <= position || operator === "append");
  if (hasInitial || before.some(({ operator }) => operator !== "append")) return before;
  return bindings.filter(({ from, to }) => position < from || position > to);
}

/** A value that the name may have, and the binding that said so; null for what a parameter brings. */
interface Held {
  readonly value: SourceValue;
  readonly by: SourceBinding | null;
}

function accumulate({ source, initial }: BindingGroup, bindings: Bindings): readonly SourceValue[] {
  let held: readonly Held[] = initial === null ? [] : [{ value: initial, by: null }];
  for (const binding of bindings) {
    const { value, operator } = binding;
    if (operator === "set") {
      held = [
        ...held.filter(({ by }) => by === null || !isSure(source, by, binding)),
        { value, by: binding },
      ];
    } else if (held.length === 0) {
      held = [{ value: operator === "append" ? listOf(value) : value, by: binding }];
    } else if (operator === "append") {
      held = held.map((each) => ({ value: appended(each.value, value), by: each.by }));
    } else {
      held = held.map(({ value: before, by }) => {
        if (by !== null && isExclusive(source, by, binding)) return { value: before, by };
        const isAlways =
          by === null ||
          (isSure(source, by, binding) && indentOf(source, binding.from) <= indentOf(source, by.from));
        return { value: added(before, isAlways ? value : optional(value)), by };
      });
    }
  }
  return held.map(({ value }) => value);
}

// Beyond this the lines between are not looked at, so that long files stay cheap.
const FARTHEST = 20_000;

/** Whether `later` always runs after `earlier`: as far as indentation tells, its block holds that of `earlier`. */
function isSure(source: string, earlier: SourceBinding, later: SourceBinding): boolean {
  if (later.from - earlier.to > FARTHEST) return false;
  const own = indentOf(source, later.from);
  const lines = source.slice(earlier.to, later.from).split("\n").slice(1, -1);
  return lines.every((line) => line.trim() === "" || line.length - line.trimStart().length >= own);
}

const OTHERWISE = /^\s*(?:\}\s*)?(?:else|elif|except|catch|case|default)\b/;

/** Whether `later` runs only where `earlier` does not: as far as indentation tells, it stands in the `else` of it. */
function isExclusive(source: string, earlier: SourceBinding, later: SourceBinding): boolean {
  if (later.from - earlier.to > FARTHEST) return false;
  const [own, block] = [indentOf(source, earlier.from), indentOf(source, later.from)];
  const lines = source.slice(earlier.to, later.from).split("\n").slice(1, -1);
  const outside = lines
    .filter((line) => line.trim() !== "")
    .map((line) => ({ line, indent: line.length - line.trimStart().length }))
    .findLast(({ indent }) => indent < Math.min(own, block));
  return outside !== undefined && OTHERWISE.test(outside.line);
}

function indentOf(source: string, from: number): number {
  const start = source.lastIndexOf("\n", from - 1) + 1;
  let at = start;
  while (source[at] === " " || source[at] === "\t") at += 1;
  return at - start;
}

function listOf(item: SourceValue): SourceValue {
  return { kind: "list", items: [item], from: item.from, to: item.to };
}

function optional(value: SourceValue): SourceValue {
  return { kind: "choice", options: [value, NO_TEXT], from: value.from, to: value.to };
}

function added(value: SourceValue, part: SourceValue): SourceValue {
  const parts = value.kind === "concatenation" && value.separator === null ? value.parts : [value];
  return { kind: "concatenation", parts: [...parts, part], separator: null, ...around(value, part) };
}

function appended(value: SourceValue, item: SourceValue): SourceValue {
  const before: readonly SourceValue[] =
    value.kind === "list" ? value.items : [{ kind: "spread", value, from: value.from, to: value.to }];
  const items = item.kind === "spread" && item.value.kind === "list" ? item.value.items : [item];
  return { kind: "list", items: [...before, ...items], ...around(value, item) };
}

function around(first: SourceValue, last: SourceValue): { readonly from: number; readonly to: number } {
  return { from: Math.min(first.from, last.from), to: Math.max(first.to, last.to) };
}
