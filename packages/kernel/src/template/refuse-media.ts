/** What a template may do with a medium: print it into a user's message, and ask whether it is there. */

import { say, words } from "../say.ts";
import type { Role } from "./message.ts";
import { type TagSite, unsupportedError } from "./tag-error.ts";
import type { BlockName } from "./template.ts";

/** A tag that reads a variable, and where it stands. */
export interface MediaUse {
  readonly kind: BlockName | "value" | "json";
  /** The whole way from the variables; `[]` stands for an item of a list. */
  readonly path: string;
  readonly variable: string;
  readonly fenced: boolean;
  readonly role: Role;
}

/**
 * Passes a tag that has nothing to do with media, or may do what it does with one.
 *
 * @throws HarnessError `template-unsupported`, with the tag and its place.
 */
export function refuseMedia(use: MediaUse, media: ReadonlySet<string>, site: TagSite): void {
  const { kind, path, variable, fenced, role } = use;
  const items = `${variable}[]`;
  const isList = !media.has(variable);
  const medium = isList ? items : variable;
  if (!media.has(medium)) return;
  const printed = kind === "value" || kind === "json";
  const isItself = isList && path === variable;
  const refused =
    path === medium
      ? kind === "json" || kind === "each" || (kind === "value" && (fenced || role !== "user"))
      : isItself
        ? printed
        : !isList || path.startsWith(items);
  if (!refused) return;
  const sign = kind === "value" ? "" : kind === "json" ? "json " : `#${kind} `;
  throw unsupportedError(
    { ...site, tag: site.tag.replace("{{", `{{${sign}`) },
    say`${path} is ${words(() => (isItself ? listRefusal(variable) : mediumRefusal(use, medium)))}`,
  );
}

function listRefusal(variable: string): string {
  return `a list of media; write {{#each ${variable}}}{{this}}{{/each}}`;
}

function mediumRefusal({ kind, path, fenced, role }: MediaUse, medium: string): string {
  const written = medium.endsWith("[]") ? "{{this}}" : `{{${medium}}}`;
  if (path !== medium) return `of a medium, which has no fields; write ${written}`;
  if (kind === "json" || kind === "each") return `a medium; write ${written}`;
  return fenced
    ? "a medium, and only texts are fenced; take it out of untrusted"
    : `a medium, and a message of role ${role} holds only text`;
}
