/** Operators of Python: `+` and `%` make texts, `or` and `if … else` choose, the others are read for what is in them. */
import { widened } from "../source/adjust-text.ts";
import { holdsText, markAwaited, pieceOf } from "../source/module-draft.ts";
import { type Place, within } from "../source/place.ts";
import type { FormatValue, SourceValue } from "../source/source-value.ts";
import {
  type ExpressionTable,
  groupsOf,
  isToken,
  type PythonReader,
  pathOf,
  readTarget,
  readValue,
  sourceOf,
  spanOf,
  unknown,
  withoutParentheses,
} from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";
import { readNamedValues } from "./read-collection.ts";

export const OPERATOR_EXPRESSIONS: ExpressionTable = {
  BinaryExpression(reader, node, place) {
    const [left, right] = [node.children[0]!, node.children.at(-1)!];
    const operator = operatorOf(reader, node);
    switch (operator) {
      case "+": {
        const parts = operandsOf(reader, node, "+").map((operand) => reader.part(operand, pieceOf(place)));
        return { kind: "concatenation", parts, separator: null, ...spanOf(node) };
      }
      case "%":
        return readPercent(reader, node, place);
      case "or": {
        const options = operandsOf(reader, node, "or").map((operand) => reader.part(operand, place));
        return { kind: "choice", options, ...spanOf(node) };
      }
      case "and":
        readValue(reader, left, within(place, { kind: "comparison" }));
        return { kind: "choice", options: [reader.part(right, place)], ...spanOf(node) };
      default: {
        const inside = /^[<>=!a-z]/.test(operator) ? within(place, { kind: "comparison" }) : place;
        for (const child of node.children)
          if (!isToken(child) && !isOperator(child)) readValue(reader, child, inside);
        return unknown(spanOf(node));
      }
    }
  },
  UnaryExpression(reader, node, place) {
    const value = readValue(reader, node.children.at(-1)!, place);
    const isNegative = sourceOf(reader, node).startsWith("-");
    if (!isNegative || value.kind !== "plain" || typeof value.value !== "number")
      return unknown(spanOf(node));
    return { ...value, value: -value.value, ...spanOf(node) };
  },
  ConditionalExpression(reader, node, place) {
    const [first, test, last] = node.children.filter((child) => !isToken(child));
    if (first === undefined || test === undefined || last === undefined) return unknown(spanOf(node));
    const chosen = reader.part(first, place);
    readValue(reader, test, within(place, { kind: "comparison" }));
    return { kind: "choice", options: [chosen, reader.part(last, place)], ...spanOf(node) };
  },
  AwaitExpression(reader, node, place) {
    const value = reader.part(node.children.at(-1)!, place);
    markAwaited(reader.draft, value);
    return widened(value, spanOf(node));
  },
  NamedExpression(reader, node, place) {
    const [target, given] = [node.children[0]!, node.children.at(-1)!];
    const name = pathOf(reader, target);
    const bind = readTarget(reader, target, place.scope);
    const value = readValue(reader, given, name === null ? place : within(place, { kind: "binding", name }));
    bind({ value, operator: "set", scope: place.scope, ...spanOf(node) });
    return name === null
      ? unknown(spanOf(node))
      : { kind: "name", name, scope: place.scope, ...spanOf(node) };
  },
};

function isOperator({ name }: PythonNode): boolean {
  return name.endsWith("Op");
}

/** As written, without the space in `not in`. */
function operatorOf(reader: PythonReader, node: PythonNode): string {
  const operator = node.children.slice(1).find((child) => isToken(child) || isOperator(child));
  return operator ? sourceOf(reader, operator) : "";
}

/** What a chain of one operator stands between, however it is nested: it may be thousands long. */
function operandsOf(reader: PythonReader, node: PythonNode, operator: string): readonly PythonNode[] {
  const found: PythonNode[] = [];
  const waiting: PythonNode[] = [node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const inside = withoutParentheses(at);
    const isChain = inside.name === "BinaryExpression" && operatorOf(reader, inside) === operator;
    if (isChain && inside.children.length > 2) waiting.push(inside.children.at(-1)!, inside.children[0]!);
    else found.push(at);
  }
  return found;
}

/** `template % values`; where it may as well be the rest of a division, nothing is known of it. */
function readPercent(reader: PythonReader, node: PythonNode, place: Place): SourceValue {
  const [left, right] = [node.children[0]!, withoutParentheses(node.children.at(-1)!)];
  const inside = pieceOf(place);
  const template = reader.part(left, inside);
  const isGroup = right.name === "TupleExpression" || right.name === "DictionaryExpression";
  const isConstant = /(^|\.)[A-Z][A-Z0-9_]*$/.test(pathOf(reader, left) ?? "");
  if (!isGroup && !isConstant && !holdsText(template)) {
    readValue(reader, right, place);
    return unknown(spanOf(node));
  }
  const values: FormatValue["values"] =
    right.name === "DictionaryExpression"
      ? readNamedValues(reader, right, inside)
      : (right.name === "TupleExpression" ? groupsOf(right.children) : [[right]]).map((group, index) => ({
          name: group[0]!.name === "*" ? "*" : String(index),
          value: reader.part(group.at(-1)!, inside),
        }));
  return { kind: "format", style: "percent", template, values, ...spanOf(node) };
}
