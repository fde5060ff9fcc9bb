/** The two errors of the template language, always with the tag and its place. */
import { HarnessError } from "../errors.ts";
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

function tagError(
  code: "template-syntax" | "template-unsupported",
  site: TagSite,
  rest: string,
): HarnessError {
  const { line, column } = site.at;
  return new HarnessError(code, `${shown(site.tag)} at line ${line}, column ${column} ${rest}.`, {
    details: { tag: shown(site.tag), line, column },
  });
}

/** Broken syntax; `rest` continues the sentence "{{tag}} at line 1, column 1 …". */
export function syntaxError(site: TagSite, rest: string): HarnessError {
  return tagError("template-syntax", site, rest);
}

/** Something that Handlebars may know and this language does not; `instead` says what to write. */
export function unsupportedError(site: TagSite, instead: string): HarnessError {
  return tagError("template-unsupported", site, `is not supported: ${instead}`);
}
