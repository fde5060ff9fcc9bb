/** Markup in JavaScript: what JSX shows and what its attributes say. */
import type { Node } from "@babel/types";
import { tellTexts } from "../source/module-draft.ts";
import { type Place, within } from "../source/place.ts";
import type { SourceValue } from "../source/source-value.ts";
import {
  type ExpressionTable,
  type JavaScriptReader,
  readValue,
  spanOf,
  unknown,
} from "./javascript-reader.ts";

export const MARKUP_EXPRESSIONS: ExpressionTable = {
  JSXElement(reader, node, place) {
    const inside = within(place, { kind: "markup" });
    for (const attribute of node.openingElement.attributes) readAttribute(reader, attribute, inside);
    for (const child of node.children) readChild(reader, child, inside);
    return unknown(spanOf(node));
  },
  JSXFragment(reader, node, place) {
    const inside = within(place, { kind: "markup" });
    for (const child of node.children) readChild(reader, child, inside);
    return unknown(spanOf(node));
  },
};

function readAttribute(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "JSXAttribute" | "JSXSpreadAttribute" }>,
  place: Place,
): void {
  if (node.type === "JSXSpreadAttribute") {
    readValue(reader, node.argument, place);
    return;
  }
  const name = node.name.type === "JSXIdentifier" ? node.name.name : node.name.name.name;
  if (node.value) readChild(reader, node.value, within(place, { kind: "property", name }));
}

function readChild(reader: JavaScriptReader, node: Node, place: Place): void {
  switch (node.type) {
    case "JSXText": {
      if (node.value.trim() === "") return;
      const text: SourceValue = { kind: "text", form: "literal", pieces: [node.value], ...spanOf(node) };
      tellTexts(reader.draft, text, place);
      return;
    }
    case "JSXExpressionContainer":
    case "JSXSpreadChild":
      if (node.expression.type !== "JSXEmptyExpression") readValue(reader, node.expression, place);
      return;
    default:
      readValue(reader, node, place);
  }
}
