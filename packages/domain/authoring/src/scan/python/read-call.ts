/** A call as it stands: its callee's steps, its arguments, and what it appends to a list. */
import { tellTexts } from "../source/module-draft.ts";
import { type Place, within } from "../source/place.ts";
import type { SourceArgument } from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";
import { bindName, groupsOf, type PythonReader, pathOf, spanOf } from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";
import { readGenerated, spread } from "./read-collection.ts";

/** A chain of members and calls up to one of its links. */
export interface Stretch {
  readonly value: SourceValue;
  /** Its steps as a callee's. */
  readonly steps: readonly string[];
  /** What the last step was read from; null for a plain name. */
  readonly receiver: SourceValue | null;
}

/** An argument as written: `value`, `name=value`, `*value`, `**value` or `value for …`. */
export interface WrittenArgument {
  /** `*` and `**` for what is spread; null for one by position. */
  readonly name: string | null;
  readonly nodes: readonly PythonNode[];
  readonly value: PythonNode;
}

/** Position of what a method appends, by its name. */
const APPENDING: ReadonlyMap<string, number> = new Map([
  ["append", 0],
  ["appendleft", 0],
  ["extend", 0],
  ["insert", 1],
]);

/** @param list the argument list of a call, a class or a decorator. */
export function argumentsOf(reader: PythonReader, list: PythonNode | null): readonly WrittenArgument[] {
  return groupsOf(list?.children ?? []).map((nodes) => {
    const [first, operator, third] = nodes;
    const isNamed = operator?.name === "AssignOp" && third !== undefined;
    const isWalrus = isNamed && operator.to - operator.from === 2;
    if (first!.name === "*" || first!.name === "**")
      return { name: first!.name, nodes, value: nodes.at(-1)! };
    if (!isNamed) return { name: null, nodes, value: first! };
    return {
      name: isWalrus ? null : reader.draft.file.source.slice(first!.from, first!.to),
      nodes,
      value: third,
    };
  });
}

/** Reads the arguments and fills in the call that was reserved. */
export function readCall(
  reader: PythonReader,
  { node, list }: { readonly node: PythonNode; readonly list: PythonNode | null },
  { call, callee, place }: { readonly call: number; readonly callee: Stretch; readonly place: Place },
): SourceValue {
  const appended = appendTarget(reader, node, callee);
  const inside = appended === null ? place : within(place, { kind: "binding", name: appended.name });
  const isPattern = callee.steps.length === 2 && /^(?:re|regex)$/.test(callee.steps[0]!);
  const given = argumentsOf(reader, list).map((written, position): SourceArgument => {
    const isSpread = written.name === "*" || written.name === "**";
    const name = isSpread ? null : written.name;
    const there = within(inside, { kind: "argument", call, name, position });
    const read = readArgument(reader, written, there);
    const value: SourceValue =
      isPattern && position === 0 && read.kind === "text" ? { ...read, isBytes: true } : read;
    tellTexts(reader.draft, value, there);
    return { name, value, from: written.nodes[0]!.from, to: written.nodes.at(-1)!.to };
  });
  reader.draft.calls[call] = {
    callee: callee.steps,
    receiver: callee.receiver,
    calleeSpan: { from: node.from, to: list?.from ?? node.to },
    arguments: given,
    isNew: false,
    isAwaited: false,
    scope: place.scope,
    ...spanOf(node),
  };
  const value = appended === null ? undefined : given[appended.position]?.value;
  if (appended !== null && value !== undefined) {
    const isList = callee.steps.at(-1) === "extend";
    const added: SourceValue = isList ? { kind: "spread", value, from: value.from, to: value.to } : value;
    bindName(reader, appended.name, {
      value: added,
      operator: "append",
      isConstant: false,
      scope: place.scope,
      ...spanOf(node),
    });
  }
  return { kind: "call", call, ...spanOf(node) };
}

function readArgument(reader: PythonReader, written: WrittenArgument, place: Place): SourceValue {
  if (written.name === "*" || written.name === "**")
    return spread(reader.part(written.value, place), written.nodes);
  if (written.nodes.some((node) => node.name === "for")) {
    const span = { from: written.nodes[0]!.from, to: written.nodes.at(-1)!.to };
    return readGenerated(reader, written.nodes, { place, isPart: false, span });
  }
  const value = reader.part(written.value, place);
  const walrus = written.nodes[1];
  if (written.name === null && walrus?.name === "AssignOp") {
    const name = pathOf(reader, written.nodes[0]!);
    if (name !== null)
      bindName(reader, name, {
        value,
        operator: "set",
        scope: place.scope,
        from: written.nodes[0]!.from,
        to: value.to,
      });
  }
  return value;
}

/** The list that `list.append(…)` appends to, and which argument; null for any other call. */
function appendTarget(
  reader: PythonReader,
  node: PythonNode,
  { steps }: Stretch,
): { readonly name: string; readonly position: number } | null {
  const position = steps.length > 1 ? APPENDING.get(steps.at(-1)!) : undefined;
  const object = node.children[0]?.children[0];
  const name = position === undefined || object === undefined ? null : pathOf(reader, object);
  return position === undefined || name === null ? null : { name, position };
}
