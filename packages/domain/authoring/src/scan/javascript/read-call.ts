/** A call as it stands: its callee's steps, its arguments, and what it appends to a list. */
import type { Node } from "@babel/types";
import { tellTexts } from "../source/module-draft.ts";
import { type Place, within } from "../source/place.ts";
import type { SourceArgument } from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";
import { type JavaScriptReader, pathOf, spanOf, withoutCasts } from "./javascript-reader.ts";

export type CallNode = Extract<Node, { type: "CallExpression" | "OptionalCallExpression" | "NewExpression" }>;

/** A chain of members and calls up to one of its links. */
export interface Stretch {
  readonly value: SourceValue;
  /** Its steps as a callee's. */
  readonly steps: readonly string[];
  /** What the last step was read from; null for a plain name. */
  readonly receiver: SourceValue | null;
}

const APPENDING = new Set(["push", "unshift"]);

/** Reads the arguments and fills in the call that was reserved. */
export function readCall(
  reader: JavaScriptReader,
  node: CallNode,
  { call, callee, place }: { readonly call: number; readonly callee: Stretch; readonly place: Place },
): SourceValue {
  const appendedTo = appendTarget(node, callee);
  const inside = appendedTo === null ? place : within(place, { kind: "binding", name: appendedTo });
  const isPattern = callee.steps.length === 1 && callee.steps[0] === "RegExp";
  const given = node.arguments.map((argument, position): SourceArgument => {
    const there = within(inside, { kind: "argument", call, name: null, position });
    const read = reader.part(argument, there);
    const value: SourceValue = isPattern && read.kind === "text" ? { ...read, isBytes: true } : read;
    tellTexts(reader.draft, value, there);
    return { name: null, value, ...spanOf(argument) };
  });
  const isNew = node.type === "NewExpression";
  reader.draft.calls[call] = {
    callee: callee.steps,
    receiver: callee.receiver,
    calleeSpan: spanOf(node.callee),
    arguments: given,
    isNew,
    isAwaited: false,
    scope: place.scope,
    ...spanOf(node),
  };
  if (appendedTo !== null) {
    for (const { value } of given) {
      const binding = { name: appendedTo, value, operator: "append", isConstant: false } as const;
      reader.draft.scopes[place.scope]!.bindings.push({ ...binding, ...spanOf(node) });
    }
  }
  return { kind: "call", call, ...spanOf(node) };
}

/** The list that `list.push(…)` appends to; null for any other call. */
function appendTarget(node: CallNode, callee: Stretch): string | null {
  const member = withoutCasts(node.callee);
  const isAppending = callee.steps.length > 1 && APPENDING.has(callee.steps.at(-1)!);
  return isAppending && member.type === "MemberExpression" ? pathOf(withoutCasts(member.object)) : null;
}
