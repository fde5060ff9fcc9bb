/** Converts the body of a Dotprompt file: comments go, three braces become two, and partials are named by their keys. */
import type { VersionText } from "@colophon/kernel";
import type { Remarks } from "../imported.ts";
import { rewriteTags } from "../template/rewrite-tags.ts";

export interface ConvertingBody {
  readonly name: string;
  readonly remarks: Remarks;
  /** Texts that can be included, by key. */
  readonly texts: ReadonlyMap<string, VersionText>;
  /** Of the file, that the body begins in. */
  readonly line: number;
  /** Whether the body is a list of messages, whose ends are not trimmed. */
  readonly isWhole: boolean;
}

const COMMENT = /^\{\{!/;

/** The body as the template language is to check it: line for line the file's own. */
export function linedBody(body: string): string {
  return rewriteTags(body, ({ tag, inner }) => {
    if (COMMENT.test(tag)) return tag.replace(/[^\n]+/g, "");
    return unescaped(tag, inner);
  });
}

export function convertDotpromptBody(source: string, converting: ConvertingBody): string {
  const { name, remarks, texts, line } = converting;
  const body = rewriteTags(withoutComments(source), ({ tag, inner }) => {
    const plain = unescaped(tag, inner);
    if (plain !== undefined) return plain;
    const [, partial, rest = ""] = /^>\s*([^\s}]+)(.*)$/s.exec(inner) ?? [];
    if (partial === undefined) return undefined;
    const key = partial.replaceAll("/", ".");
    if (!texts.has(key)) {
      remarks.changed(
        name,
        `its partial ${partial} is not among what was taken: push it before this prompt.`,
      );
      return undefined;
    }
    return key === partial ? undefined : `{{> ${key}${rest}}}`;
  });
  const trimmed = body.trim();
  if (converting.isWhole || trimmed === body) return body;
  if (source.trim() !== source.replace(/\n$/, "")) {
    remarks.changed(name, "empty lines and blanks at its ends were taken out, as Dotprompt does.", line);
  }
  return trimmed;
}

/** Dotprompt escapes nothing, so three braces are two. */
function unescaped(tag: string, inner: string): string | undefined {
  if (tag.startsWith("{{{") && tag.endsWith("}}}")) return `{{${inner}}}`;
  return /^\{\{&/.test(tag) ? `{{${inner.slice(1).trim()}}}` : undefined;
}

/** A comment that stands alone on its line takes the line with it. */
function withoutComments(source: string): string {
  const mark = "\u0000";
  return rewriteTags(source, ({ tag }) => (COMMENT.test(tag) ? mark : undefined))
    .split("\n")
    .flatMap((line) => {
      if (!line.includes(mark)) return [line];
      const rest = line.replaceAll(mark, "");
      return rest.trim() === "" && line.split(mark).length === 2 ? [] : [rest];
    })
    .join("\n");
}
