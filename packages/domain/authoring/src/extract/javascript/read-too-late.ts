/** Finds what stays at a call, stands before a value of the text, and would come to be read after it. */
import type { Identifier, Node } from "@babel/types";
import { importedName } from "./imported-name.ts";
import type { KnownCall } from "./known-calls.ts";
import type { Hole } from "./piece.ts";
import { bare, isWithin, nodesOf, type Program } from "./program.ts";
import type { CallReaderParts } from "./read-call.ts";

interface Order {
  readonly kept: readonly Node[];
  readonly holes: readonly Hole[];
}

/** Undefined where the other order makes no difference: neither changes what the other reads, as far as names tell. */
export function readTooLate(
  { facts }: CallReaderParts,
  { program, node: call }: KnownCall,
  { kept, holes }: Order,
): Node | undefined {
  const values = holes.filter((hole) => hole.program === program && isWithin(hole.node, call));
  // What a package or the language has keeps nothing that others would see.
  const isOwn = (root: Identifier): boolean => {
    const binding = program.lookUp(root.name, root);
    return binding !== undefined && /^(\.|[@~#]\/)/.test(importedName(program, binding)?.specifier ?? ".");
  };
  const changedBy = (node: Node): ReadonlySet<string> =>
    facts.hasEffects(program, node) ? changedIn(program, node, isOwn) : new Set();
  return kept.find((node) =>
    values.some((value) => {
      if ((value.node.start ?? 0) < (node.end ?? 0)) return false;
      return (
        haveCommon(changedBy(node), namesIn(program, value.node)) ||
        haveCommon(changedBy(value.node), namesIn(program, node))
      );
    }),
  );
}

function haveCommon(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...some].some((name) => others.has(name));
}

/** What is called or set. */
function changedIn(program: Program, node: Node, isOwn: (root: Identifier) => boolean): ReadonlySet<string> {
  const names = new Set<string>();
  for (const inner of nodesOf(node)) {
    const target =
      inner.type === "CallExpression" ||
      inner.type === "OptionalCallExpression" ||
      inner.type === "NewExpression"
        ? inner.callee
        : inner.type === "AssignmentExpression"
          ? inner.left
          : inner.type === "UpdateExpression"
            ? inner.argument
            : undefined;
    const name = target && nameAt(program, target, isOwn);
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** What a path begins with: a name, or the member of `this`. */
function nameAt(program: Program, path: Node, isOwn: (root: Identifier) => boolean): string | undefined {
  let node = bare(path);
  while (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
    const object = bare(node.object);
    if (object.type === "ThisExpression") return program.text(node);
    node = object;
  }
  return node.type === "Identifier" && isOwn(node) ? node.name : undefined;
}

function namesIn(program: Program, node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const inner of nodesOf(node)) {
    if (inner.type === "Identifier" && program.bindingOf(inner) !== undefined) names.add(inner.name);
    const isOfThis = inner.type === "MemberExpression" && bare(inner.object).type === "ThisExpression";
    if (isOfThis) names.add(program.text(inner));
  }
  return names;
}
