/** Functions, lambdas and classes of Python: each opens a scope of its own. */
import { openScope, reserveCall } from "../source/module-draft.ts";
import { nameByPlace, type Place, statementOf, within } from "../source/place.ts";
import type { SourceValue } from "../source/source-value.ts";
import {
  bindName,
  childNamed,
  type ExpressionTable,
  groupsOf,
  isToken,
  type PythonReader,
  pathOf,
  readValue,
  type StatementTable,
  sourceOf,
  spanOf,
} from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";
import { argumentsOf, readCall } from "./read-call.ts";
import { readBody } from "./read-docstring.ts";

export const DEFINITION_EXPRESSIONS: ExpressionTable = {
  LambdaExpression(reader, node, place) {
    const name = nameByPlace(place);
    const scope = openScope(reader.draft, { parent: place.scope, kind: "function", name, ...spanOf(node) });
    const parameters = childNamed(node, "ParamList");
    if (parameters) readParameters(reader, parameters, scope);
    const body = node.children.at(-1)!;
    const inside = within({ scope, step: null, outer: place }, { kind: "return", function: name });
    if (body.name !== "ParamList" && !isToken(body)) {
      reader.draft.scopes[scope]!.returns.push(readValue(reader, body, inside));
    }
    return { kind: "function", scope, ...spanOf(node) };
  },
};

export const DEFINITION_STATEMENTS: StatementTable = {
  FunctionDefinition: (reader, node, place) => readDefinition(reader, { node, decorators: [] }, place),
  ClassDefinition: (reader, node, place) => readDefinition(reader, { node, decorators: [] }, place),
  DecoratedStatement(reader, node, place) {
    const decorators = node.children
      .filter(({ name }) => name === "Decorator")
      .map((decorator) => readDecorator(reader, decorator, place));
    const definition = node.children.at(-1)!;
    if (/^(?:Function|Class)Definition$/.test(definition.name))
      readDefinition(reader, { node: definition, decorators }, place);
    else if (definition.name !== "Decorator") reader.walk(definition, place);
  },
  Decorator: (reader, node, place) => {
    readDecorator(reader, node, place);
  },
};

interface Definition {
  readonly node: PythonNode;
  readonly decorators: readonly string[];
}

/** Reads a decorator, as the call that it is where it has arguments. @returns its dotted name. */
function readDecorator(reader: PythonReader, node: PythonNode, { scope }: Place): string {
  const names = node.children.filter((child) => child.name === "VariableName");
  const steps = names.map((name) => sourceOf(reader, name));
  const name = steps.join(".");
  const place = statementOf(scope, { kind: "decorator", name });
  const list = childNamed(node, "ArgList");
  const [first, ...members] = names;
  if (first === undefined) {
    for (const child of node.children) if (!isToken(child)) readValue(reader, child, place);
    return "()";
  }
  if (list === null) return name;
  const call = reserveCall(reader.draft, { from: first.from, to: list.to }, scope);
  let receiver: SourceValue | null = null;
  let value: SourceValue = { kind: "name", name: steps[0]!, scope, ...spanOf(first) };
  members.forEach(({ to }, index) => {
    receiver = value;
    value = { kind: "member", object: value, property: steps[index + 1]!, from: first.from, to };
  });
  const called = { ...node, from: first.from, to: list.to };
  readCall(reader, { node: called, list }, { call, callee: { value, steps, receiver }, place });
  return name;
}

function readDefinition(reader: PythonReader, definition: Definition, { scope: parent }: Place): void {
  const { node, decorators } = definition;
  const isClass = node.name === "ClassDefinition";
  const named = childNamed(node, "VariableName");
  const name = named ? sourceOf(reader, named) : null;
  const bases = isClass ? readBases(reader, node, parent) : [];
  const scope = openScope(reader.draft, {
    parent,
    kind: isClass ? "class" : "function",
    name,
    ...(decorators.length > 0 ? { decorators } : {}),
    ...(bases.length > 0 ? { bases } : {}),
    ...spanOf(node),
  });
  const parameters = childNamed(node, "ParamList");
  if (parameters) readParameters(reader, parameters, scope);
  for (const type of node.children) if (type.name === "TypeDef") readType(reader, type, scope);
  const body = childNamed(node, "Body");
  if (body) readBody(reader, body.children, { scope, decorators });
  if (name === null) return;
  const value: SourceValue = { kind: "function", scope, ...spanOf(node) };
  const bound = isProperty(decorators)
    ? ({ ...value, kind: "choice", options: reader.draft.scopes[scope]!.returns } as const)
    : value;
  bindName(reader, name, { value: bound, operator: "set", isConstant: true, scope: parent, ...spanOf(node) });
}

/** Reading a property gives what its method returns. */
function isProperty(decorators: readonly string[]): boolean {
  return decorators.some((decorator) => /(?:^|\.)(?:cached_)?property$/.test(decorator));
}

function readBases(reader: PythonReader, node: PythonNode, scope: number): readonly string[] {
  const place = statementOf(scope, { kind: "statement" });
  return argumentsOf(reader, childNamed(node, "ArgList")).flatMap(({ name, value }) => {
    const path = name === null ? pathOf(reader, value) : null;
    readValue(reader, value, place);
    return path === null ? [] : [path];
  });
}

function readParameters(reader: PythonReader, list: PythonNode, scope: number): void {
  let position = 0;
  for (const group of groupsOf(list.children)) {
    const named = group.find((node) => node.name === "VariableName");
    if (named === undefined) continue;
    const name = sourceOf(reader, named);
    const annotation = group.find((node) => node.name === "TypeDef");
    const type = annotation ? readType(reader, annotation, scope) : null;
    const isGiven = group.some((node) => node.name === "AssignOp");
    const place = statementOf(scope, { kind: "default", parameter: name });
    const fallback = isGiven ? readValue(reader, group.at(-1)!, place) : null;
    const span = { from: group[0]!.from, to: group.at(-1)!.to };
    reader.draft.scopes[scope]!.parameters.push({ name, position, property: null, fallback, type, ...span });
    position += 1;
  }
}

/** @returns the annotation as written. */
export function readType(reader: PythonReader, node: PythonNode, scope: number): string | null {
  const written = node.children.filter((child) => !isToken(child));
  for (const type of written) readValue(reader, type, statementOf(scope, { kind: "type" }));
  return written.length === 0 ? null : sourceOf(reader, { from: written[0]!.from, to: written.at(-1)!.to });
}
