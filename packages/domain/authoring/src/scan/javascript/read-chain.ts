/** Chains of members and calls, such as `client.chat.completions.create(…)`, read without recursion. */
import type { Node } from "@babel/types";
import { widened } from "../source/adjust-text.ts";
import { markAwaited, reserveCall, tellTexts } from "../source/module-draft.ts";
import { type Place, within } from "../source/place.ts";
import type { SourceValue } from "../source/source-value.ts";
import {
  type ExpressionTable,
  type JavaScriptReader,
  keyName,
  readValue,
  spanOf,
  withoutCasts,
} from "./javascript-reader.ts";
import { type CallNode, readCall, type Stretch } from "./read-call.ts";
import { type ComposingCall, composingCall, readComposed, readListParts } from "./read-composing-call.ts";
import { isComposingFunction, readComposingFunction } from "./read-composing-function.ts";
import { moduleValue, requiredModule } from "./required-module.ts";

type MemberNode = Extract<Node, { type: "MemberExpression" | "OptionalMemberExpression" }>;

/** What is done with the value of the chain so far. */
type Link =
  | { readonly kind: "cast"; readonly node: Node }
  | { readonly kind: "await"; readonly node: Node }
  | { readonly kind: "member"; readonly node: MemberNode }
  | { readonly kind: "call"; readonly node: CallNode; readonly call: number }
  | { readonly kind: "composing"; readonly node: CallNode; readonly composing: ComposingCall };

/** Of a callee's steps; a builder may chain thousands of calls. */
const MAX_STEPS = 16;

export const CHAIN_EXPRESSIONS: ExpressionTable = {
  MemberExpression: readChain,
  OptionalMemberExpression: readChain,
  CallExpression: readChain,
  OptionalCallExpression: readChain,
  NewExpression: readChain,
};

function readChain(reader: JavaScriptReader, node: Node, place: Place): SourceValue {
  const { root, links } = unroll(reader, node, place);
  let stretch = readRoot(reader, root, { place, isJoined: isJoin(links[0]) });
  for (const link of links) stretch = follow(reader, link, { stretch, place });
  return stretch.value;
}

/** The root, and the links from it outward. Calls get their numbers from the outermost inward: they begin at one place. */
function unroll(
  reader: JavaScriptReader,
  node: Node,
  place: Place,
): { readonly root: Node; readonly links: readonly Link[] } {
  const links: Link[] = [];
  for (let at = node; ; ) {
    const outer = links.at(-1);
    const isJoined = outer?.kind === "composing" && outer.composing.kind === "join";
    const inside = withoutCasts(at);
    if (inside !== at) {
      links.push({ kind: "cast", node: at });
      at = inside;
    } else if (at.type === "AwaitExpression" && links.length > 0 && requiredModule(at) === null) {
      links.push({ kind: "await", node: at });
      at = at.argument;
    } else if (at.type === "MemberExpression" || at.type === "OptionalMemberExpression") {
      links.push({ kind: "member", node: at });
      at = at.object;
    } else if (isCall(at) && requiredModule(at) === null && !isComposingFunction(reader, at)) {
      const composing = composingCall(at, isJoined);
      if (composing) links.push({ kind: "composing", node: at, composing });
      else links.push({ kind: "call", node: at, call: reserveCall(reader.draft, spanOf(at), place.scope) });
      at = composing ? composing.object : at.callee;
    } else return { root: at, links: links.reverse() };
  }
}

function isCall(node: Node): node is CallNode {
  return (
    node.type === "CallExpression" || node.type === "OptionalCallExpression" || node.type === "NewExpression"
  );
}

function readRoot(
  reader: JavaScriptReader,
  root: Node,
  { place, isJoined }: { readonly place: Place; readonly isJoined: boolean },
): Stretch {
  const module = requiredModule(root);
  if (module !== null) return rootOf(moduleValue(reader, root, { module, scope: place.scope }), "()");
  if (isCall(root)) return rootOf(readComposingFunction(reader, root, place), "()");
  if (isJoined && root.type === "ArrayExpression") return rootOf(readListParts(reader, root, place), "()");
  if (root.type === "Super") {
    return {
      ...rootOf({ kind: "name", name: "super", scope: place.scope, ...spanOf(root) }, "super"),
      receiver: null,
    };
  }
  const value = reader.part(root, place);
  return value.kind === "name" ? { value, steps: [value.name], receiver: null } : rootOf(value, "()");
}

/** Whether the items of a list at the root are parts of one text; `[…].filter(…)` is a link only before a join. */
function isJoin(link: Link | undefined): boolean {
  if (link?.kind !== "composing") return false;
  const { composing } = link;
  return composing.kind === "join" || (composing.kind === "through" && composing.name !== "replace");
}

function rootOf(value: SourceValue, step: string): Stretch {
  return { value, steps: [step], receiver: value };
}

function follow(
  reader: JavaScriptReader,
  link: Link,
  { stretch, place }: { readonly stretch: Stretch; readonly place: Place },
): Stretch {
  const { value } = stretch;
  switch (link.kind) {
    case "cast":
      return { ...stretch, value: widened(value, spanOf(link.node)) };
    case "await":
      markAwaited(reader.draft, value);
      return { ...stretch, value: widened(value, spanOf(link.node)) };
    case "member": {
      tellTexts(reader.draft, value, place);
      const property = memberName(reader, link.node, place);
      return {
        value: { kind: "member", object: value, property, ...spanOf(link.node) },
        steps: stepped(stretch, property),
        receiver: value,
      };
    }
    case "call": {
      tellTexts(reader.draft, value, place);
      const called = readCall(reader, link.node, { call: link.call, callee: stretch, place });
      return { value: called, steps: stepped(stretch, "()"), receiver: called };
    }
    case "composing": {
      const composed = readComposed(reader, link, { value, place });
      return { value: composed, steps: stepped(stretch, "()"), receiver: composed };
    }
  }
}

function stepped({ steps }: Stretch, step: string): readonly string[] {
  return [...(steps.length < MAX_STEPS ? steps : steps.slice(1)), step];
}

/** The member's name; `[]` where it is computed. */
function memberName(reader: JavaScriptReader, node: MemberNode, place: Place): string {
  const name = keyName(node.property, node.computed);
  if (node.computed) readValue(reader, node.property, within(place, { kind: "subscript" }));
  return name ?? "[]";
}
