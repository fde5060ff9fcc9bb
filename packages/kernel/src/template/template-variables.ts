/** Which variables a template reads, and whether it can do without them. */
import type { Body } from "./body.ts";
import { linkTemplate, type PartialSource } from "./link-template.ts";
import type { Uses } from "./note-use.ts";
import { readBody } from "./read-body.ts";

/** One path from the variables down; `items[].name` is a field of the items of a list. */
export interface VariableUse {
  readonly path: string;
  /** Only asked for by if, unless or each, or read where an `{{#if}}` of it or of what it belongs to holds. */
  readonly guarded: boolean;
  /** Wherever it must be there, `json` writes it: then null will do. */
  readonly json?: true;
  /** Only read inside an `{{#each}}`, so not at all when that list is empty. */
  readonly within?: "each";
}

export interface TemplateVariablesOptions {
  /** With these, variables that partials read count too; a partial that is not among them is passed over. */
  readonly partials?: PartialSource | undefined;
  /** Where media are in the variables: `photo`, `pages[]`; a tag that asks more of one than it can is refused. */
  readonly media?: ReadonlySet<string>;
}

/**
 * In order of first appearance, each path once.
 *
 * @throws HarnessError `template-syntax` or `template-unsupported`.
 */
export function templateVariables(
  body: Body,
  options: TemplateVariablesOptions = {},
): readonly VariableUse[] {
  const alone: Uses = new Map();
  for (const part of readBody(body)) {
    if (part !== "history") linkTemplate(part.template, { ...options, role: part.role, alone });
  }
  return Array.from(alone, ([path, { guarded, nullable, inEach }]) => ({
    path,
    guarded,
    ...(nullable && !guarded && { json: true }),
    ...(inEach && { within: "each" }),
  }));
}
