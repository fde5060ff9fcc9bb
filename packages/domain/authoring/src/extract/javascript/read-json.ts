/** Reads what an expression is before the program runs: JSON, through constants of any file. */
import type { Node } from "@babel/types";
import { isChangedAnywhere } from "./held-constants.ts";
import { keyOf } from "./imported-name.ts";
import { followPath } from "./member-paths.ts";
import { bare, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";

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
      return readTemplate(node, inner);
    case "BinaryExpression": {
      const [left, right] = node.operator === "+" ? [inner(node.left), inner(node.right)] : [];
      const isText = typeof left?.value === "string" && typeof right?.value === "string";
      return isText ? { value: `${left.value}${right.value}` } : undefined;
    }
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
    case "Identifier":
    case "MemberExpression": {
      const found = followPath(programs, program, node);
      const value = found && programs.valueOf(found.definition);
      if (found === undefined || value === undefined) return undefined;
      const known = inner(value, found.definition.program);
      const hasParts = typeof known?.value === "object" && known.value !== null;
      return hasParts && isChangedAnywhere(programs, found.definition) ? undefined : known;
    }
    default:
      return undefined;
  }
}

function readTemplate(
  { quasis, expressions }: Node & { readonly type: "TemplateLiteral" },
  inner: (node: Node) => Known,
): Known {
  let text = "";
  for (const [index, quasi] of quasis.entries()) {
    const inserted = expressions[index];
    const known = inserted && inner(inserted);
    if (inserted !== undefined && typeof known?.value !== "string") return undefined;
    text += (quasi.value.cooked ?? "") + (known === undefined ? "" : String(known.value));
  }
  return { value: text };
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
