/** `require("…")` and `import("…")` as the value of a module. */
import type { Node } from "@babel/types";
import type { SourceValue } from "../source/source-value.ts";
import { type JavaScriptReader, keyName, spanOf, withoutCasts } from "./javascript-reader.ts";

/** What `require("x")`, `import("x")` and `await import("x")` load; null for any other expression. */
export function requiredModule(node: Node): string | null {
  const at = withoutCasts(node);
  if (at.type === "AwaitExpression")
    return at.argument.type === "ImportExpression" ? requiredModule(at.argument) : null;
  if (at.type === "ImportExpression") return keyName(at.source, true);
  if (at.type !== "CallExpression" || at.arguments.length !== 1) return null;
  const isRequire = at.callee.type === "Identifier" && at.callee.name === "require";
  return isRequire ? keyName(at.arguments[0]!, true) : null;
}

/** The module as a name: an import whose local name is the expression itself, since none is given to it. */
export function moduleValue(
  reader: JavaScriptReader,
  node: Node,
  { module, scope }: { readonly module: string; readonly scope: number },
): SourceValue {
  const name = `require(${JSON.stringify(module)})`;
  if (!reader.draft.imports.some((known) => known.local === name)) {
    reader.draft.imports.push({ local: name, module, imported: null, ...spanOf(node) });
  }
  return { kind: "name", name, scope, ...spanOf(node) };
}
