/** What a template may do with a medium: print it into a user's message, and ask whether it is there. */
import type { Role } from "./message.ts";
import type { ReadNode } from "./template.ts";

/** A tag that reads a variable, and who speaks where it stands. */
export interface MediaUse extends Pick<ReadNode, "kind" | "path" | "fenced"> {
  readonly variable: string;
  readonly role: Role | undefined;
}

/** True for a tag that asks more of a medium than it can; what has nothing to do with media passes. */
export function misusesMedium(use: MediaUse, media: ReadonlySet<string>): boolean {
  const { kind, path, variable, fenced, role } = use;
  const medium = [variable, `${variable}[]`].find((place) => media.has(place));
  if (medium === undefined) return false;
  const isWritten = kind === "value" || kind === "json";
  if (path !== medium) return path.startsWith(medium) || (path === variable && isWritten);
  return kind === "value" ? fenced || role !== "user" : isWritten || kind === "each";
}

/** Why it does, and what to write instead. */
export function explainMisuse({ kind, path, variable, fenced, role }: MediaUse, isList: boolean): string {
  if (isList && path === variable)
    return `${path} is a list of media; write {{#each ${variable}}}{{this}}{{/each}}`;
  const written = isList ? "{{this}}" : `{{${variable}}}`;
  if (path !== (isList ? `${variable}[]` : variable))
    return `${path} is of a medium, which has no fields; write ${written}`;
  if (kind !== "value") return `${path} is a medium; write ${written}`;
  return fenced
    ? `${path} is a medium, and only texts are fenced; take it out of untrusted`
    : `${path} is a medium, and a message of role ${role} holds only text`;
}
