/** Chains of members, subscripts and calls, such as `client.chat.completions.create(…)`, read without recursion. */

import { widened } from "../source/adjust-text.ts";
import { markAwaited, reserveCall, tellTexts } from "../source/module-draft.ts";
import { type Place, within } from "../source/place.ts";
import type { SourceValue } from "../source/source-value.ts";
import {
  childNamed,
  type ExpressionTable,
  isToken,
  type PythonReader,
  readValue,
  sourceOf,
  spanOf,
  withoutParentheses,
} from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";
import { readCall, type Stretch } from "./read-call.ts";
import { keyOf } from "./read-collection.ts";
import { type ComposingCall, composingCall, readComposed } from "./read-composing-call.ts";
import { isComposingFunction, readComposingFunction } from "./read-composing-function.ts";

/** What is done with the value of the chain so far. */
type Link =
  | { readonly kind: "await" | "member"; readonly node: PythonNode }
  | { readonly kind: "call"; readonly node: PythonNode; readonly call: number }
  | { readonly kind: "composing"; readonly node: PythonNode; readonly composing: ComposingCall };

/** Of a callee's steps; a builder may chain thousands of calls. */
const MAX_STEPS = 16;

export const CHAIN_EXPRESSIONS: ExpressionTable = { MemberExpression: readChain, CallExpression: readChain };

function readChain(reader: PythonReader, node: PythonNode, place: Place): SourceValue {
  const links: Link[] = [];
  let root = node;
  for (;;) {
    root = withoutParentheses(root);
    const link = linkOf(reader, root, { place, isInside: links.length > 0 });
    if (link === null) break;
    links.push(link);
    root =
      link.kind === "composing"
        ? link.composing.object
        : root.children[link.kind === "await" ? root.children.length - 1 : 0]!;
  }
  let stretch = readRoot(reader, root, place);
  for (const link of links.reverse()) stretch = follow(reader, link, { stretch, place });
  return stretch.value;
}

/** Calls get their numbers from the outermost inward: they begin at one place. */
function linkOf(
  reader: PythonReader,
  node: PythonNode,
  { place, isInside }: { readonly place: Place; readonly isInside: boolean },
): Link | null {
  if (node.name === "AwaitExpression" && isInside) return { kind: "await", node };
  if (node.name === "MemberExpression") return { kind: "member", node };
  if (node.name !== "CallExpression" || isComposingFunction(reader, node)) return null;
  const composing = composingCall(reader, node);
  if (composing) return { kind: "composing", node, composing };
  return { kind: "call", node, call: reserveCall(reader.draft, node, place.scope) };
}

function readRoot(reader: PythonReader, root: PythonNode, place: Place): Stretch {
  const value =
    root.name === "CallExpression" ? readComposingFunction(reader, root, place) : reader.part(root, place);
  const isName = value.kind === "name" && root.name === "VariableName";
  return { value, steps: [isName ? value.name : "()"], receiver: isName ? null : value };
}

function follow(
  reader: PythonReader,
  link: Link,
  { stretch, place }: { readonly stretch: Stretch; readonly place: Place },
): Stretch {
  const { value } = stretch;
  const { node } = link;
  if (link.kind === "await") {
    markAwaited(reader.draft, value);
    return { ...stretch, value: widened(value, spanOf(node)) };
  }
  if (link.kind === "composing") {
    const composed = readComposed(reader, link, { value, place });
    return { value: composed, steps: stepped(stretch, "()"), receiver: composed };
  }
  tellTexts(reader.draft, value, place);
  if (link.kind === "call") {
    const list = childNamed(node, "ArgList");
    const called = readCall(reader, { node, list }, { call: link.call, callee: stretch, place });
    return { value: called, steps: stepped(stretch, "()"), receiver: called };
  }
  const property = memberName(reader, node, place);
  const member: SourceValue = { kind: "member", object: value, property, ...spanOf(node) };
  return { value: member, steps: stepped(stretch, property), receiver: value };
}

function stepped({ steps }: Stretch, step: string): readonly string[] {
  return [...(steps.length < MAX_STEPS ? steps : steps.slice(1)), step];
}

/** The attribute's name, or the key of a subscript; `[]` where that is computed or a slice. */
function memberName(reader: PythonReader, node: PythonNode, place: Place): string {
  const name = childNamed(node, "PropertyName");
  if (name) return sourceOf(reader, name);
  const inside = node.children.slice(1).filter((child) => !isToken(child));
  for (const key of inside) readValue(reader, key, within(place, { kind: "subscript" }));
  const isSlice = node.children.some((child) => child.name === ":" || child.name === ",");
  return (inside.length === 1 && !isSlice ? keyOf(reader, inside[0]!) : null) ?? "[]";
}
