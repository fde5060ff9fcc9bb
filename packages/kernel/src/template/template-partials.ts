/** Which partials a template includes. */
import type { Body } from "./body.ts";
import type { PartialRef, Template, TemplateNode } from "./template.ts";
import { templatesOf } from "./template-variables.ts";

/**
 * Those it names itself, not those of its partials; each reference once, in order of appearance.
 *
 * @throws HarnessError `template-syntax` or `template-unsupported`.
 */
export function templatePartials(source: Template | Body): readonly PartialRef[] {
  const refs = new Map<string, PartialRef>();
  for (const template of templatesOf(source)) collect(template.nodes, refs);
  return Object.freeze([...refs.values()]);
}

function collect(nodes: readonly TemplateNode[], refs: Map<string, PartialRef>): void {
  for (const node of nodes) {
    if (node.kind === "partial" && !refs.has(node.partial.ref)) refs.set(node.partial.ref, node.partial);
    if ("body" in node) {
      collect(node.body, refs);
      collect(node.otherwise, refs);
    }
  }
}
