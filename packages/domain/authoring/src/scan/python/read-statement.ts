/** Statements of Python: assignments, what is returned, raised and asserted, and what patterns compare with. */
import { itemOf } from "../source/module-draft.ts";
import { type Place, statementOf, within } from "../source/place.ts";
import type { SourceValue, Span } from "../source/source-value.ts";
import {
  bindName,
  childNamed,
  groupsOf,
  isToken,
  type PythonReader,
  pathOf,
  readTarget,
  readTargets,
  readValue,
  type StatementTable,
  sourceOf,
  spanOf,
} from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";
import { spread } from "./read-collection.ts";
import { readType } from "./read-definition.ts";

type Group = readonly PythonNode[];

export const STATEMENTS: StatementTable = {
  AssignStatement: readAssignment,
  UpdateStatement(reader, node, { scope }) {
    const at = node.children.findIndex(({ name }) => name === "UpdateOp");
    const target = node.children[0]!;
    const name = pathOf(reader, target);
    if (name === null) readValue(reader, target, statementOf(scope, null));
    const place = statementOf(scope, name === null ? { kind: "statement" } : { kind: "binding", name });
    const value = readTuple(reader, node.children.slice(at + 1), place);
    const isAdded = sourceOf(reader, node.children[at]!) === "+=";
    if (isAdded && name !== null && value !== null)
      bindName(reader, name, { value, operator: "add", scope, isConstant: false, ...spanOf(node) });
  },
  ExpressionStatement(reader, node, { scope }) {
    for (const child of node.children)
      if (!isToken(child)) readValue(reader, child, statementOf(scope, { kind: "statement" }));
  },
  ReturnStatement(reader, node, { scope }) {
    const around = reader.draft.scopes[scope]!;
    const place = statementOf(scope, { kind: "return", function: around.name });
    const returned = readTuple(reader, node.children.slice(1), place);
    if (returned !== null) around.returns.push(returned);
  },
  RaiseStatement: (reader, node, { scope }) =>
    readEach(reader, node.children, statementOf(scope, { kind: "thrown" })),
  AssertStatement(reader, node, { scope }) {
    const [tests, ...messages] = groupsOf(node.children.slice(1));
    readEach(reader, tests ?? [], statementOf(scope, { kind: "comparison" }));
    for (const message of messages) readEach(reader, message, statementOf(scope, { kind: "thrown" }));
  },
  WithStatement(reader, node, { scope }) {
    const items = node.children.filter(({ name }) => name !== "Body" && name !== "with" && name !== "async");
    for (const group of groupsOf(items)) {
      const value = readValue(reader, group[0]!, statementOf(scope, { kind: "statement" }));
      const target = group.some(({ name }) => name === "as") ? group.at(-1)! : null;
      if (target && !sourceOf(reader, target).startsWith("("))
        readTarget(reader, target, scope)({ value, operator: "set", scope, ...spanOf(node) });
    }
    const body = childNamed(node, "Body");
    if (body) reader.walk(body, statementOf(scope, null));
  },
  LiteralPattern: (reader, node, { scope }) =>
    readEach(reader, node.children, statementOf(scope, { kind: "comparison" })),
  TypeDef(reader, node, { scope }) {
    readType(reader, node, scope);
  },
  TypeDefinition: (reader, node, { scope }) =>
    readEach(reader, node.children, statementOf(scope, { kind: "type" })),
  ForStatement(reader, node, { scope }) {
    const at = node.children.findIndex(({ name }) => name === "in");
    const body = node.children.findIndex(({ name }) => name === "Body");
    const targets = groupsOf(
      node.children.slice(0, at).filter((child) => !/^(?:async|for)$/.test(child.name)),
    );
    const bind =
      targets.length === 1
        ? readTarget(reader, targets[0]!.at(-1)!, scope)
        : readTargets(reader, targets, scope);
    const span = { from: node.from, to: node.children[body]?.from ?? node.to };
    const through = readTuple(
      reader,
      node.children.slice(at + 1, body),
      statementOf(scope, { kind: "statement" }),
    );
    if (through !== null)
      bind({ value: itemOf(through), operator: "set", scope, isConstant: false, ...span });
    for (const child of node.children.slice(body))
      if (!isToken(child)) reader.walk(child, statementOf(scope, null));
  },
  ScopeStatement(reader, node, { scope }) {
    if (node.children[0]?.name !== "global") return;
    for (const name of node.children) reader.globals.add(`${scope}:${sourceOf(reader, name)}`);
  },
};

function readEach(reader: PythonReader, nodes: readonly PythonNode[], place: Place): void {
  for (const node of nodes) if (!isToken(node)) readValue(reader, node, place);
}

function readAssignment(reader: PythonReader, node: PythonNode, { scope }: Place): void {
  const sides = sidesOf(node.children);
  const given = sides.at(-1)!;
  const type = childNamed(node, "TypeDef");
  if (type) readType(reader, type, scope);
  if (sides.length === 1) return;
  const targets = sides.slice(0, -1).map((side) => groupsOf(side.filter(({ name }) => name !== "TypeDef")));
  const isTuple = given.some(({ name }) => name === ",");
  const [first] = targets;
  if (isTuple && targets.length === 1 && isPairwise(first!, groupsOf(given))) {
    readPairs(reader, first!, { values: groupsOf(given), scope, span: node });
    return;
  }
  const binders = targets.map((groups) =>
    groups.length === 1 ? readTarget(reader, groups[0]!.at(-1)!, scope) : readTargets(reader, groups, scope),
  );
  const name = first?.length === 1 ? pathOf(reader, first[0]![0]!) : null;
  const place = statementOf(scope, name === null ? { kind: "statement" } : { kind: "binding", name });
  const value = readTuple(reader, given, place);
  if (value === null) return;
  for (const bind of binders) bind({ value, operator: "set", scope, ...spanOf(node) });
}

/** `a, b = "x", "y"`: each name gets its own value. */
function isPairwise(targets: readonly Group[], values: readonly Group[]): boolean {
  return targets.length === values.length && [...targets, ...values].every((group) => group.length === 1);
}

function readPairs(
  reader: PythonReader,
  targets: readonly Group[],
  { values, scope, span }: { readonly values: readonly Group[]; readonly scope: number; readonly span: Span },
): void {
  const binders = targets.map(([target]) => readTarget(reader, target!, scope));
  targets.forEach(([target], index) => {
    const name = pathOf(reader, target!);
    const place = statementOf(scope, name === null ? { kind: "statement" } : { kind: "binding", name });
    const value = readValue(reader, values[index]![0]!, place);
    binders[index]!({ value, operator: "set", scope, ...spanOf(span) });
  });
}

/** What stands between the `=` of an assignment. */
function sidesOf(nodes: readonly PythonNode[]): readonly Group[] {
  const sides: PythonNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === "AssignOp") sides.push([]);
    else sides.at(-1)!.push(node);
  }
  return sides;
}

/** One value, or several between commas: a tuple without parentheses; null where nothing was understood. */
function readTuple(reader: PythonReader, nodes: Group, place: Place): SourceValue | null {
  const groups = groupsOf(nodes);
  if (groups.length === 0) return null;
  const [from, to] = [nodes[0]!.from, nodes.at(-1)!.to];
  if (groups.length === 1 && !nodes.some(({ name }) => name === ","))
    return readValue(reader, groups[0]!.at(-1)!, place);
  const items = groups.map((group, index) => {
    const value = readValue(reader, group.at(-1)!, within(place, { kind: "item", index }));
    return group[0]!.name === "*" ? spread(value, group) : value;
  });
  return { kind: "list", items, from, to };
}
