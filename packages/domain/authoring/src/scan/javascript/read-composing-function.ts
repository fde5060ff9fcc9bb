/** Functions that hand their argument on as it is, or fill a template: `String(x)`, `dedent(x)`, `util.format(…)`. */
import type { Node } from "@babel/types";
import { seenThrough } from "../source/adjust-text.ts";
import { pieceOf } from "../source/module-draft.ts";
import type { Place } from "../source/place.ts";
import type { FormatValue, SourceValue } from "../source/source-value.ts";
import { type JavaScriptReader, pathOf, spanOf, withoutCasts } from "./javascript-reader.ts";
import type { CallNode } from "./read-call.ts";

const SEEN_THROUGH = new Set(["String", "Object.freeze", "dedent", "outdent", "stripIndent"]);
const FORMATTING_MODULES = /^(?:node:)?util$|^sprintf-js$|^printf$/;
const FORMATTING_NAMES = /^(?:format|sprintf|vsprintf|printf)$/;

/** Whether `readComposingFunction` reads this call. */
export function isComposingFunction(reader: JavaScriptReader, node: CallNode): boolean {
  if (node.type === "NewExpression" || node.arguments.some((argument) => argument.type === "SpreadElement"))
    return false;
  const path = pathOf(withoutCasts(node.callee));
  if (path === null) return false;
  if (SEEN_THROUGH.has(path)) return node.arguments.length === 1;
  return node.arguments.length > 0 && isFormatting(reader, path);
}

/** The value that the call hands on, or the template that it fills. */
export function readComposingFunction(
  reader: JavaScriptReader,
  node: Node & CallNode,
  place: Place,
): SourceValue {
  const path = pathOf(withoutCasts(node.callee)) ?? "";
  const [first, ...others] = node.arguments;
  if (first === undefined) return { kind: "unknown", ...spanOf(node) };
  if (SEEN_THROUGH.has(path)) return seenThrough(reader.part(first, place), path, spanOf(node));
  const inside = pieceOf(place);
  const template = reader.part(first, inside);
  const values = others.map((other, index): FormatValue["values"][number] => ({
    name: String(index),
    value: reader.part(other, inside),
  }));
  return { kind: "format", style: "percent", template, values, ...spanOf(node) };
}

function isFormatting({ draft }: JavaScriptReader, path: string): boolean {
  const [object, method, ...deeper] = path.split(".");
  const known = draft.imports.find(({ local }) => local === object);
  if (known === undefined || deeper.length > 0 || !FORMATTING_MODULES.test(known.module)) return false;
  const name = method ?? (known.imported === null || known.imported === "default" ? object : known.imported);
  return FORMATTING_NAMES.test(name ?? "");
}
