/** Reads one tag: what the language knows of tags, and nothing of what it does not know. */

/** What a tag says; of each kind of tag some of it. */
export interface Tag {
  readonly block?: "if" | "unless" | "each";
  readonly json?: "json";
  /** What a block, a value or JSON reads: `path` as it is written, and its parts. */
  readonly path?: string;
  readonly loop?: "index" | "first" | "last";
  readonly ups?: string;
  readonly steps?: string;
  readonly close?: string;
  readonly word?: "else" | "history";
  readonly role?: "system" | "user" | "assistant" | "model";
  /** A partial as it is written, its name, and the version that it is pinned to. */
  readonly ref?: string;
  readonly name?: string;
  readonly version?: string;
}

// Narrower than Handlebars' identifiers; every name that passes here means the same there.
const STEP = /(?!(?:this|true|false|null|undefined)(?![\p{L}\p{M}\p{N}_$-]))[\p{L}_$][\p{L}\p{M}\p{N}_$-]*/u
  .source;
const PATH = `(?<path>@(?<loop>index|first|last)|@root|this|(?:@root\\.|this\\.|(?<ups>(?:\\.\\./)+)(?!this\\b)|)(?<steps>${STEP}(?:\\.${STEP})*))`;
// Alone in a tag these call a helper in Handlebars, whatever the variables hold; or they are words of this language.
const WORDS = "if|unless|each|with|lookup|log|helperMissing|blockHelperMissing|json|role|history";
const READS = `(?:#\\s*(?<block>if|unless|each)\\s|\\s*(?<json>json)\\s|(?!\\s*(?:else\\b|(?:${WORDS})\\s*\\}\\})))\\s*${PATH}`;
const PARTIAL = `>\\s*(?<ref>(?<name>${STEP}(?:[./]${STEP})*)(?:@v(?<version>[1-9]\\d{0,8}))?)`;
const REST =
  /\/\s*(?<close>\w+)|\s*(?<word>else|history)|\s*role\s+(?<quote>["'])(?<role>system|user|assistant|model)\k<quote>/
    .source;
const TAG = new RegExp(`^\\{\\{(?:${READS}|${PARTIAL}|${REST})\\s*\\}\\}$`, "u");

/** In UTF-16 units; with a path of some millions of steps the engine would have no room left to match it. */
export const LONGEST_TAG = 1_000_000;

/** Undefined for what is no tag of this language. */
export function readTag(tag: string): Tag | undefined {
  return TAG.exec(tag.slice(0, LONGEST_TAG))?.groups;
}
