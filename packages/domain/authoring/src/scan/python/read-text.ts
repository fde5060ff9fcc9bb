/** Texts of Python: string literals of every prefix, format strings, adjacent ones, `+` and `%`. */
import { pieceOf } from "../source/module-draft.ts";
import type { Place } from "../source/place.ts";
import type { SourceValue, TextValue } from "../source/source-value.ts";
import { decodeString, type StringShape, stringShape } from "./decode-string.ts";
import {
  childNamed,
  type ExpressionTable,
  isToken,
  type PythonReader,
  sourceOf,
  spanOf,
} from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";

const LAYOUT = new Set(["FormatSelfDoc", "FormatConversion", "FormatSpec"]);

export const TEXT_EXPRESSIONS: ExpressionTable = {
  String: (reader, node) => {
    const written = sourceOf(reader, node);
    const shape = stringShape(written);
    const text = decodeString(written.slice(shape.opening, written.length - shape.closing), shape);
    return textOf(node, { shape, pieces: text === "" ? [] : [text] });
  },
  FormatString: (reader, node, place) => {
    const shape = stringShape(sourceOf(reader, node));
    return textOf(node, { shape, pieces: formatPieces(reader, node, { shape, place: pieceOf(place) }) });
  },
  ContinuedString: (reader, node, place) => ({
    kind: "concatenation",
    parts: node.children
      .filter((child) => child.name.endsWith("String"))
      .map((child) => reader.part(child, pieceOf(place))),
    separator: null,
    ...spanOf(node),
  }),
};

function textOf(
  node: PythonNode,
  { shape, pieces }: { readonly shape: StringShape; readonly pieces: TextValue["pieces"] },
): TextValue {
  const form = shape.isFormat ? "f-string" : "literal";
  return { kind: "text", form, pieces, ...(shape.isBytes ? { isBytes: true } : {}), ...spanOf(node) };
}

function formatPieces(
  reader: PythonReader,
  node: PythonNode,
  { shape, place }: { readonly shape: StringShape; readonly place: Place },
): TextValue["pieces"] {
  const pieces: (string | SourceValue)[] = [];
  let text = "";
  const endText = (): void => {
    if (text !== "") pieces.push(text);
    text = "";
  };
  let from = node.from + shape.opening;
  for (const hole of node.children) {
    if (hole.name !== "FormatReplacement") continue;
    text += decodeString(sourceOf(reader, { from, to: hole.from }), shape);
    const selfDocumenting = childNamed(hole, "FormatSelfDoc");
    if (selfDocumenting) {
      const after = /\s*$/.exec(sourceOf(reader, { from: selfDocumenting.to, to: layoutOf(hole) }))![0];
      text += sourceOf(reader, { from: hole.from + 1, to: selfDocumenting.to }) + after;
    }
    endText();
    pieces.push(readHole(reader, hole, place));
    from = hole.to;
  }
  text += decodeString(sourceOf(reader, { from, to: node.to - shape.closing }), shape);
  endText();
  return pieces;
}

/** Where what is said of the layout of a hole begins, or its closing brace. */
function layoutOf(hole: PythonNode): number {
  const layout = hole.children.find(({ name }) => name === "FormatConversion" || name === "FormatSpec");
  return layout?.from ?? hole.to - 1;
}

/** The value in `{value!r:>{width}}`; how it is laid out is read for its calls alone. */
function readHole(reader: PythonReader, hole: PythonNode, place: Place): SourceValue {
  const inside = hole.children.filter((child) => !isToken(child) && !LAYOUT.has(child.name));
  const [value, ...others] = inside.map((child) => reader.part(child, place));
  for (const nested of childNamed(hole, "FormatSpec")?.children ?? []) {
    if (nested.name === "FormatReplacement") readHole(reader, nested, place);
  }
  if (value !== undefined && others.length === 0) return value;
  return { kind: "unknown", from: hole.from + 1, to: Math.max(hole.from + 1, hole.to - 1) };
}
