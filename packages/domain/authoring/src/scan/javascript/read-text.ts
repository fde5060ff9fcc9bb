/** Texts of JavaScript: literals, templates, tagged templates and what `+` adds up. */
import type { Node, TemplateLiteral } from "@babel/types";
import { adjustedText } from "../source/adjust-text.ts";
import { pieceOf } from "../source/module-draft.ts";
import type { Place } from "../source/place.ts";
import type { SourceValue, TextValue } from "../source/source-value.ts";
import { type ExpressionTable, type JavaScriptReader, spanOf, withoutCasts } from "./javascript-reader.ts";
import { readComparison } from "./read-expression.ts";

export const TEXT_EXPRESSIONS: ExpressionTable = {
  StringLiteral: (_, node) => ({
    kind: "text",
    form: "literal",
    pieces: node.value === "" ? [] : [node.value],
    ...spanOf(node),
  }),
  TemplateLiteral: (reader, node, place) => ({
    kind: "text",
    form: "template",
    pieces: templatePieces(reader, node, { place, isRaw: false }),
    ...spanOf(node),
  }),
  TaggedTemplateExpression(reader, node, place) {
    const tag = tagName(node.tag);
    if (node.tag.type !== "Identifier") reader.part(node.tag, place);
    const pieces = templatePieces(reader, node.quasi, { place, isRaw: tag === "String.raw" });
    const text: TextValue = { kind: "text", form: "template", pieces, tag: tag ?? "()", ...spanOf(node) };
    return tag === null ? text : adjustedText(text, tag);
  },
  BinaryExpression(reader, node, place) {
    if (node.operator !== "+") return readComparison(reader, node, place);
    const inside = pieceOf(place);
    const parts = addends(node).map((addend) => reader.part(addend, inside));
    return { kind: "concatenation", parts, separator: null, ...spanOf(node) };
  },
};

/** What a chain of `+` adds up, however it is nested: it may be thousands long. */
function addends(node: Node): readonly Node[] {
  const found: Node[] = [];
  const waiting: Node[] = [node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const inside = withoutCasts(at);
    if (inside.type === "BinaryExpression" && inside.operator === "+")
      waiting.push(inside.right, inside.left);
    else found.push(at);
  }
  return found;
}

function templatePieces(
  reader: JavaScriptReader,
  node: TemplateLiteral,
  { place, isRaw }: { readonly place: Place; readonly isRaw: boolean },
): readonly (string | SourceValue)[] {
  const inside = pieceOf(place);
  const pieces: (string | SourceValue)[] = [];
  node.quasis.forEach((quasi, index) => {
    const text = isRaw ? quasi.value.raw : (quasi.value.cooked ?? quasi.value.raw);
    if (text !== "") pieces.push(text);
    const hole = node.expressions[index];
    if (hole !== undefined) pieces.push(reader.part(hole, inside));
  });
  return pieces;
}

/** `sql`, `String.raw`; of `styled(Button)` and `sql<Row>` the name before; null for what has none. */
function tagName(tag: Node): string | null {
  const steps: string[] = [];
  for (let at: Node = tag; ; ) {
    at = withoutCasts(at);
    if (at.type === "Identifier") return [at.name, ...steps].join(".");
    if (at.type === "CallExpression") at = at.callee;
    else if (at.type === "MemberExpression") {
      if (!at.computed && at.property.type === "Identifier") steps.unshift(at.property.name);
      at = at.object;
    } else return null;
  }
}
