/** Parses a template of the house's language, a strict subset of Handlebars. */

import { say, words } from "../say.ts";
import { pushJoined } from "./push-joined.ts";
import { type BlockTag, readTag, type Tag } from "./read-tag.ts";
import { scanTemplate, type TemplateToken } from "./scan-template.ts";
import { syntaxError, type TagSite, unsupportedError } from "./tag-error.ts";
import type { Template, TemplateNode } from "./template.ts";

// Deeper nesting is no prompt, and would exhaust the stack of the renderer.
const DEEPEST = 100;

/** A block that was not closed yet, the tag that opened it, and which of its two parts is being read. */
interface OpenBlock extends TagSite {
  readonly block: BlockTag;
  part: TemplateNode[];
}

interface ParseState {
  readonly nodes: TemplateNode[];
  readonly open: OpenBlock[];
  history: "none" | "unanswered" | "passed";
}

/** Nobody says whose text it is that follows the history: ask, rather than guess. */
function checkAfterHistory(state: ParseState, token: TemplateToken, tag: Tag | undefined): void {
  if (state.history !== "unanswered") return;
  if (tag?.kind === "role") state.history = "passed";
  else if (tag ? tag.kind !== "history" : token.kind === "text" && token.text.trim() !== "") {
    const site = token.kind === "text" ? { tag: token.text.trim(), at: token.at } : token;
    throw unsupportedError(site, say`text after {{history}} has no role; put {{role "user"}} before it`);
  }
}

function closeBlock(open: OpenBlock | undefined, name: string, site: TagSite): void {
  if (!open) throw syntaxError(site, say`closes nothing: remove it, or open its block before`);
  const { kind } = open.block;
  if (kind !== name) {
    throw syntaxError(
      site,
      say`does not close ${open.tag}${words(() => ` of line ${open.at.line}: write {{/${kind}}}`)}`,
    );
  }
}

function turnToElse(open: OpenBlock | undefined, site: TagSite): void {
  if (!open)
    throw syntaxError(site, say`stands outside a block; write {{this.else}} for a variable of that name`);
  if (open.part === open.block.otherwise)
    throw syntaxError(
      site,
      say`is the second one in ${open.tag} of line ${words(() => `${open.at.line}`)}: keep one`,
    );
  open.part = open.block.otherwise;
}

function addTag(state: ParseState, tag: Tag, site: TagSite): void {
  const { nodes, open } = state;
  const around = open.at(-1);
  if (tag.kind === "close") {
    closeBlock(open.pop(), tag.name, site);
    return;
  }
  if (tag.kind === "else") {
    turnToElse(around, site);
    return;
  }
  if ("body" in tag) {
    if (open.length >= DEEPEST)
      throw unsupportedError(
        site,
        words(() => `blocks nest at most ${DEEPEST} deep`),
      );
    open.push({ block: tag, part: tag.body, tag: site.tag, at: site.at });
  } else if (tag.kind === "role" || tag.kind === "history") {
    if (around) {
      throw unsupportedError(
        site,
        say`roles and history stand outside of blocks; close ${around.tag} before it`,
      );
    }
    if (tag.kind === "history") {
      if (state.history !== "none")
        throw unsupportedError(site, say`a body has one history slot; remove the second`);
      state.history = "unanswered";
    }
  }
  (around?.part ?? nodes).push(tag);
}

/**
 * Output is that of Handlebars without escaping, for every template accepted here, save one quirk of
 * Handlebars: it skips a level of `../` when an item of a list loosely equals (`==`) what is around it.
 *
 * @throws HarnessError `template-syntax` or `template-unsupported`, with line and column.
 */
export function parseTemplate(source: string): Template {
  const state: ParseState = { nodes: [], open: [], history: "none" };
  const { nodes, open } = state;
  for (const token of scanTemplate(source)) {
    // The {{else}} of an {{#each}} stands outside the loop.
    const eachDepth = open.filter(({ block, part }) => block.kind === "each" && part === block.body).length;
    const tag = token.kind === "tag" ? readTag({ ...token, eachDepth }) : undefined;
    checkAfterHistory(state, token, tag);
    if (token.kind === "text") pushJoined(open.at(-1)?.part ?? nodes, { kind: "text", text: token.text });
    else if (tag) addTag(state, tag, token);
  }
  const unclosed = open.pop();
  if (unclosed)
    throw syntaxError(unclosed, say`is never closed: write {{/${words(() => unclosed.block.kind)}}}`);
  return { kind: "template", nodes };
}
