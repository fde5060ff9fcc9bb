/** Which partials a body includes. */
import type { Body } from "./body.ts";
import { readBody } from "./read-body.ts";
import type { PartialRef, TemplateNode } from "./template.ts";

/**
 * Those it names itself, not those of its partials; each reference once, in order of appearance.
 *
 * @throws HarnessError `template-syntax` or `template-unsupported`.
 */
export function templatePartials(body: Body): readonly PartialRef[] {
  const refs = new Map<string, PartialRef>();
  const collect = (node: TemplateNode): void => {
    if (node.kind === "partial") refs.set(node.partial.ref, node.partial);
    if ("body" in node) [...node.body, ...node.otherwise].forEach(collect);
  };
  for (const part of readBody(body)) if (part !== "history") part.template.nodes.forEach(collect);
  return [...refs.values()];
}
