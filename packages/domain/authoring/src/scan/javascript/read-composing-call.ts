/** Methods that make a text of others: `join`, `concat`, `replace`, `trim` and the like. */
import type { Node } from "@babel/types";
import { seenThrough } from "../source/adjust-text.ts";
import { pieceOf } from "../source/module-draft.ts";
import type { Place } from "../source/place.ts";
import type { ListValue, SourceValue } from "../source/source-value.ts";
import {
  type JavaScriptReader,
  keyName,
  pathOf,
  readValue,
  spanOf,
  withoutCasts,
} from "./javascript-reader.ts";
import type { CallNode } from "./read-call.ts";

/** A call that is read as the text that it makes; `object` is what it is called on. */
export type ComposingCall = { readonly object: Node } & (
  | { readonly kind: "join"; readonly separator: Node | null }
  | { readonly kind: "concat"; readonly isList: boolean }
  | { readonly kind: "replace"; readonly needle: string; readonly replacement: Node }
  | { readonly kind: "fill" }
  | { readonly kind: "through"; readonly name: string }
);

const SEEN_THROUGH = new Set(["trim", "trimStart", "trimEnd", "toString", "valueOf", "normalize"]);

/** How a call composes; null where it is to be read as a call. `isJoined`: what it makes is joined at once. */
export function composingCall(node: CallNode, isJoined: boolean): ComposingCall | null {
  const member = withoutCasts(node.callee);
  if (
    node.type === "NewExpression" ||
    (member.type !== "MemberExpression" && member.type !== "OptionalMemberExpression")
  )
    return null;
  const { object } = member;
  const name = keyName(member.property, member.computed);
  const given = node.arguments;
  if (name === null || given.some((argument) => argument.type === "SpreadElement")) return null;
  if (SEEN_THROUGH.has(name) && given.length === 0) return { kind: "through", name, object };
  const isList = withoutCasts(object).type === "ArrayExpression";
  if (isJoined && isList && (name === "filter" || name === "flat")) return { kind: "through", name, object };
  if (name === "join" && isJoin(object, given)) return { kind: "join", separator: given[0] ?? null, object };
  if (name === "concat" && isList) return { kind: "concat", isList: true, object };
  if (name === "concat" && isWritten(object)) return { kind: "concat", isList: false, object };
  if (name !== "replace" && name !== "replaceAll") return null;
  return replacing(object, given);
}

/** What the call makes of the value that it is called on. */
export function readComposed(
  reader: JavaScriptReader,
  { node, composing }: { readonly node: CallNode; readonly composing: ComposingCall },
  { value, place }: { readonly value: SourceValue; readonly place: Place },
): SourceValue {
  const span = spanOf(node);
  const inside = pieceOf(place);
  switch (composing.kind) {
    case "through":
      for (const argument of node.arguments) readValue(reader, argument, inside);
      return seenThrough(value, composing.name, span);
    case "fill":
      for (const argument of node.arguments) readValue(reader, argument, inside);
      return { kind: "format", style: "mustache", template: value, values: [], ...span };
    case "join": {
      const comma: SourceValue = { kind: "text", form: "literal", pieces: [","], from: span.to, to: span.to };
      const separator = composing.separator ? reader.part(composing.separator, inside) : comma;
      const parts = value.kind === "list" ? value.items : [spread(value)];
      return { kind: "concatenation", parts, separator, ...span };
    }
    case "concat": {
      if (!composing.isList) {
        const added = node.arguments.map((argument) => reader.part(argument, inside));
        const before = value.kind === "concatenation" && value.separator === null ? value.parts : [value];
        return { kind: "concatenation", parts: [...before, ...added], separator: null, ...span };
      }
      const added = node.arguments.map((argument) => readValue(reader, argument, place));
      return { kind: "list", items: [value, ...added].map(itemOrSpread), ...span };
    }
    case "replace": {
      const filled = { name: composing.needle, value: reader.part(composing.replacement, inside) };
      if (value.kind === "format" && value.style === "replace") {
        return { ...value, values: [...value.values, filled], ...span };
      }
      return { kind: "format", style: "replace", template: value, values: [filled], ...span };
    }
  }
}

/** A list whose items are parts of the text that is made of it. */
export function readListParts(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "ArrayExpression" }>,
  place: Place,
): ListValue {
  const inside = pieceOf(place);
  const items = node.elements.flatMap((element) => (element === null ? [] : [reader.part(element, inside)]));
  return { kind: "list", items, ...spanOf(node) };
}

function spread(value: SourceValue): SourceValue {
  return { kind: "spread", value, from: value.from, to: value.to };
}

/** `concat` adds the items of a list, and anything else as it is. */
function itemOrSpread(value: SourceValue): SourceValue {
  return value.kind === "object" || value.kind === "text" ? value : spread(value);
}

function isJoin(object: Node, given: CallNode["arguments"]): boolean {
  if (withoutCasts(object).type === "ArrayExpression") return given.length <= 1;
  const isSeparator = given.length === 1 && keyName(given[0]!, true) !== null;
  return isSeparator && !/(^|\.)(path|posix|win32)$/.test(pathOf(withoutCasts(object)) ?? "");
}

/** Whether it is a text as it stands; compiled templates are `"a".concat(b, "c").concat(d)`. */
function isWritten(node: Node): boolean {
  for (let at = withoutCasts(node); ; ) {
    if (at.type !== "CallExpression")
      return at.type === "StringLiteral" || at.type === "TemplateLiteral" || at.type === "BinaryExpression";
    const member = withoutCasts(at.callee);
    if (member.type !== "MemberExpression" || keyName(member.property, member.computed) !== "concat")
      return false;
    at = withoutCasts(member.object);
  }
}

function replacing(object: Node, given: CallNode["arguments"]): ComposingCall | null {
  const [pattern, replacement] = given;
  if (pattern === undefined || replacement === undefined || given.length !== 2) return null;
  const needle = pattern.type === "RegExpLiteral" ? plainPattern(pattern.pattern) : keyName(pattern, true);
  const isFunction =
    replacement.type === "ArrowFunctionExpression" || replacement.type === "FunctionExpression";
  if (pattern.type === "RegExpLiteral" && FIELDS.test(pattern.pattern) && needle === null)
    return { kind: "fill", object };
  if (needle === null || isFunction) return { kind: "through", name: "replace", object };
  return { kind: "replace", needle, replacement, object };
}

/** `/\{\{(\w+)\}\}/g` finds every field of a template. */
const FIELDS = /^\\?\{\\?\{(?:\\s\*)?\(.*\)(?:\\s\*)?\\?\}\\?\}$/;

/** The text that a pattern without choices stands for, such as `/\{\{name\}\}/`; null for any other. */
function plainPattern(pattern: string): string | null {
  if (!/^(?:\\[^\w]|[^\\^$.*+?()[\]|])+$/.test(pattern)) return null;
  return pattern.replace(/\\(.)/g, "$1");
}
