/** Reads what an expression is before the program runs: JSON, through constants of any file. */
import type { Node } from "@babel/types";
import { bare, type Program } from "./program.ts";
import { keyOf, type ProgramSet } from "./program-set.ts";

/** A value that is known; undefined where it is not. */
export type Known = { readonly value: unknown } | undefined;

const MAX_DEPTH = 50;

export function readJson(programs: ProgramSet, program: Program, expression: Node): Known {
  return readAt(programs, { program, expression, depth: 0 });
}

interface Place {
  readonly program: Program;
  readonly expression: Node;
  readonly depth: number;
}

function readAt(programs: ProgramSet, { program, expression, depth }: Place): Known {
  const node = bare(expression);
  if (depth > MAX_DEPTH) return undefined;
  const inner = (one: Node, home = program): Known =>
    readAt(programs, { program: home, expression: one, depth: depth + 1 });
  switch (node.type) {
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
      return { value: node.value };
    case "NullLiteral":
      return { value: null };
    case "TemplateLiteral":
      return node.expressions.length === 0 ? { value: node.quasis[0]?.value.cooked ?? "" } : undefined;
    case "UnaryExpression": {
      const operand = node.operator === "-" ? inner(node.argument) : undefined;
      return typeof operand?.value === "number" ? { value: -operand.value } : undefined;
    }
    case "ArrayExpression": {
      const items = node.elements.map((element) => (element === null ? undefined : inner(element)));
      return items.every((item) => item !== undefined)
        ? { value: items.map((item) => item.value) }
        : undefined;
    }
    case "ObjectExpression":
      return readObject(node.properties, inner);
    case "Identifier": {
      const definition = programs.defined(program, node);
      const value = definition && programs.valueOf(definition);
      return definition && value && inner(value, definition.program);
    }
    case "MemberExpression": {
      const object = bare(node.object);
      const name = node.computed ? undefined : keyOf(node.property);
      const definition = object.type === "Identifier" ? programs.defined(program, object) : undefined;
      if (definition === undefined || name === undefined || definition.binding.isChanged) return undefined;
      const value = programs.propertyOf(definition, name);
      return value && inner(value, definition.program);
    }
    default:
      return undefined;
  }
}

function readObject(properties: readonly Node[], inner: (node: Node) => Known): Known {
  const entries: [string, unknown][] = [];
  for (const property of properties) {
    if (property.type !== "ObjectProperty" || property.computed) return undefined;
    const key = keyOf(property.key);
    const value = inner(property.value);
    // Such a key would not become a property.
    if (key === undefined || key === "__proto__" || value === undefined) return undefined;
    entries.push([key, value.value]);
  }
  return { value: Object.fromEntries(entries) };
}
