/** Takes the lines of block tags and partials that stand alone on them out of the text, as Handlebars does. */
import type { BlockName, PartialRef, Position, TemplateNode, TemplatePath } from "./template.ts";

export interface DraftText {
  readonly kind: "text";
  readonly original: string;
  text: string;
  leftStripped: boolean;
  rightStripped: boolean;
}

export interface DraftBlock {
  readonly kind: BlockName;
  readonly path: TemplatePath;
  readonly at: Position;
  readonly body: DraftNode[];
  /** Undefined without an `{{else}}`, which is not the same as an empty one. */
  otherwise: DraftNode[] | undefined;
}

export interface DraftPartial {
  readonly kind: "partial";
  readonly partial: PartialRef;
  readonly at: Position;
  indent: string;
}

/** A node before its whitespace is settled. */
export type DraftNode =
  | DraftText
  | DraftBlock
  | DraftPartial
  | Exclude<TemplateNode, { readonly kind: "text" | "partial" | BlockName }>;

export function createDraftText(text: string): DraftText {
  return { kind: "text", original: text, text, leftStripped: false, rightStripped: false };
}

/** Whether what stands before `index` ends a line; `root` when the list is the whole template. */
function endsLine(nodes: readonly DraftNode[], index: number, root: boolean): boolean {
  const previous = nodes[index - 1];
  if (previous?.kind !== "text") return root && previous === undefined;
  const { original } = previous;
  // Not by a regular expression, which is quadratic here.
  const blank = original.slice(original.trimEnd().length);
  return blank.includes("\n") || (root && index === 1 && blank === original);
}

/** Whether what stands after `index` begins a line. */
function beginsLine(nodes: readonly DraftNode[], index: number, root: boolean): boolean {
  const next = nodes[index + 1];
  if (next?.kind !== "text") return root && next === undefined;
  const { original } = next;
  const blank = original.slice(0, original.length - original.trimStart().length);
  return blank.includes("\n") || (root && nodes[index + 2] === undefined && blank === original);
}

/** Removes the rest of the line after `index`. */
function stripRight(nodes: readonly DraftNode[], index: number): void {
  const next = nodes[index + 1];
  if (next?.kind !== "text" || next.rightStripped) return;
  const before = next.text;
  next.text = before.replace(/^[ \t]*\r?\n?/, "");
  next.rightStripped = next.text !== before;
}

/** Removes the blanks before `index` on its line, and gives them back. */
function stripLeft(nodes: readonly DraftNode[], index: number): string {
  const previous = nodes[index - 1];
  if (previous?.kind !== "text" || previous.leftStripped) return "";
  const before = previous.text;
  let end = before.length;
  while (end > 0 && (before[end - 1] === " " || before[end - 1] === "\t")) end -= 1;
  previous.text = before.slice(0, end);
  previous.leftStripped = end < before.length;
  return before.slice(end);
}

interface Spot {
  readonly nodes: readonly DraftNode[];
  readonly index: number;
  readonly root: boolean;
}

function stripBlock(block: DraftBlock, { nodes, index, root }: Spot): void {
  const { body, otherwise } = block;
  const last = otherwise ?? body;
  stripStandalone(body, false);
  if (otherwise !== undefined) stripStandalone(otherwise, false);
  const opens = beginsLine(body, -1, false);
  const closes = endsLine(last, last.length, false);
  if (otherwise !== undefined && endsLine(body, body.length, false) && beginsLine(otherwise, -1, false)) {
    stripLeft(body, body.length);
    stripRight(otherwise, -1);
  }
  const startsAlone = opens && endsLine(nodes, index, root);
  const endsAlone = closes && beginsLine(nodes, index, root);
  if (startsAlone) {
    stripRight(body, -1);
    stripLeft(nodes, index);
  }
  if (endsAlone) {
    stripRight(nodes, index);
    stripLeft(last, last.length);
  }
}

/** Changes the texts of the drafts in place. */
export function stripStandalone(nodes: readonly DraftNode[], root: boolean): void {
  for (const [index, node] of nodes.entries()) {
    if ("body" in node) stripBlock(node, { nodes, index, root });
    if (node.kind === "partial" && endsLine(nodes, index, root) && beginsLine(nodes, index, root)) {
      stripRight(nodes, index);
      node.indent = stripLeft(nodes, index);
    }
  }
}
