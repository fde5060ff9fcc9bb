/** The two errors of the template language, always with the tag and its place. */
import { HarnessError } from "../errors.ts";
import { say } from "../say.ts";
import type { Position } from "./template.ts";

/** A tag as it was written, with its place, for messages. */
export interface TagSite {
  readonly tag: string;
  readonly at: Position;
}

const LONGEST_TAG = 60;

function shown(tag: string): string {
  const line = tag.replace(/\s+/g, " ");
  return line.length > LONGEST_TAG ? `${line.slice(0, LONGEST_TAG)}…` : line;
}

/** Where a tag begins, in words. */
export function spot({ line, column }: Position): string {
  return `line ${line}, column ${column}`;
}

function tagError(
  code: "template-syntax" | "template-unsupported",
  site: TagSite,
  rest: string,
): HarnessError {
  const { line, column } = site.at;
  return new HarnessError(code, say`${shown(site.tag)} at ${spot(site.at)} ${rest}.`, {
    details: { tag: shown(site.tag), line, column },
  });
}

/** Broken syntax; `rest` continues the sentence "{{tag}} at line 1, column 1 …". */
export function syntaxError(site: TagSite, rest: string): HarnessError {
  return tagError("template-syntax", site, rest);
}

/** What other template languages write, and what to write here instead. */
export type ForeignHint = readonly [pattern: RegExp, instead: string];

/** @throws HarnessError `template-unsupported` by the first hint that the text matches. */
export function rejectForeign(text: string, hints: readonly ForeignHint[], site: TagSite): void {
  const hint = hints.find(([pattern]) => pattern.test(text));
  if (hint !== undefined) throw unsupportedError(site, hint[1]);
}

/** What a tag names may be written like this elsewhere. */
export const FOREIGN_ARGUMENTS: readonly ForeignHint[] = [
  [/[()]/, say`there are no helper calls in an argument; pass the value in as a variable`],
  [/=/, say`there are no hash arguments; name one variable`],
  [/(?:^| )as \||^\S*\|/, say`there are no block parameters; read {{this}} or {{../x}}`],
];

/** Something that Handlebars may know and this language does not; `instead` says what to write. */
export function unsupportedError(site: TagSite, instead: string): HarnessError {
  return tagError("template-unsupported", site, say`is not supported: ${instead}`);
}
