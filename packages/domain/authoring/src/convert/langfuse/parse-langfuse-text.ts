/** Reads a text of Langfuse: `{{name}}` is a variable, a reference is another prompt, and all other braces are text. */
import { boundSource } from "../bound-source.ts";
import { CannotConvert, excerpt, linesOf } from "../cannot-convert.ts";
import { isPathStep } from "../template/piece.ts";

export interface LangfuseReference {
  readonly name: string;
  /** A version's number, or a label. */
  readonly version: number | null;
  readonly label: string | null;
}

export type LangfusePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly steps: readonly string[]; readonly line: number }
  | { readonly kind: "reference"; readonly reference: LangfuseReference; readonly line: number };

export interface LangfuseText {
  readonly parts: readonly LangfusePart[];
  /** Lines with braces that name no variable, and so are text. */
  readonly literals: readonly { readonly line: number; readonly tag: string }[];
}

const TOKEN = /@@@langfusePrompt:(.*?)@@@|\{\{((?:(?!\{\{)[\s\S])*?)\}\}/g;
/** Tags that Langfuse's JavaScript client runs as Mustache, and its Python client leaves as they are. */
const MUSTACHE_SIGN = /^\s*[#^/>!&={]/;
const NAME_WITH_BLANKS = /^[\p{L}_$][\p{L}\p{M}\p{N}_$ .-]*$/u;

/** @throws CannotConvert for a tag that has no counterpart, or that Langfuse's own clients read differently. */
export function parseLangfuseText(source: string): LangfuseText {
  const parts: LangfusePart[] = [];
  const literals: { line: number; tag: string }[] = [];
  let end = 0;
  boundSource(source);
  const lineAt = linesOf(source);
  for (const match of source.matchAll(TOKEN)) {
    const [whole, reference, inner = ""] = match;
    const line = lineAt(match.index);
    const before = source.slice(end, match.index);
    end = match.index + whole.length;
    if (before !== "") parts.push({ kind: "text", text: before });
    if (reference !== undefined) {
      parts.push({ kind: "reference", reference: readReference(reference, line), line });
      continue;
    }
    const steps = readName(inner, { tag: whole, line });
    if (steps === null) {
      literals.push({ line, tag: excerpt(whole) });
      parts.push({ kind: "text", text: whole });
    } else parts.push({ kind: "variable", steps, line });
  }
  parts.push({ kind: "text", text: source.slice(end) });
  return { parts, literals };
}

/** Null for what is no name. */
function readName(
  inner: string,
  { tag, line }: { readonly tag: string; readonly line: number },
): readonly string[] | null {
  if (MUSTACHE_SIGN.test(inner)) {
    throw new CannotConvert(
      `${excerpt(tag)} is a tag of Mustache, which Langfuse's JavaScript client runs and its Python client leaves as it is; write {{#if x}}, {{#each x}} or the text itself by hand.`,
      line,
    );
  }
  const name = inner.trim();
  const steps = name.split(".");
  if (steps.every(isPathStep)) return steps;
  if (!NAME_WITH_BLANKS.test(name)) return null;
  throw new CannotConvert(
    `${excerpt(tag)} has a name that no variable can have here; rename it there to letters, digits, _ and -, and import again.`,
    line,
  );
}

function readReference(text: string, line: number): LangfuseReference {
  const [name, which, ...more] = text.split("|");
  const [, key] = /^name=(.+)$/.exec(name ?? "") ?? [];
  const [, kind, value = ""] = /^(version|label)=(.+)$/.exec(which ?? "") ?? [];
  const version = kind === "version" && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : null;
  if (
    key === undefined ||
    kind === undefined ||
    more.length > 0 ||
    (kind === "version" && version === null)
  ) {
    throw new CannotConvert(
      `@@@langfusePrompt:${excerpt(text)}@@@ is no reference; write name=NAME|version=3 or name=NAME|label=LABEL there.`,
      line,
    );
  }
  return { name: key, version, label: kind === "label" ? value : null };
}
