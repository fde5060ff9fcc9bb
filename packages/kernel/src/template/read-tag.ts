/** Reads one tag: what kind it is and what it names, or a clear refusal. */

import { say } from "../say.ts";
import { ROLES, type Role } from "./message.ts";
import { readPath } from "./read-path.ts";
import {
  FOREIGN_ARGUMENTS,
  type ForeignHint,
  rejectForeign,
  syntaxError,
  type TagSite,
  unsupportedError,
} from "./tag-error.ts";
import type { BlockName, PartialRef, TemplatePath } from "./template.ts";

export type Tag =
  | { readonly kind: BlockName; readonly path: TemplatePath }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "else" }
  | { readonly kind: "partial"; readonly partial: PartialRef; readonly indent: "" }
  | { readonly kind: "role"; readonly role: Role }
  | { readonly kind: "history" }
  | { readonly kind: "value" | "json"; readonly path: TemplatePath };

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
const PARTIAL_NAME = /^[\p{L}_$][\p{L}\p{M}\p{N}_$-]*(?:[./][\p{L}_$][\p{L}\p{M}\p{N}_$-]*)*$/u;

function wordsOf(text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed === "" ? [] : trimmed.split(/\s+/);
}

const FOREIGN_TAGS: readonly ForeignHint[] = [
  [/^\{\{/, say`there are no raw blocks; write \\{{x}} for a literal tag`],
  [/^\{/, say`nothing is escaped here, so write {{x}}; for a literal brace before a tag put a blank between`],
  [/^~|~$/, say`there is no whitespace control; remove the ~`],
  [/^&/, say`nothing is escaped here, so write {{x}}`],
  [/^!/, say`there are no comments; keep them outside the body`],
  [/^#?\*/, say`there are no decorators; use a partial in a file of its own`],
  [/^#>/, say`there are no partial blocks; write {{> name}}`],
  [/^\^/, say`write {{else}} or {{#unless x}}`],
];
const FOREIGN_PARTIALS: readonly ForeignHint[] = [
  [/^\(/, say`a partial is named by a plain name, as in {{> shared.tone}}`],
  [/^["'[@]/, say`write the name plain, as in {{> shared.tone}} or {{> shared.tone@v3}}`],
  [/\s/, say`a partial takes no arguments; it reads the variables where it stands`],
];

function readOpen(rest: string, site: TagSite, eachDepth: number): Tag {
  const [name, argument, ...more] = wordsOf(rest);
  if (name === undefined)
    throw syntaxError(site, say`names no block: write {{#if x}}, {{#unless x}} or {{#each x}}`);
  if (!BLOCK_NAMES.includes(name)) {
    const instead =
      name === "with"
        ? say`write the whole path, as in {{a.b}}`
        : say`the blocks are {{#if x}}, {{#unless x}} and {{#each x}}`;
    throw unsupportedError(site, instead);
  }
  if (argument === undefined) throw syntaxError(site, say`names no variable: write {{#${name} x}}`);
  if (more.length > 0) rejectMore([argument, ...more], site, say`{{#${name} x}} takes one variable`);
  return { kind: name as BlockName, path: readPath(argument, site, eachDepth) };
}

function rejectMore(words: readonly string[], site: TagSite, otherwise: string): never {
  rejectForeign(words.join(" "), FOREIGN_ARGUMENTS, site);
  throw unsupportedError(site, otherwise);
}

function readPartial(rest: string, site: TagSite): Tag {
  const ref = rest.trim();
  if (ref === "") throw syntaxError(site, say`names no partial: write {{> name}}`);
  rejectForeign(ref, FOREIGN_PARTIALS, site);
  const [name = "", pin, ...rests] = ref.split("@");
  const version = pin === undefined ? null : /^v[1-9]\d{0,8}$/.test(pin) ? Number(pin.slice(1)) : undefined;
  if (version === undefined || rests.length > 0) {
    throw syntaxError(site, say`pins no version: write {{> name@v3}}`);
  }
  if (
    !PARTIAL_NAME.test(name) ||
    name.split(/[./]/).some((step) => /^(?:this|true|false|null|undefined)$/.test(step))
  ) {
    throw syntaxError(
      site,
      say`has no valid partial name: ${name}; use letters, digits, _ and -, with dots or slashes between`,
    );
  }
  return { kind: "partial", partial: { name, version, ref }, indent: "" };
}

function readRole(words: readonly string[], site: TagSite): Tag {
  const quoted = /^(["'])(.*)\1$/.exec(words.length === 1 ? (words[0] ?? "") : "");
  if (quoted === null) {
    throw syntaxError(
      site,
      say`names no role: write {{role "system"}}, or {{this.role}} for a variable of that name`,
    );
  }
  const name = quoted[2] ?? "";
  const role = name === "model" ? "assistant" : ROLES.find((known) => known === name);
  if (role === undefined) {
    throw unsupportedError(
      site,
      say`the roles are system, user, assistant and model; results of tools belong to the history`,
    );
  }
  return { kind: "role", role };
}

function readPlain(words: readonly string[], site: TagSite, eachDepth: number): Tag {
  const [first, ...more] = words;
  if (first === undefined) throw syntaxError(site, say`is empty: name a variable`);
  if (/^else\b/.test(first)) {
    if (words.length === 1 && first === "else") return { kind: "else" };
    if (first === "else") throw unsupportedError(site, say`nest an {{#if x}} inside the {{else}}`);
    throw unsupportedError(site, say`write {{this.${first}}}`);
  }
  if (first === "role") return readRole(more, site);
  if (first === "json") {
    const [argument, ...rest] = more;
    if (argument === undefined) {
      throw syntaxError(
        site,
        say`names no variable: write {{json x}}, or {{this.json}} for a variable of that name`,
      );
    }
    if (rest.length > 0) rejectMore(more, site, say`{{json x}} takes one variable`);
    return { kind: "json", path: readPath(argument, site, eachDepth) };
  }
  if (more.length > 0) {
    if (/[["']/.test(first))
      rejectMore(
        words,
        site,
        say`a tag names one variable, its path written with dots; the only helper is json`,
      );
    rejectMore(
      more,
      site,
      say`there is no helper ${first}, the only one is json; pass the value in as a variable`,
    );
  }
  if (first === "history") return { kind: "history" };
  if (HELPER_NAMES.includes(first)) {
    throw unsupportedError(
      site,
      say`${first} is a word of the language; write {{this.${first}}} for a variable of that name`,
    );
  }
  return { kind: "value", path: readPath(first, site, eachDepth) };
}

export function readTag(inner: string, site: TagSite, eachDepth: number): Tag {
  rejectForeign(inner, FOREIGN_TAGS, site);
  if (site.tag.endsWith("}}}")) {
    throw syntaxError(site, say`closes with three braces: put a blank between the tag and a literal }`);
  }
  if (inner.includes("{{"))
    throw syntaxError(site, say`is not closed before the next {{: write }} at its end`);
  const rest = inner.slice(1);
  if (inner.startsWith("#")) return readOpen(rest, site, eachDepth);
  if (inner.startsWith(">")) return readPartial(rest, site);
  if (inner.startsWith("/")) return { kind: "close", name: rest.trim() };
  if (/^\s+[#/>^!&]/.test(inner)) throw syntaxError(site, say`has a blank before its sign: remove it`);
  return readPlain(wordsOf(inner), site, eachDepth);
}
