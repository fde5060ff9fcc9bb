/** Parses a template of the house's language, a strict subset of Handlebars. */

import { say } from "../say.ts";
import { pushJoined } from "./push-joined.ts";
import { readTag, type Tag } from "./read-tag.ts";
import { scanTemplate, type TemplateToken } from "./scan-template.ts";
import { createDraftText, type DraftBlock, type DraftNode, stripStandalone } from "./strip-standalone.ts";
import { syntaxError, type TagSite, unsupportedError } from "./tag-error.ts";
import type { BlockName, Template, TemplateNode } from "./template.ts";

// Deeper nesting is no prompt, and would exhaust the stack of the renderer.
const DEEPEST = 100;

/** A block that was not closed yet, and the tag that opened it. */
interface OpenBlock extends TagSite {
  readonly block: DraftBlock;
}

type BlockTag = Extract<Tag, { readonly kind: BlockName }>;

interface ParseState {
  readonly nodes: DraftNode[];
  readonly open: OpenBlock[];
  history: "none" | "unanswered" | "passed";
}

function listOf(state: ParseState): DraftNode[] {
  const block = state.open.at(-1)?.block;
  return block === undefined ? state.nodes : (block.otherwise ?? block.body);
}

function eachDepth(state: ParseState): number {
  // The {{else}} of an {{#each}} stands outside the loop.
  return state.open.filter(({ block }) => block.kind === "each" && block.otherwise === undefined).length;
}

/** Nobody says whose text it is that follows the history: ask, rather than guess. */
function checkAfterHistory(state: ParseState, token: TemplateToken, tag?: Tag): void {
  if (state.history !== "unanswered" || state.open.length > 0) return;
  if (tag?.kind === "role") {
    state.history = "passed";
    return;
  }
  if (token.kind === "text" && token.text.trim() === "") return;
  if (tag?.kind === "history") return;
  const site: TagSite = { tag: token.kind === "text" ? token.text.trim() : token.tag, at: token.at };
  throw unsupportedError(site, say`text after {{history}} has no role; put {{role "user"}} before it`);
}

function openBlock(state: ParseState, tag: BlockTag, { tag: written, at }: TagSite): void {
  if (state.open.length >= DEEPEST) {
    throw unsupportedError({ tag: written, at }, say`blocks nest at most ${DEEPEST} deep`);
  }
  const block: DraftBlock = { ...tag, body: [], otherwise: undefined, at };
  listOf(state).push(block);
  state.open.push({ block, tag: written, at });
}

function closeBlock(state: ParseState, name: string, site: TagSite): void {
  const open = state.open.pop();
  if (open === undefined) throw syntaxError(site, say`closes nothing: remove it, or open its block before`);
  const { kind } = open.block;
  if (kind !== name) {
    throw syntaxError(site, say`does not close ${open.tag} of line ${open.at.line}: write {{/${kind}}}`);
  }
}

function turnToElse(state: ParseState, site: TagSite): void {
  const open = state.open.at(-1);
  if (open === undefined)
    throw syntaxError(site, say`stands outside a block; write {{this.else}} for a variable of that name`);
  if (open.block.otherwise !== undefined)
    throw syntaxError(site, say`is the second one in ${open.tag} of line ${open.at.line}: keep one`);
  open.block.otherwise = [];
}

function checkTopLevel(state: ParseState, site: TagSite): void {
  const open = state.open.at(-1);
  if (open !== undefined) {
    throw unsupportedError(site, say`roles and history stand outside of blocks; close ${open.tag} before it`);
  }
}

function addTag(state: ParseState, tag: Tag, site: TagSite): void {
  switch (tag.kind) {
    case "if":
    case "unless":
    case "each":
      openBlock(state, tag, site);
      return;
    case "close":
      closeBlock(state, tag.name, site);
      return;
    case "else":
      turnToElse(state, site);
      return;
    case "role":
      checkTopLevel(state, site);
      break;
    case "history":
      checkTopLevel(state, site);
      if (state.history !== "none")
        throw unsupportedError(site, say`a body has one history slot; remove the second`);
      state.history = "unanswered";
  }
  listOf(state).push({ ...tag, at: site.at });
}

/** The nodes that the drafts have come to. */
function settle(drafts: readonly DraftNode[]): readonly TemplateNode[] {
  const nodes: TemplateNode[] = [];
  for (const draft of drafts) {
    if (draft.kind === "text") {
      const { text } = draft;
      if (text !== "") pushJoined(nodes, { kind: "text", text });
    } else if ("body" in draft) {
      nodes.push({ ...draft, body: settle(draft.body), otherwise: settle(draft.otherwise ?? []) });
    } else {
      nodes.push(draft);
    }
  }
  return nodes;
}

/**
 * Output is that of Handlebars without escaping, for every template accepted here, save one quirk of
 * Handlebars: it skips a level of `../` when an item of a list loosely equals (`==`) what is around it.
 *
 * @throws HarnessError `template-syntax` or `template-unsupported`, with line and column.
 */
export function parseTemplate(source: string): Template {
  const state: ParseState = { nodes: [], open: [], history: "none" };
  for (const token of scanTemplate(source)) {
    if (token.kind === "text") {
      checkAfterHistory(state, token);
      listOf(state).push(createDraftText(token.text));
      continue;
    }
    const tag = readTag(token.inner, token, eachDepth(state));
    checkAfterHistory(state, token, tag);
    addTag(state, tag, token);
  }
  const unclosed = state.open.at(-1);
  if (unclosed !== undefined)
    throw syntaxError(unclosed, say`is never closed: write {{/${unclosed.block.kind}}}`);
  stripStandalone(state.nodes, true);
  return { kind: "template", nodes: settle(state.nodes) };
}
