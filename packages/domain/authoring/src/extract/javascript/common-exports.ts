/** Reads what a CommonJS file exports, and who of its names does. */
import type { AssignmentExpression, Expression, Node } from "@babel/types";
import { keyOf } from "./imported-name.ts";
import { bare, nodesOf, type Program } from "./program.ts";

export interface CommonExports {
  /** The node that gives each name its value: an assignment, or a property of `module.exports = {…}`. */
  readonly names: ReadonlyMap<string, Node>;
  /** What `module.exports` is as a whole; null where names are added to it alone. */
  readonly whole: Node | null;
}

const NOTHING: CommonExports = { names: new Map(), whole: null };
const known = new WeakMap<Program, CommonExports>();

/** Whether a file is CommonJS: it has no import or export, but requires or exports as Node's first modules do. */
export function isCommonJs(program: Program): boolean {
  if (program.root.program.sourceType === "module" || program.language !== "javascript") return false;
  return /\brequire\s*\(|\bmodule\s*\.\s*exports\b|\bexports\s*\./.test(program.source);
}

/** Names that are given a value once, where the module begins; of others nobody can tell what they are. */
export function commonExports(program: Program): CommonExports {
  const found = known.get(program) ?? (isCommonJs(program) ? readExports(program) : NOTHING);
  known.set(program, found);
  return found;
}

function readExports(program: Program): CommonExports {
  const names = new Map<string, Node>();
  const unclear = new Set<string>();
  let whole: Node | null = null;
  const add = (name: string, node: Node): void => {
    if (names.has(name)) unclear.add(name);
    names.set(name, node);
  };
  for (const node of nodesOf(program.root)) {
    if (node.type !== "AssignmentExpression") continue;
    const name = exportedBy(program, node.left);
    if (name === undefined) continue;
    if (!isTopLevel(program, node)) unclear.add(name);
    else if (name !== "*") add(name, node);
    else {
      if (whole !== null) unclear.add("*");
      whole = bare(valueOfExport(node));
      if (whole.type !== "ObjectExpression") continue;
      for (const property of whole.properties) {
        const key = property.type === "SpreadElement" || property.computed ? undefined : keyOf(property.key);
        if (key !== undefined) add(key, property);
      }
    }
  }
  for (const name of unclear) names.delete(name);
  return unclear.has("*") ? NOTHING : { names, whole };
}

/** The name that is assigned to: `*` for `module.exports` itself. */
function exportedBy(program: Program, left: Node): string | undefined {
  if (isExportsObject(program, left)) return left.type === "Identifier" ? undefined : "*";
  if (left.type !== "MemberExpression" || !isExportsObject(program, left.object)) return undefined;
  return left.computed && left.property.type !== "StringLiteral" ? undefined : keyOf(left.property);
}

/** `exports`, or `module.exports`. */
function isExportsObject(program: Program, node: Node): boolean {
  if (node.type === "Identifier") return node.name === "exports" && program.bindingOf(node) === undefined;
  if (node.type !== "MemberExpression" || node.computed || keyOf(node.property) !== "exports") return false;
  const { object } = node;
  return object.type === "Identifier" && object.name === "module" && program.bindingOf(object) === undefined;
}

function isTopLevel(program: Program, node: AssignmentExpression): boolean {
  let outer = program.parentOf(node);
  // `exports = module.exports = {…}`
  while (outer?.type === "AssignmentExpression") outer = program.parentOf(outer);
  return outer?.type === "ExpressionStatement" && program.parentOf(outer)?.type === "Program";
}

/** What is assigned at last: `exports = module.exports = {…}`. */
export function valueOfExport({ right }: AssignmentExpression): Expression {
  let value = right;
  while (value.type === "AssignmentExpression") value = value.right;
  return value;
}

/** The value of an exported name; a method is its own. */
export function valueOfExported(node: Node): Node | undefined {
  if (node.type === "AssignmentExpression") return valueOfExport(node);
  if (node.type === "ObjectProperty") return node.value;
  return node.type === "ObjectMethod" ? node : undefined;
}
