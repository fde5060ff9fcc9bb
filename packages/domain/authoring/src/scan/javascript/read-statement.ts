/** Statements of JavaScript: declarations, assignments, what is returned and what is thrown. */
import type { Node } from "@babel/types";
import { itemOf } from "../source/module-draft.ts";
import { type Place, statementOf, within } from "../source/place.ts";
import type { ObjectValue, SourceValue } from "../source/source-value.ts";
import {
  type ExpressionTable,
  type JavaScriptReader,
  keyName,
  pathOf,
  readValue,
  type StatementTable,
  spanOf,
  unknown,
  withoutCasts,
} from "./javascript-reader.ts";
import { readAssignedExport } from "./read-exports.ts";
import { bindName, readTarget } from "./read-pattern.ts";
import { requiredModule } from "./required-module.ts";

export const STATEMENTS: StatementTable = {
  ExpressionStatement(reader, node, { scope }) {
    const isAssignment = withoutCasts(node.expression).type === "AssignmentExpression";
    readValue(reader, node.expression, statementOf(scope, isAssignment ? null : { kind: "statement" }));
  },
  VariableDeclaration(reader, node, { scope }) {
    if (node.declare) return;
    const isConstant = node.kind !== "let" && node.kind !== "var";
    for (const declarator of node.declarations) readDeclarator(reader, declarator, { scope, isConstant });
  },
  ReturnStatement(reader, node, { scope }) {
    if (!node.argument) return;
    const around = reader.draft.scopes[scope]!;
    const returned = readValue(
      reader,
      node.argument,
      statementOf(scope, { kind: "return", function: around.name }),
    );
    around.returns.push(returned);
  },
  ThrowStatement(reader, node, { scope }) {
    readValue(reader, node.argument, statementOf(scope, { kind: "thrown" }));
  },
  SwitchCase(reader, node, { scope }) {
    if (node.test) readValue(reader, node.test, statementOf(scope, { kind: "comparison" }));
    for (const statement of node.consequent) reader.walk(statement, statementOf(scope, null));
  },
  ForOfStatement(reader, node, { scope }) {
    const { left } = node;
    const target = left.type === "VariableDeclaration" ? left.declarations[0]!.id : left;
    const bind = readTarget(reader, target, scope);
    const through = readValue(reader, node.right, statementOf(scope, { kind: "statement" }));
    const span = { from: spanOf(left).from, to: spanOf(node.right).to };
    bind({ value: itemOf(through), operator: "set", isConstant: false, scope, ...span });
    reader.walk(node.body, statementOf(scope, null));
  },
  TSEnumDeclaration: readEnum,
};

export const ASSIGNMENTS: ExpressionTable = {
  AssignmentExpression(reader, node, place) {
    const { scope } = place;
    const name = pathOf(withoutCasts(node.left));
    const bind = readTarget(reader, node.left, scope);
    const inside = name === null ? place : within(place, { kind: "binding", name });
    const value = readValue(reader, node.right, inside);
    const operator = node.operator === "+=" ? "add" : "set";
    if (/^(?:\+|\|\||\?\?|&&)?=$/.test(node.operator)) {
      bind({ value, operator, isConstant: false, scope, ...spanOf(node) });
      if (name !== null && operator === "set") readAssignedExport(reader, node, { path: name, value });
    }
    if (name === null) return unknown(spanOf(node));
    return { kind: "name", name, scope, ...spanOf(node) };
  },
};

function readDeclarator(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "VariableDeclarator" }>,
  { scope, isConstant }: { readonly scope: number; readonly isConstant: boolean },
): void {
  const module = node.init ? requiredModule(node.init) : null;
  if (module !== null && importNames(reader, node, module)) return;
  const bind = readTarget(reader, node.id, scope);
  if (!node.init) return;
  const name = node.id.type === "Identifier" ? node.id.name : null;
  const place = statementOf(scope, name === null ? { kind: "statement" } : { kind: "binding", name });
  const value = readValue(reader, node.init, place);
  bind({ value, operator: "set", isConstant, scope, ...spanOf(node) });
}

/** `const x = require("…")`, `const { a: b } = await import("…")`; false where the names are no plain ones. */
function importNames(
  reader: JavaScriptReader,
  { id }: Extract<Node, { type: "VariableDeclarator" }>,
  module: string,
): boolean {
  const { imports } = reader.draft;
  if (id.type === "Identifier") imports.push({ local: id.name, module, imported: null, ...spanOf(id) });
  if (id.type !== "ObjectPattern") return id.type === "Identifier";
  const names = id.properties.map((property) => {
    if (property.type === "RestElement" || property.value.type !== "Identifier") return null;
    const imported = keyName(property.key, property.computed);
    return imported === null ? null : { local: property.value.name, module, imported, ...spanOf(property) };
  });
  const plain = names.filter((name) => name !== null);
  if (plain.length < names.length) return false;
  imports.push(...plain);
  return true;
}

/** An enum is an object that is bound to its name. */
function readEnum(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "TSEnumDeclaration" }>,
  { scope }: Place,
): void {
  const { name } = node.id;
  const place = statementOf(scope, { kind: "binding", name });
  const entries = node.body.members.flatMap((member): ObjectValue["entries"] => {
    const key = keyName(member.id, false);
    if (!member.initializer || key === null) return [];
    const value = readValue(reader, member.initializer, within(place, { kind: "property", name: key }));
    return [{ key, value, span: spanOf(member) }];
  });
  const value: SourceValue = { kind: "object", entries, ...spanOf(node) };
  bindName(reader, name, { value, operator: "set", isConstant: true, scope, ...spanOf(node) });
}
