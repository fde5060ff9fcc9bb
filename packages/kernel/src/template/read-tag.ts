/** Reads one tag: what kind it is and what it names, or a clear refusal. */

import { say, words } from "../say.ts";
import { ROLES } from "./message.ts";
import { isName, type PathSite, readPath } from "./read-path.ts";
import { foreignArgument, syntaxError, unsupportedError } from "./tag-error.ts";
import type { BlockName, PartialRef, Position, TemplateNode, TemplatePath } from "./template.ts";

/** A block whose parts are still to come. */
export interface BlockTag {
  readonly kind: BlockName;
  readonly path: TemplatePath;
  readonly body: TemplateNode[];
  readonly otherwise: TemplateNode[];
  readonly at: Position;
}

export type Tag =
  | BlockTag
  | Exclude<TemplateNode, { readonly kind: "text" | BlockName }>
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "else" };

/** A tag as it was cut out, and where it stands. */
export interface FoundTag extends PathSite {
  readonly inner: string;
  readonly indent: string;
}

const BLOCK_NAMES: readonly string[] = ["if", "unless", "each"];
// Alone in a tag these call a helper in Handlebars, whatever the variables hold.
const HELPER_NAMES: readonly string[] = [
  ...BLOCK_NAMES,
  "with",
  "lookup",
  "log",
  "helperMissing",
  "blockHelperMissing",
];

const FOREIGN_TAG = /^(?:[{~&!*^]|#[*>])|~$/;
/** By what the tag begins with; only `~` may also end one. */
const FOREIGN_TAGS: Readonly<Record<string, string>> = {
  "{{": "there are no raw blocks; write \\{{x}} for a literal tag",
  "{": "nothing is escaped here, so write {{x}}; for a literal brace before a tag put a blank between",
  "&": "nothing is escaped here, so write {{x}}",
  "!": "there are no comments; keep them outside the body",
  "*": "there are no decorators; use a partial in a file of its own",
  "#*": "there are no decorators; use a partial in a file of its own",
  "#>": "there are no partial blocks; write {{> name}}",
  "^": "write {{else}} or {{#unless x}}",
};

function foreignTag(inner: string): string {
  const sign = Object.keys(FOREIGN_TAGS).find((start) => inner.startsWith(start));
  const isTilde = sign === undefined || (!inner.startsWith("{") && inner.endsWith("~"));
  return isTilde ? "there is no whitespace control; remove the ~" : (FOREIGN_TAGS[sign] ?? "");
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** The one variable that a block or helper takes. */
function readArgument(
  [argument, ...more]: readonly string[],
  site: FoundTag,
  { missing, kind }: { readonly missing: string; readonly kind: string },
): TemplatePath {
  if (argument === undefined) throw syntaxError(site, missing);
  if (more.length > 0) {
    throw unsupportedError(
      site,
      words(() => foreignArgument([argument, ...more].join(" ")) ?? `{{${kind} x}} takes one variable`),
    );
  }
  return readPath(argument, site);
}

function readOpen([name = "", ...more]: readonly string[], site: FoundTag): Tag {
  if (name === "")
    throw syntaxError(site, say`names no block: write {{#if x}}, {{#unless x}} or {{#each x}}`);
  if (!BLOCK_NAMES.includes(name)) {
    throw unsupportedError(
      site,
      words(() =>
        name === "with"
          ? "write the whole path, as in {{a.b}}"
          : "the blocks are {{#if x}}, {{#unless x}} and {{#each x}}",
      ),
    );
  }
  const path = readArgument(more, site, {
    missing: say`names no variable: write {{#${name} x}}`,
    kind: words(() => `#${name}`),
  });
  return { kind: name as BlockName, path, body: [], otherwise: [], at: site.at };
}

function readPartial(ref: string, site: FoundTag): Tag {
  if (ref === "") throw syntaxError(site, say`names no partial: write {{> name}}`);
  if (/^["'[@(]|\s/.test(ref)) {
    throw unsupportedError(
      site,
      words(() => {
        if (ref.startsWith("(")) return "a partial is named by a plain name, as in {{> shared.tone}}";
        return /^["'[@]/.test(ref)
          ? "write the name plain, as in {{> shared.tone}} or {{> shared.tone@v3}}"
          : "a partial takes no arguments; it reads the variables where it stands";
      }),
    );
  }
  const [, name, pin] = /^([^@]*)(?:@v([1-9]\d{0,8}))?$/.exec(ref) ?? [];
  if (name === undefined) throw syntaxError(site, say`pins no version: write {{> name@v3}}`);
  if (!name.split(/[./]/).every(isName)) {
    throw syntaxError(
      site,
      say`has no valid partial name: ${name}; use letters, digits, _ and -, with dots or slashes between`,
    );
  }
  const partial: PartialRef = { name, version: pin === undefined ? null : Number(pin), ref };
  return { kind: "partial", partial, indent: site.indent, at: site.at };
}

function readRole([word = "", ...more]: readonly string[], site: FoundTag): Tag {
  const quoted = /^(["'])(.*)\1$/.exec(word);
  if (quoted === null || more.length > 0) {
    throw syntaxError(
      site,
      say`names no role: write {{role "system"}}, or {{this.role}} for a variable of that name`,
    );
  }
  const name = quoted[2] === "model" ? "assistant" : quoted[2];
  const role = ROLES.find((known) => known === name);
  if (role === undefined) {
    throw unsupportedError(
      site,
      say`the roles are system, user, assistant and model; results of tools belong to the history`,
    );
  }
  return { kind: "role", role, at: site.at };
}

function readPlain(all: readonly string[], site: FoundTag): Tag {
  const [first, ...more] = all;
  const { at } = site;
  if (first === undefined) throw syntaxError(site, say`is empty: name a variable`);
  if (/^else\b/.test(first)) {
    if (all.length === 1 && first === "else") return { kind: first };
    throw unsupportedError(
      site,
      words(() => (first === "else" ? "nest an {{#if x}} inside the {{else}}" : `write {{this.${first}}}`)),
    );
  }
  if (first === "role") return readRole(more, site);
  if (first === "json") {
    const missing = say`names no variable: write {{json x}}, or {{this.json}} for a variable of that name`;
    return { kind: first, path: readArgument(more, site, { missing, kind: first }), at };
  }
  if (more.length > 0)
    throw unsupportedError(
      site,
      words(() => noHelper(all)),
    );
  if (first === "history") return { kind: first, at };
  if (HELPER_NAMES.includes(first)) {
    throw unsupportedError(
      site,
      say`${first} is a word of the language; write {{this.${words(() => first)}}} for a variable of that name`,
    );
  }
  return { kind: "value", path: readPath(first, site), at };
}

function noHelper([first = "", ...more]: readonly string[]): string {
  if (!/[["']/.test(first)) {
    return (
      foreignArgument(more.join(" ")) ??
      `there is no helper ${first}, the only one is json; pass the value in as a variable`
    );
  }
  return (
    foreignArgument([first, ...more].join(" ")) ??
    "a tag names one variable, its path written with dots; the only helper is json"
  );
}

/** @throws HarnessError `template-syntax` or `template-unsupported`. */
export function readTag(site: FoundTag): Tag {
  const { inner } = site;
  if (FOREIGN_TAG.test(inner))
    throw unsupportedError(
      site,
      words(() => foreignTag(inner)),
    );
  if (site.tag.endsWith("}}}")) {
    throw syntaxError(site, say`closes with three braces: put a blank between the tag and a literal }`);
  }
  if (inner.includes("{{"))
    throw syntaxError(site, say`is not closed before the next {{: write }} at its end`);
  const rest = inner.slice(1);
  switch (inner[0]) {
    case "#":
      return readOpen(wordsOf(rest), site);
    case ">":
      return readPartial(rest.trim(), site);
    case "/":
      return { kind: "close", name: rest.trim() };
  }
  if (/^\s+[#/>^!&]/.test(inner)) throw syntaxError(site, say`has a blank before its sign: remove it`);
  return readPlain(wordsOf(inner), site);
}
