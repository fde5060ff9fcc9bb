/** The error of a tag: what it says, and where it stands. */
import { type ErrorCode, HarnessError } from "../errors.ts";
import { say, words } from "../say.ts";

/** The part of a body that a source is: nothing where it is the whole body. */
export type Part = { readonly partial: string } | { readonly message: number };

/** A tag, and where it begins in the source of a part. */
export interface TagSite {
  readonly tag: string;
  readonly at: number;
  readonly source: string;
  readonly part: Part | undefined;
}

/** `rest` continues the sentence "{{tag}} at line 1, column 1 …". */
export function tagError(site: TagSite, rest: string, code: ErrorCode = "template-syntax"): HarnessError {
  const { source, at, part } = site;
  // In one line, and not too long: a tag that is never closed goes on to the end. Cut before anything is matched,
  // since in a process with much compiled code an expression may keep a way back for each character.
  const start = site.tag.slice(0, 1000).replace(/\s+/g, " ").replaceAll("\0", "␀");
  const tag = start.length > 60 ? `${start.slice(0, 60)}…` : start;
  const before = source.slice(0, at);
  const line = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  const where = words(() => (part ? `In ${Object.entries(part).flat().join(" ")}: ` : ""));
  return new HarnessError(code, say`${where}${tag} at ${`line ${line}, column ${column}`} ${rest}.`, {
    details: { tag, line, column, ...part },
  });
}
