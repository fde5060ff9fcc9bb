/** What the parts of the Python reader share: how each asks for what stands inside it. */
import { type ModuleDraft, tellTexts } from "../source/module-draft.ts";
import type { Place } from "../source/place.ts";
import type { SourceBinding } from "../source/source-module.ts";
import type { SourceValue, Span } from "../source/source-value.ts";
import type { PythonNode } from "./python-tree.ts";

export interface PythonReader {
  readonly draft: ModuleDraft;
  /** `scope:name` of what a function says of the module's names by `global`. */
  readonly globals: Set<string>;
  /** Reads an expression as a part of something: the caller tells of its texts. */
  part(node: PythonNode, place: Place): SourceValue;
  /** Reads a statement, or whatever else is no expression. */
  walk(node: PythonNode, place: Place): void;
}

export type ExpressionTable = Readonly<
  Record<string, (reader: PythonReader, node: PythonNode, place: Place) => SourceValue>
>;

export type StatementTable = Readonly<
  Record<string, (reader: PythonReader, node: PythonNode, place: Place) => void>
>;

/** Reads an expression that stands for itself, and tells of its texts. */
export function readValue(reader: PythonReader, node: PythonNode, place: Place): SourceValue {
  const value = reader.part(node, place);
  tellTexts(reader.draft, value, place);
  return value;
}

export function spanOf({ from, to }: Span): Span {
  return { from, to };
}

export function unknown(span: Span): SourceValue {
  return { kind: "unknown", from: span.from, to: span.to };
}

export function sourceOf({ draft }: PythonReader, { from, to }: Span): string {
  return draft.file.source.slice(from, to);
}

/** Punctuation and the words of the language, as opposed to what stands between them. */
export function isToken(node: PythonNode): boolean {
  return /^(?:[^A-Za-z]|[a-z]+$)/.test(node.name) || node.name === "AssignOp" || node.name === "At";
}

export function childNamed(node: PythonNode, name: string): PythonNode | null {
  return node.children.find((child) => child.name === name) ?? null;
}

/** The expression inside of parentheses. */
export function withoutParentheses(node: PythonNode): PythonNode {
  let at = node;
  while (at.name === "ParenthesizedExpression") {
    const inside = at.children.filter((child) => !isToken(child));
    if (inside.length !== 1 || at.children.some((child) => child.name === "*")) return at;
    at = inside[0]!;
  }
  return at;
}

/** What stands between commas, brackets left out; a comprehension's commas part nothing. */
export function groupsOf(nodes: readonly PythonNode[]): readonly (readonly PythonNode[])[] {
  const groups: PythonNode[][] = [];
  let group: PythonNode[] = [];
  for (const node of nodes) {
    if (/^[()[\]{}]$/.test(node.name)) continue;
    if (node.name === "," && !group.some((other) => other.name === "for")) {
      if (group.length > 0) groups.push(group);
      group = [];
    } else group.push(node);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** `a.b.c` as a path of names; null where a step is none. */
export function pathOf(reader: PythonReader, node: PythonNode): string | null {
  const steps: string[] = [];
  let at = withoutParentheses(node);
  while (at.name === "MemberExpression") {
    const property = childNamed(at, "PropertyName");
    const subscript = property ? null : literalSubscript(reader, at);
    if (!property && subscript === null) return null;
    steps.push(property ? sourceOf(reader, property) : subscript!);
    at = withoutParentheses(at.children[0]!);
  }
  if (at.name !== "VariableName") return null;
  steps.push(sourceOf(reader, at));
  return steps.reverse().join(".");
}

/** The key in `object["key"]`; null for any other subscript. */
function literalSubscript(reader: PythonReader, node: PythonNode): string | null {
  const [key, ...others] = node.children.slice(1).filter((child) => !isToken(child));
  if (key?.name !== "String" || others.length > 0) return null;
  return /^["'](\w+)["']$/.exec(sourceOf(reader, key))?.[1] ?? null;
}

/** How a value is bound. */
export interface Bound extends Span {
  readonly value: SourceValue;
  readonly operator: SourceBinding["operator"];
  readonly isConstant?: boolean;
  readonly scope: number;
}

/** Constants are those of a module or a class by convention: names in capitals, and whatever a class says of itself. */
export function bindName(reader: PythonReader, name: string, bound: Bound): void {
  const { scope, isConstant, ...rest } = bound;
  const around = reader.draft.scopes[reader.globals.has(`${scope}:${name}`) ? 0 : scope]!;
  const isConvention =
    around.kind === "class" || (around.kind === "module" && /^_*[A-Z][A-Z0-9_]*$/.test(name));
  around.bindings.push({ name, isConstant: isConstant ?? isConvention, ...rest });
}

/** Gives a target the value that it has been read for. */
export type Binder = (bound: Bound) => void;

/**
 * Reads what is computed in a target, before the value that it gets is read.
 *
 * @returns what binds every name in it to its part of the value.
 */
export function readTarget(reader: PythonReader, target: PythonNode, scope: number): Binder {
  const at = withoutParentheses(target);
  if (at.name === "TupleExpression" || at.name === "ArrayExpression") {
    return readTargets(reader, groupsOf(at.children), scope);
  }
  const path = pathOf(reader, at);
  if (path !== null) return (bound) => bindName(reader, path, bound);
  readValue(reader, at, { scope, step: null, outer: null });
  return () => {};
}

/** Targets that take a value apart, such as those of `a, *b = …`. */
export function readTargets(
  reader: PythonReader,
  targets: readonly (readonly PythonNode[])[],
  scope: number,
): Binder {
  const binders = targets.map((group) => readTarget(reader, group.at(-1)!, scope));
  return (bound) => {
    const span = { from: bound.from, to: bound.to };
    binders.forEach((bind, index) => {
      const isStarred = targets[index]![0]!.name === "*";
      const member: SourceValue = { kind: "member", object: bound.value, property: String(index), ...span };
      bind({ ...bound, value: isStarred ? unknown(span) : member });
    });
  };
}
