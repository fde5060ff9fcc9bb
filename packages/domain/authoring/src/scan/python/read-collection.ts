/** Names, plain values, lists, dictionaries and comprehensions of Python. */
import { type Place, within } from "../source/place.ts";
import type { FormatValue, ListValue, ObjectValue, SourceValue, Span } from "../source/source-value.ts";
import { decodeString, stringShape } from "./decode-string.ts";
import {
  type ExpressionTable,
  groupsOf,
  isToken,
  type PythonReader,
  readValue,
  sourceOf,
  spanOf,
  unknown,
  withoutParentheses,
} from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";

export const COLLECTION_EXPRESSIONS: ExpressionTable = {
  VariableName: (reader, node, place) => ({
    kind: "name",
    name: sourceOf(reader, node),
    scope: place.scope,
    ...spanOf(node),
  }),
  Boolean: (reader, node) => ({ kind: "plain", value: sourceOf(reader, node) === "True", ...spanOf(node) }),
  None: (_, node) => ({ kind: "plain", value: null, ...spanOf(node) }),
  Number: (reader, node) => {
    const value = Number(sourceOf(reader, node).replaceAll("_", ""));
    return Number.isNaN(value) ? unknown(node) : { kind: "plain", value, ...spanOf(node) };
  },
  Ellipsis: (_, node) => unknown(node),
  ParenthesizedExpression(reader, node, place) {
    const inside = withoutParentheses(node);
    if (inside !== node) return reader.part(inside, place);
    for (const child of node.children) if (!isToken(child)) readValue(reader, child, place);
    return unknown(node);
  },
  ArrayExpression: readList,
  TupleExpression: readList,
  SetExpression: readList,
  ArrayComprehensionExpression: readComprehension,
  ComprehensionExpression: readComprehension,
  SetComprehensionExpression: readComprehension,
  DictionaryExpression(reader, node, place) {
    const entries = groupsOf(node.children).map((group) => readEntry(reader, group, place));
    return { kind: "object", entries, ...spanOf(node) };
  },
  DictionaryComprehensionExpression(reader, node, place) {
    const [key, colon, value, ...rest] = node.children.slice(1, -1);
    if (key === undefined || value === undefined || colon?.name !== ":")
      return readComprehension(reader, node, place);
    const entry = readEntry(reader, [key, colon, value], place);
    readRest(reader, rest, place);
    return { kind: "object", entries: [{ ...entry, key: null }], ...spanOf(node) };
  },
};

/** The values of a dictionary in place, by name, as parts of the text that they fill. */
export function readNamedValues(reader: PythonReader, node: PythonNode, place: Place): FormatValue["values"] {
  return groupsOf(node.children).map((group) => {
    const value = reader.part(group.at(-1)!, place);
    if (group[0]!.name === "**") return { name: "**", value: spread(value, group) };
    return { name: keyOf(reader, group[0]!) ?? "", value };
  });
}

/** The items of a list or comprehension as parts of the text that is made of them. */
export function readListParts(reader: PythonReader, node: PythonNode, place: Place): readonly SourceValue[] {
  const at = withoutParentheses(node);
  if (at.name === "ArrayExpression" || at.name === "TupleExpression" || at.name === "SetExpression") {
    return groupsOf(at.children).map((group) => {
      const value = reader.part(group.at(-1)!, place);
      return group[0]!.name === "*" ? spread(value, group) : value;
    });
  }
  if (!at.children.some((child) => child.name === "for")) return [spread(reader.part(at, place), [at])];
  return [spread(readGenerated(reader, at.children, { place, isPart: true, span: at }), [at])];
}

/** `*value` or `**value`. */
export function spread(value: SourceValue, group: readonly PythonNode[]): SourceValue {
  return { kind: "spread", value, from: group[0]!.from, to: group.at(-1)!.to };
}

function readList(reader: PythonReader, node: PythonNode, place: Place): SourceValue {
  const items = groupsOf(node.children).map((group, index) => {
    const inside = within(place, { kind: "item", index });
    const value = readValue(reader, group.at(-1)!, inside);
    return group[0]!.name === "*" ? spread(value, group) : value;
  });
  return { kind: "list", items, ...spanOf(node) };
}

function readComprehension(reader: PythonReader, node: PythonNode, place: Place): SourceValue {
  return readGenerated(reader, node.children, { place, isPart: false, span: node });
}

/** `element for name in items if condition`, with brackets or without; `isPart`: its texts are parts of another. */
export function readGenerated(
  reader: PythonReader,
  nodes: readonly PythonNode[],
  { place, isPart, span }: { readonly place: Place; readonly isPart: boolean; readonly span: Span },
): ListValue {
  const [element, ...rest] = nodes.filter((node) => !/^[()[\]{}]$/.test(node.name));
  const inside = isPart ? place : within(place, { kind: "item", index: 0 });
  const items =
    element === undefined ? [] : [isPart ? reader.part(element, inside) : readValue(reader, element, inside)];
  readRest(reader, rest, place);
  return { kind: "list", items, isRepeated: true, ...spanOf(span) };
}

/** What a comprehension goes through, and on which condition. */
function readRest(reader: PythonReader, rest: readonly PythonNode[], place: Place): void {
  for (const node of rest) if (!isToken(node)) readValue(reader, node, within(place, { kind: "comparison" }));
}

function readEntry(
  reader: PythonReader,
  group: readonly PythonNode[],
  place: Place,
): ObjectValue["entries"][number] {
  const [first, last] = [group[0]!, group.at(-1)!];
  const span = { from: first.from, to: last.to };
  if (first.name === "**") return { key: null, value: spread(readValue(reader, last, place), group), span };
  const key = keyOf(reader, first);
  if (key === null) readValue(reader, first, within(place, { kind: "subscript" }));
  const inside = key === null ? place : within(place, { kind: "property", name: key });
  return { key, value: last === first ? unknown(last) : readValue(reader, last, inside), span };
}

/** A key that is written out; null for one that is computed. */
export function keyOf(reader: PythonReader, node: PythonNode): string | null {
  const at = withoutParentheses(node);
  const written = sourceOf(reader, at);
  if (at.name === "Number") return written;
  if (at.name !== "String") return null;
  const shape = stringShape(written);
  return decodeString(written.slice(shape.opening, written.length - shape.closing), shape);
}
