/** Parses a template of the house's language, a strict subset of Handlebars. */
import { readTag, type Tag } from "./read-tag.ts";
import { scanTemplate, type TemplateToken } from "./scan-template.ts";
import { createDraftText, type DraftBlock, type DraftNode, stripStandalone } from "./strip-standalone.ts";
import { syntaxError, type TagSite, unsupportedError } from "./tag-error.ts";
import type { Template, TemplateNode } from "./template.ts";

// Deeper nesting is no prompt, and would exhaust the stack of the renderer.
const DEEPEST = 100;

interface ParseState {
  readonly nodes: DraftNode[];
  readonly open: DraftBlock[];
  history: "none" | "unanswered" | "passed";
}

function listOf(state: ParseState): DraftNode[] {
  const block = state.open.at(-1);
  return block === undefined ? state.nodes : (block.otherwise ?? block.body);
}

function eachDepth(state: ParseState): number {
  // The {{else}} of an {{#each}} stands outside the loop.
  return state.open.filter((block) => block.name === "each" && block.otherwise === undefined).length;
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
  throw unsupportedError(site, 'text after {{history}} has no role; put {{role "user"}} before it');
}

function openBlock(state: ParseState, tag: Tag & { readonly kind: "open" }, site: TagSite): void {
  if (state.open.length >= DEEPEST) throw unsupportedError(site, `blocks nest at most ${DEEPEST} deep`);
  const { name, path } = tag;
  const block: DraftBlock = {
    kind: "block",
    name,
    path,
    at: site.at,
    tag: site.tag,
    body: [],
    otherwise: undefined,
  };
  listOf(state).push(block);
  state.open.push(block);
}

function closeBlock(state: ParseState, name: string, site: TagSite): void {
  const block = state.open.pop();
  if (block === undefined) throw syntaxError(site, "closes nothing: remove it, or open its block before");
  if (block.name !== name) {
    throw syntaxError(site, `does not close ${block.tag} of line ${block.at.line}: write {{/${block.name}}}`);
  }
}

function turnToElse(state: ParseState, site: TagSite): void {
  const block = state.open.at(-1);
  if (block === undefined)
    throw syntaxError(site, "stands outside a block; write {{this.else}} for a variable of that name");
  if (block.otherwise !== undefined)
    throw syntaxError(site, `is the second one in ${block.tag} of line ${block.at.line}: keep one`);
  block.otherwise = [];
}

function checkTopLevel(state: ParseState, site: TagSite): void {
  const block = state.open.at(-1);
  if (block !== undefined) {
    throw unsupportedError(site, `roles and history stand outside of blocks; close ${block.tag} before it`);
  }
}

function addTag(state: ParseState, tag: Tag, site: TagSite): void {
  const { at } = site;
  switch (tag.kind) {
    case "open":
      openBlock(state, tag, site);
      return;
    case "close":
      closeBlock(state, tag.name, site);
      return;
    case "else":
      turnToElse(state, site);
      return;
    case "partial":
      listOf(state).push({ kind: "partial", partial: tag.partial, at, indent: "" });
      return;
    case "role":
      checkTopLevel(state, site);
      state.nodes.push({ kind: "leaf", node: Object.freeze({ kind: "role", role: tag.role, at }) });
      return;
    case "history":
      checkTopLevel(state, site);
      if (state.history !== "none")
        throw unsupportedError(site, "a body has one history slot; remove the second");
      state.history = "unanswered";
      state.nodes.push({ kind: "leaf", node: Object.freeze({ kind: "history", at }) });
      return;
    case "value":
    case "json":
      listOf(state).push({ kind: "leaf", node: Object.freeze({ kind: tag.kind, path: tag.path, at }) });
  }
}

/** Joins neighbouring texts and freezes. */
function settle(drafts: readonly DraftNode[]): readonly TemplateNode[] {
  const nodes: TemplateNode[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") nodes.push(Object.freeze({ kind: "text", text }));
    text = "";
  };
  for (const draft of drafts) {
    if (draft.kind === "text") {
      text += draft.value;
      continue;
    }
    flush();
    nodes.push(settleNode(draft));
  }
  flush();
  return Object.freeze(nodes);
}

function settleNode(draft: Exclude<DraftNode, { readonly kind: "text" }>): TemplateNode {
  switch (draft.kind) {
    case "leaf":
      return draft.node;
    case "partial": {
      const { partial, indent, at } = draft;
      return Object.freeze({ kind: "partial", partial, indent, at });
    }
    case "block": {
      const { name, path, at } = draft;
      return Object.freeze({
        kind: name,
        path,
        body: settle(draft.body),
        otherwise: settle(draft.otherwise ?? []),
        at,
      });
    }
  }
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
  if (unclosed !== undefined) throw syntaxError(unclosed, `is never closed: write {{/${unclosed.name}}}`);
  stripStandalone(state.nodes, true);
  return Object.freeze({ kind: "template", nodes: settle(state.nodes) });
}
