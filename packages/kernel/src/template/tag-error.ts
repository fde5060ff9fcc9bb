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

/** Where a tag begins, in words. */
export function spot({ line, column }: Position): string {
  return `line ${line}, column ${column}`;
}

function tagError(
  code: "template-syntax" | "template-unsupported",
  { tag: written, at }: TagSite,
  rest: string,
): HarnessError {
  const text = written.replace(/\s+/g, " ");
  const tag = text.length > LONGEST_TAG ? `${text.slice(0, LONGEST_TAG)}…` : text;
  return new HarnessError(code, say`${tag} at ${spot(at)} ${rest}.`, { details: { tag, ...at } });
}

/** Broken syntax; `rest` continues the sentence "{{tag}} at line 1, column 1 …". */
export function syntaxError(site: TagSite, rest: string): HarnessError {
  return tagError("template-syntax", site, rest);
}

/** Something that Handlebars may know and this language does not; `instead` says what to write. */
export function unsupportedError(site: TagSite, instead: string): HarnessError {
  return tagError("template-unsupported", site, say`is not supported: ${instead}`);
}

/** What arguments may look like elsewhere, and what to write here instead. */
const FOREIGN_ARGUMENTS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/[()]/, "there are no helper calls in an argument; pass the value in as a variable"],
  [/=/, "there are no hash arguments; name one variable"],
  [/(?:^| )as \||^\S*\|/, "there are no block parameters; read {{this}} or {{../x}}"],
];

/** The words for an argument that is written as elsewhere; undefined where it is not. */
export function foreignArgument(text: string): string | undefined {
  return FOREIGN_ARGUMENTS.find(([pattern]) => pattern.test(text))?.[1];
}
