/** Parses a template of the house's language, a strict subset of Handlebars. */
import { readBody } from "./read-body.ts";
import type { Template } from "./template.ts";

/** @throws HarnessError `template-syntax`, with line and column. */
export function parseTemplate(source: string): Template {
  return { kind: "template", nodes: readBody(source, {}, new Map()) };
}
