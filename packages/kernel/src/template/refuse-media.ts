/** What a template may do with a medium: print it into a user's message, and ask whether it is there. */

import { say } from "../say.ts";
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
  const { kind, path, variable } = use;
  const instead = media.has(variable)
    ? mediumRefusal(use, variable)
    : media.has(`${variable}[]`)
      ? listRefusal(use)
      : undefined;
  if (instead === undefined) return;
  const sign = kind === "value" ? "" : kind === "json" ? "json " : `#${kind} `;
  const tag = site.tag.replace("{{", `{{${sign}`);
  throw unsupportedError({ ...site, tag }, say`${path} is ${instead}`);
}

function mediumRefusal({ kind, path, fenced, role }: MediaUse, medium: string): string | undefined {
  if (path !== medium) return say`of a medium, which has no fields; write {{${medium}}}`;
  if (kind === "json" || kind === "each") return say`a medium; write {{${medium}}}`;
  if (kind !== "value") return undefined;
  if (fenced) return say`a medium, and only texts are fenced; take it out of untrusted`;
  return role === "user" ? undefined : say`a medium, and a message of role ${role} holds only text`;
}

function listRefusal(use: MediaUse): string | undefined {
  const { kind, path, variable } = use;
  if (path.startsWith(`${variable}[]`)) {
    const refusal = mediumRefusal(use, `${variable}[]`);
    return refusal?.replace(`{{${variable}[]}}`, "{{this}}");
  }
  if (path !== variable || (kind !== "value" && kind !== "json")) return undefined;
  return say`a list of media; write {{#each ${variable}}}{{this}}{{/each}}`;
}
