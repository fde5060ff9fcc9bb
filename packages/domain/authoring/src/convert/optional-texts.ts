/** The contract of variables that may be missing and are texts then, as tools have it that print nothing for them. */
import type { JsonSchema } from "@colophon/kernel";

type Tree = Map<string, Tree>;

/** @param paths the steps of each variable; `user.name` makes an object of `user`. */
export function optionalTexts(paths: Iterable<readonly string[]>): JsonSchema {
  const tree: Tree = new Map();
  for (const steps of paths) {
    let at = tree;
    for (const step of steps) {
      const inside: Tree = at.get(step) ?? new Map();
      at.set(step, inside);
      at = inside;
    }
  }
  return { type: "object", ...fieldsOf(tree) };
}

function fieldsOf(tree: Tree): {
  readonly properties: Record<string, JsonSchema>;
  additionalProperties: false;
} {
  const properties = [...tree].map(([name, inside]): readonly [string, JsonSchema] => [
    name,
    inside.size === 0 ? { type: ["string", "null"] } : { type: ["object", "null"], ...fieldsOf(inside) },
  ]);
  return { properties: Object.fromEntries(properties), additionalProperties: false };
}
