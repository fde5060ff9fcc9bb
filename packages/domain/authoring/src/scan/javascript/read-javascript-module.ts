/** Reads a JavaScript or TypeScript file in the words that all languages share. */
import type { Node } from "@babel/types";
import { guardDepth } from "../source/depth-guard.ts";
import { draftModule, finishModule, type ModuleDraft } from "../source/module-draft.ts";
import { type Place, statementOf } from "../source/place.ts";
import type { SourceFile, SourceModule } from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";
import { type JavaScriptReader, readValue, spanOf, unknown } from "./javascript-reader.ts";
import { parseJavaScript } from "./parse-javascript.ts";
import { CHAIN_EXPRESSIONS } from "./read-chain.ts";
import { MODULE_STATEMENTS } from "./read-exports.ts";
import { PLAIN_EXPRESSIONS } from "./read-expression.ts";
import { FUNCTION_EXPRESSIONS, FUNCTION_STATEMENTS } from "./read-function.ts";
import { MARKUP_EXPRESSIONS } from "./read-markup.ts";
import { ASSIGNMENTS, STATEMENTS } from "./read-statement.ts";
import { TEXT_EXPRESSIONS } from "./read-text.ts";

type Read<Result> = (reader: JavaScriptReader, node: Node, place: Place) => Result;

const EXPRESSIONS = new Map(
  Object.entries({
    ...PLAIN_EXPRESSIONS,
    ...TEXT_EXPRESSIONS,
    ...CHAIN_EXPRESSIONS,
    ...FUNCTION_EXPRESSIONS,
    ...MARKUP_EXPRESSIONS,
    ...ASSIGNMENTS,
  }),
) as ReadonlyMap<string, Read<SourceValue>>;

const STATEMENT_KINDS = new Map(
  Object.entries({ ...STATEMENTS, ...FUNCTION_STATEMENTS, ...MODULE_STATEMENTS }),
) as ReadonlyMap<string, Read<void>>;

/** What has no texts of the program in it: types, directives, regular expressions, labels. */
const SILENT =
  /^(?:TS(?!Module)|Declare|Directive|Interface|Opaque|Type(?!Cast)|RegExp|BigInt|Import$|Template|Meta)/;

/**
 * Never throws: what cannot be parsed or is nested too deep is told in `problems`, and the rest is there.
 *
 * @param options `jsx`: whether markup is expected; by default it is, but in `.ts`, `.mts` and `.cts`.
 */
export function readJavaScriptModule(
  file: SourceFile,
  options: { readonly jsx?: boolean } = {},
): SourceModule {
  const draft = draftModule(file);
  const { tree, problems } = parseJavaScript(file, options.jsx ?? !/\.[cm]?ts$/.test(file.file));
  draft.problems.push(...problems);
  if (tree === null) return finishModule(draft);
  for (const comment of tree.comments ?? []) {
    const text = comment.value.replace(/^[\s*]+|[\s*]+$/g, "");
    if (/^colophon:/.test(text)) draft.directives.push({ at: comment.start ?? 0, text });
  }
  const reader = readerOf(draft);
  for (const statement of tree.program.body) reader.walk(statement, statementOf(0, null));
  return finishModule(draft);
}

function readerOf(draft: ModuleDraft): JavaScriptReader {
  const guard = guardDepth(draft);
  const reader: JavaScriptReader = {
    draft,
    part(node, place) {
      if (!guard.enter(node.start ?? 0)) return unknown(spanOf(node));
      const read = EXPRESSIONS.get(node.type);
      const value = read ? read(reader, node, place) : unknown(spanOf(node));
      if (!read) readChildren(reader, node, place);
      guard.leave();
      return value;
    },
    walk(node, place) {
      if (!guard.enter(node.start ?? 0)) return;
      const read = STATEMENT_KINDS.get(node.type);
      if (read) read(reader, node, place);
      else readChildren(reader, node, statementOf(place.scope, null));
      guard.leave();
    },
  };
  return reader;
}

function readChildren(reader: JavaScriptReader, node: Node, place: Place): void {
  for (const child of childrenOf(node)) {
    if (EXPRESSIONS.has(child.type)) {
      readValue(reader, child, place.step ? place : { ...place, step: { kind: "statement" } });
    } else reader.walk(child, place);
  }
}

/** What stands inside a node of which nothing else is known, in the order of the source. */
function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (const [key, inside] of Object.entries(node)) {
    if (key === "extra" || inside === null || typeof inside !== "object") continue;
    for (const child of Array.isArray(inside) ? inside : [inside]) {
      if (typeof child?.type === "string" && isHeard(child.type)) children.push(child);
    }
  }
  return children.sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
}

function isHeard(type: string): boolean {
  return EXPRESSIONS.has(type) || STATEMENT_KINDS.has(type) || !SILENT.test(type);
}
