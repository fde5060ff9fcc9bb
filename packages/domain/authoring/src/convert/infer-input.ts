/** Makes a contract of what a body reads, where the source says nothing of its variables. */
import { type Body, type JsonSchema, type PartialSource, templateVariables } from "@colophon/kernel";

interface Node {
  readonly fields: Map<string, Node>;
  items: Node | null;
  isRequired: boolean;
}

/** Whatever is printed outside of an `{{#if}}` of it has to be there; of its type nothing is said. */
export function inferInput(body: Body, partials?: PartialSource): JsonSchema {
  const root = createNode();
  for (const { path, guarded } of templateVariables(body, { partials })) {
    let at = root;
    const steps = path.split(".");
    // What leads to a list is asked for by its {{#each}}, which prints nothing without it.
    const list = steps.findLastIndex((step) => step.includes("[]"));
    for (const [index, step] of steps.entries()) {
      const [name = "", ...lists] = step.split("[]");
      if (name !== "") at = inside(at, name, guarded || index <= list);
      for (const _ of lists) {
        at.items ??= createNode();
        at = at.items;
      }
    }
  }
  return { type: "object", ...fieldsOf(root), additionalProperties: false };
}

function createNode(): Node {
  return { fields: new Map(), items: null, isRequired: false };
}

function inside(node: Node, name: string, guarded: boolean): Node {
  const found = node.fields.get(name) ?? createNode();
  if (!guarded) found.isRequired = true;
  node.fields.set(name, found);
  return found;
}

function fieldsOf({ fields }: Node): {
  readonly properties: Record<string, JsonSchema>;
  required?: string[];
} {
  const required = [...fields].filter(([, { isRequired }]) => isRequired).map(([name]) => name);
  return {
    properties: Object.fromEntries([...fields].map(([name, node]) => [name, schemaOf(node)])),
    ...(required.length > 0 && { required: required.sort() }),
  };
}

function schemaOf(node: Node): JsonSchema {
  if (node.items !== null) return { type: "array", items: schemaOf(node.items) };
  return node.fields.size === 0 ? {} : { type: "object", ...fieldsOf(node) };
}
