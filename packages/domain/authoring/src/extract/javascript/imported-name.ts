/** Reads what a name was imported as: by an `import`, or by a `require` in CommonJS. */
import type { Node } from "@babel/types";
import { type Binding, bare, type Program } from "./program.ts";

export interface ImportedName {
  readonly specifier: string;
  /** As the other module exports it; `*` for all of the module. */
  readonly name: string;
}

/** Undefined for a name that the file declares itself. */
export function importedName(program: Program, binding: Binding): ImportedName | undefined {
  const { declaration } = binding;
  if (declaration.type === "VariableDeclarator") return requiredName(declaration, binding.name);
  const statement = program.parentOf(declaration);
  if (statement?.type !== "ImportDeclaration") return undefined;
  const specifier = statement.source.value;
  switch (declaration.type) {
    case "ImportSpecifier":
      return { specifier, name: nameOf(declaration.imported) };
    case "ImportDefaultSpecifier":
      return { specifier, name: "default" };
    case "ImportNamespaceSpecifier":
      return { specifier, name: "*" };
    default:
      return undefined;
  }
}

/** `const words = require("./words")`, `const { SYSTEM } = require("./words")`, and `require("./words").SYSTEM`. */
function requiredName(
  { id, init }: Node & { readonly type: "VariableDeclarator" },
  local: string,
): ImportedName | undefined {
  if (!init) return undefined;
  const value = bare(init);
  if (value.type === "MemberExpression" && !value.computed && id.type === "Identifier") {
    const specifier = requiredModule(value.object);
    const name = keyOf(value.property);
    return specifier === undefined || name === undefined ? undefined : { specifier, name };
  }
  const specifier = requiredModule(value);
  if (specifier === undefined) return undefined;
  if (id.type === "Identifier") return { specifier, name: "*" };
  const property = propertyOfPattern(id, local);
  const name = property && keyOf(property.key);
  return name === undefined ? undefined : { specifier, name };
}

/** The property of `{ SYSTEM: local }` that declares a name by itself; undefined where a default or a list does. */
export function propertyOfPattern(pattern: Node, local: string) {
  if (pattern.type !== "ObjectPattern") return undefined;
  for (const property of pattern.properties) {
    if (property.type !== "ObjectProperty" || property.computed) continue;
    if (property.value.type === "Identifier" && property.value.name === local) return property;
  }
  return undefined;
}

/** What `require("…")` names; undefined for any other expression. */
export function requiredModule(node: Node): string | undefined {
  const call = bare(node);
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier" || call.arguments.length !== 1) {
    return undefined;
  }
  const [named] = call.arguments;
  return call.callee.name === "require" && named?.type === "StringLiteral" ? named.value : undefined;
}

export function nameOf(node: Node): string {
  return node.type === "StringLiteral" ? node.value : (node as { readonly name: string }).name;
}

/** The name of a property that is written out. */
export function keyOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type === "StringLiteral") return node.value;
  return node.type === "NumericLiteral" ? String(node.value) : undefined;
}
