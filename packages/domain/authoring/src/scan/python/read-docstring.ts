/** The statements of a module, function or class, of which the first may be its docstring. */
import { type Place, statementOf, within } from "../source/place.ts";
import { type PythonReader, readValue, withoutParentheses } from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";

/** @param around `decorators` are kept with the docstring: some make a prompt of it. */
export function readBody(
  reader: PythonReader,
  nodes: readonly PythonNode[],
  { scope, decorators }: { readonly scope: number; readonly decorators: readonly string[] },
): void {
  const statements = nodes.filter((node) => node.name !== ":");
  const docstring = docstringOf(statements[0]);
  let place: Place = statementOf(scope, null);
  for (const name of [...decorators].reverse()) place = within(place, { kind: "decorator", name });
  if (docstring !== null) readValue(reader, docstring, within(place, { kind: "docstring" }));
  for (const statement of docstring === null ? statements : statements.slice(1)) {
    reader.walk(statement, statementOf(scope, null));
  }
}

function docstringOf(statement: PythonNode | undefined): PythonNode | null {
  if (statement?.name !== "ExpressionStatement" || statement.children.length !== 1) return null;
  const expression = withoutParentheses(statement.children[0]!);
  const isPlain =
    expression.name === "ContinuedString" && expression.children.every(({ name }) => name === "String");
  return expression.name === "String" || isPlain ? expression : null;
}
