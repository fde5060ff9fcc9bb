/** Functions, methods and classes of JavaScript: each opens a scope of its own. */
import type { Class, Function as FunctionNode, Node } from "@babel/types";
import { openScope } from "../source/module-draft.ts";
import { nameByPlace, type Place, statementOf, within } from "../source/place.ts";
import type { SourceValue, Span } from "../source/source-value.ts";
import {
  type ExpressionTable,
  type JavaScriptReader,
  keyName,
  pathOf,
  readValue,
  type StatementTable,
  spanOf,
  withoutCasts,
} from "./javascript-reader.ts";
import { bindName, readParameter } from "./read-pattern.ts";

export const FUNCTION_EXPRESSIONS: ExpressionTable = {
  ArrowFunctionExpression: readFunction,
  FunctionExpression: readFunction,
  ObjectMethod: readFunction,
  ClassExpression: readClass,
};

export const FUNCTION_STATEMENTS: StatementTable = {
  FunctionDeclaration(reader, node, place) {
    bindDeclared(reader, node, readFunction(reader, node, place));
  },
  ClassDeclaration(reader, node, place) {
    bindDeclared(reader, node, readClass(reader, node, place));
  },
};

function bindDeclared(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "FunctionDeclaration" | "ClassDeclaration" }>,
  value: SourceValue,
): void {
  if (!node.id || value.kind !== "function") return;
  const scope = reader.draft.scopes[value.scope]!.parent ?? 0;
  bindName(reader, node.id.name, { value, operator: "set", isConstant: true, scope, ...spanOf(node) });
}

function readFunction(reader: JavaScriptReader, node: FunctionNode, place: Place): SourceValue {
  const decorators = "decorators" in node ? readDecorators(reader, node.decorators, place) : {};
  const name = ownName(node) ?? nameByPlace(place);
  const scope = openScope(reader.draft, {
    parent: place.scope,
    kind: "function",
    name,
    ...decorators,
    ...spanOf(node),
  });
  const inside: Place = { scope, step: null, outer: place };
  let position = 0;
  for (const parameter of node.params) {
    if (parameter.type === "Identifier" && parameter.name === "this") continue;
    readParameter(reader, parameter, { position, place: statementOf(scope, null) });
    position += 1;
  }
  if (node.body.type === "BlockStatement") reader.walk(node.body, statementOf(scope, null));
  else {
    const returned = readValue(reader, node.body, within(inside, { kind: "return", function: name }));
    reader.draft.scopes[scope]!.returns.push(returned);
  }
  return { kind: "function", scope, ...spanOf(node) };
}

function ownName(node: FunctionNode): string | null {
  if ("key" in node) return keyName(node.key, "computed" in node && node.computed === true);
  return "id" in node ? (node.id?.name ?? null) : null;
}

function readClass(reader: JavaScriptReader, node: Class, place: Place): SourceValue {
  const decorators = readDecorators(reader, node.decorators, place);
  const base = node.superClass ? pathOf(withoutCasts(node.superClass)) : null;
  if (node.superClass) readValue(reader, node.superClass, place);
  const name = node.id?.name ?? nameByPlace(place);
  const bases = base === null ? {} : { bases: [base] };
  const facts = { parent: place.scope, kind: "class", name, ...decorators, ...bases } as const;
  const scope = openScope(reader.draft, { ...facts, ...spanOf(node) });
  for (const member of node.body.body) readMember(reader, member, scope);
  return { kind: "function", scope, ...spanOf(node) };
}

function readMember(reader: JavaScriptReader, node: Class["body"]["body"][number], scope: number): void {
  const place = statementOf(scope, null);
  switch (node.type) {
    case "ClassMethod":
    case "ClassPrivateMethod": {
      const value = readFunction(reader, node, place);
      const name = keyName(node.key, node.type === "ClassMethod" && node.computed === true);
      if (name !== null)
        bindMember(reader, name, { value: node.kind === "get" ? gotten(reader, value) : value, scope });
      return;
    }
    case "ClassProperty":
    case "ClassPrivateProperty":
    case "ClassAccessorProperty": {
      readDecorators(reader, node.decorators, place);
      const name = keyName(node.key, "computed" in node && node.computed === true);
      if (!node.value) return;
      const value = readValue(
        reader,
        node.value,
        name === null ? place : within(place, { kind: "binding", name }),
      );
      if (name !== null) bindMember(reader, name, { value, scope, span: spanOf(node) });
      return;
    }
    case "StaticBlock":
      for (const statement of node.body) reader.walk(statement, place);
      return;
    default:
  }
}

function bindMember(
  reader: JavaScriptReader,
  name: string,
  { value, scope, span }: { readonly value: SourceValue; readonly scope: number; readonly span?: Span },
): void {
  const { from, to } = span ?? value;
  bindName(reader, name, { value, operator: "set", isConstant: true, scope, from, to });
}

/** What reading a property gives that is computed by a method: what that returns. */
function gotten(reader: JavaScriptReader, getter: SourceValue): SourceValue {
  if (getter.kind !== "function") return getter;
  const options = reader.draft.scopes[getter.scope]!.returns;
  return { kind: "choice", options, from: getter.from, to: getter.to };
}

/** Reads what decorators are called with, and names them. */
function readDecorators(
  reader: JavaScriptReader,
  decorators: FunctionNode["decorators" & keyof FunctionNode] | Class["decorators"],
  place: Place,
): { readonly decorators?: readonly string[] } {
  if (!decorators || decorators.length === 0) return {};
  return {
    decorators: decorators.map(({ expression }) => {
      const callee = expression.type === "CallExpression" ? expression.callee : expression;
      const name = pathOf(withoutCasts(callee)) ?? "()";
      readValue(reader, expression, within(place, { kind: "decorator", name }));
      return name;
    }),
  };
}
