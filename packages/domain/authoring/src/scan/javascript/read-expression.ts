/** Expressions of JavaScript that are neither texts, chains nor functions: choices, lists, objects and the like. */
import type { Node } from "@babel/types";
import { widened } from "../source/adjust-text.ts";
import { markAwaited } from "../source/module-draft.ts";
import { type Place, within } from "../source/place.ts";
import type { ObjectValue, SourceValue } from "../source/source-value.ts";
import {
  type ExpressionTable,
  type JavaScriptReader,
  keyName,
  readValue,
  spanOf,
  unknown,
  withoutCasts,
} from "./javascript-reader.ts";

const COMPARISONS = new Set(["==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "instanceof"]);

export const PLAIN_EXPRESSIONS: ExpressionTable = {
  Identifier: (_, node, place) => ({ kind: "name", name: node.name, scope: place.scope, ...spanOf(node) }),
  ThisExpression: (_, node, place) => ({ kind: "name", name: "this", scope: place.scope, ...spanOf(node) }),
  NumericLiteral: (_, node) => ({ kind: "plain", value: node.value, ...spanOf(node) }),
  BooleanLiteral: (_, node) => ({ kind: "plain", value: node.value, ...spanOf(node) }),
  NullLiteral: (_, node) => ({ kind: "plain", value: null, ...spanOf(node) }),
  TSAsExpression: readCast,
  TSSatisfiesExpression: readCast,
  TSNonNullExpression: readCast,
  TSTypeAssertion: readCast,
  TSInstantiationExpression: readCast,
  TypeCastExpression: readCast,
  ParenthesizedExpression: readCast,
  AwaitExpression(reader, node, place) {
    const value = reader.part(node.argument, place);
    markAwaited(reader.draft, value);
    return widened(value, spanOf(node));
  },
  YieldExpression(reader, node, place) {
    if (node.argument) readValue(reader, node.argument, place);
    return unknown(spanOf(node));
  },
  SequenceExpression(reader, node, place) {
    const last = node.expressions.at(-1)!;
    for (const expression of node.expressions.slice(0, -1)) readValue(reader, expression, place);
    return widened(reader.part(last, place), spanOf(node));
  },
  UnaryExpression(reader, node, place) {
    const value = readValue(reader, node.argument, place);
    const plain = value.kind === "plain" ? value.value : null;
    if (node.operator === "-" && typeof plain === "number")
      return { ...value, ...plainOf(-plain), ...spanOf(node) };
    if (node.operator === "!" && typeof plain === "number")
      return { ...value, ...plainOf(!plain), ...spanOf(node) };
    return unknown(spanOf(node));
  },
  ConditionalExpression(reader, node, place) {
    readValue(reader, node.test, within(place, { kind: "comparison" }));
    const options = [reader.part(node.consequent, place), reader.part(node.alternate, place)];
    return { kind: "choice", options, ...spanOf(node) };
  },
  LogicalExpression: readLogical,
  ArrayExpression(reader, node, place) {
    return { kind: "list", items: readItems(reader, node, place), ...spanOf(node) };
  },
  ObjectExpression: readObject,
  SpreadElement(reader, node, place) {
    return { kind: "spread", value: reader.part(node.argument, place), ...spanOf(node) };
  },
};

/** Both sides of a comparison; what comes out is no text. */
export function readComparison(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "BinaryExpression" }>,
  place: Place,
): SourceValue {
  const inside = COMPARISONS.has(node.operator) ? within(place, { kind: "comparison" }) : place;
  if (node.left.type !== "PrivateName") readValue(reader, node.left, inside);
  readValue(reader, node.right, inside);
  return unknown(spanOf(node));
}

function plainOf(value: number | boolean): { readonly kind: "plain"; readonly value: number | boolean } {
  return { kind: "plain", value };
}

function readCast(
  reader: JavaScriptReader,
  node: Extract<Node, { expression: Node }>,
  place: Place,
): SourceValue {
  return widened(reader.part(withoutCasts(node), place), spanOf(node));
}

function readLogical(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "LogicalExpression" }>,
  place: Place,
): SourceValue {
  if (node.operator === "&&") {
    readValue(reader, node.left, within(place, { kind: "comparison" }));
    return { kind: "choice", options: [reader.part(node.right, place)], ...spanOf(node) };
  }
  const operands: Node[] = [];
  let at: Node = node;
  while (at.type === "LogicalExpression" && at.operator !== "&&") {
    operands.push(at.right);
    at = at.left;
  }
  const options = [at, ...operands.reverse()].map((operand) => reader.part(operand, place));
  return { kind: "choice", options, ...spanOf(node) };
}

function readItems(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "ArrayExpression" }>,
  place: Place,
): readonly SourceValue[] {
  return node.elements.flatMap((element, index) =>
    element === null ? [] : [readValue(reader, element, within(place, { kind: "item", index }))],
  );
}

function readObject(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "ObjectExpression" }>,
  place: Place,
): SourceValue {
  const entries = node.properties.map((property): ObjectValue["entries"][number] => {
    const span = spanOf(property);
    if (property.type === "SpreadElement") {
      return { key: null, value: readValue(reader, property, place), span };
    }
    const key = keyName(property.key, property.computed);
    if (key === null) readValue(reader, property.key, within(place, { kind: "subscript" }));
    const inside = key === null ? place : within(place, { kind: "property", name: key });
    const value = readValue(reader, property.type === "ObjectMethod" ? property : property.value, inside);
    return { key, value, span };
  });
  return { kind: "object", entries, ...spanOf(node) };
}
