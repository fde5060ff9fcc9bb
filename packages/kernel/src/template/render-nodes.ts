/** Writes what a template says over variables. */
import { HarnessError } from "../errors.ts";
import { type Media, readMedia } from "../media.ts";
import { say, words } from "../say.ts";
import type { PartialNode, ReadNode, TemplateNode } from "./template.ts";

/** What `this` is, and in an `{{#each}}` where it stands. */
interface Frame {
  readonly value: unknown;
  readonly outer?: Frame;
  readonly index?: number;
  readonly first?: boolean;
  readonly last?: boolean;
}

/** A text, or a medium. Media never pass through a text, so no text can pass for one. */
type Piece = string | Media;

/** Fences an untrusted value. */
export type Fence = (value: string) => string;

/** What was written so far: pieces, and the text after the last medium. */
export interface Output {
  readonly fence: Fence;
  readonly pieces: Piece[];
  text: string;
  /** What rendering came to besides this text, in UTF-16 units. */
  spent: number;
}

/** What rendering may come to: no prompt is near it, and a hostile body or value ends here. */
const MOST_UNITS = 20_000_000;
/** What each part of a body counts for, as often as it is written. */
const STEP_UNITS = 10;

/** @throws HarnessError `variable-missing`, `variable-type` or `too-large`. */
export function renderNodes(nodes: readonly TemplateNode[], frame: Frame, output: Output): void {
  output.spent += STEP_UNITS * (1 + nodes.length);
  checkUnits(output.spent + output.text.length);
  for (const node of nodes) {
    if (typeof node === "string") output.text += node;
    else if (node.kind === "partial") renderIndented(node, frame, output);
    else if ("path" in node) {
      const { kind } = node;
      const value = lookUp(node, frame);
      if (kind !== "value" && kind !== "json") renderBlock(node, value, { frame, output });
      else if (node.medium) {
        if (value == null) throw missingError(node, value);
        put(readMedia(node.path.replace("[]", ""), value), output);
      } else {
        output.text += textOf(node, value, output.fence);
        checkUnits(output.spent + output.text.length);
      }
    }
  }
}

/** True for a text, and for `{{name}}` or `{{json name}}` of a variable, outside of any block. */
export function isPlain(node: TemplateNode): node is string | ReadNode {
  if (typeof node === "string") return true;
  return (node.kind === "value" || node.kind === "json") && !node.medium && node.path === node.steps[0];
}

/** Most messages are only this: texts with variables between. It says what `renderNodes` writes, and sooner. */
export function renderPlain(
  nodes: readonly (string | ReadNode)[],
  variables: Readonly<Record<string, unknown>>,
  fence: Fence,
): string {
  let text = "";
  for (const node of nodes) {
    text += typeof node === "string" ? node : textOf(node, ownOf(variables, node.path), fence);
    checkUnits(text.length);
  }
  return text;
}

function checkUnits(units: number): void {
  if (units <= MOST_UNITS) return;
  throw new HarnessError(
    "too-large",
    words(
      () =>
        `Rendering takes more than ${MOST_UNITS} characters, or steps of which each counts for ${STEP_UNITS}; shorten the lists or the texts that are passed.`,
    ),
  );
}

function put(piece: Piece, output: Output): void {
  if (typeof piece === "string") output.text += piece;
  else {
    output.pieces.push(output.text, piece);
    output.spent += output.text.length;
    output.text = "";
  }
}

/** Every line but an empty last one, as Handlebars does; what is no text counts as a word of its line. */
function renderIndented({ body, indent }: PartialNode, frame: Frame, output: Output): void {
  const inner: Output = { ...output, pieces: [], text: "" };
  renderNodes(body, frame, inner);
  output.spent = inner.spent + inner.text.length;
  let begins = true;
  for (const piece of [...inner.pieces, inner.text]) {
    for (const line of typeof piece === "string" ? (piece.match(/[^\n]*\n|[^\n]+/g) ?? []) : [piece]) {
      if (begins) output.text += indent;
      begins = typeof line === "string" && line.endsWith("\n");
      put(line, output);
      checkUnits(output.spent + output.text.length);
    }
  }
}

interface Around {
  readonly frame: Frame;
  readonly output: Output;
}

function renderBlock(node: ReadNode, value: unknown, { frame, output }: Around): void {
  const { kind, body, otherwise } = node;
  // Handlebars would call it here; nothing is ever called.
  if (typeof value === "function") throw typeError(node, say`is a function: pass a plain value`);
  if (kind !== "each") {
    const holds = Array.isArray(value) ? value.length > 0 : Boolean(value);
    renderNodes(holds === (kind === "if") ? body : otherwise, frame, output);
    return;
  }
  const items = itemsOf(value);
  if (items.length === 0) renderNodes(otherwise, frame, output);
  for (let index = 0; index < items.length; index += 1) {
    const last = index === items.length - 1;
    renderNodes(body, { value: items[index], outer: frame, index, first: index === 0, last }, output);
  }
}

/** As in Handlebars anything iterable has items, an object those of its own keys, a plain value none. */
function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [];
  return Symbol.iterator in value ? Array.from(value as Iterable<unknown>) : Object.values(value);
}

function lookUp({ loop, up, steps }: ReadNode, frame: Frame): unknown {
  if (loop) return frame[loop];
  let around = frame;
  for (let level = 0; level < up && around.outer; level += 1) around = around.outer;
  let { value } = around;
  for (const step of steps) {
    value = ownOf(value, step);
  }
  return value;
}

function ownOf(value: unknown, name: string): unknown {
  return value == null || !Object.hasOwn(value, name)
    ? undefined
    : (value as Readonly<Record<string, unknown>>)[name];
}

/** Beside texts. */
const PLAIN: readonly string[] = ["number", "boolean", "bigint"];

/** The text of a value already looked up. */
function textOf(node: ReadNode, value: unknown, fence: Fence): string {
  const text = typeof value === "string" && node.kind === "value" ? value : written(node, value);
  return node.fenced ? fence(text) : text;
}

function written(node: ReadNode, value: unknown): string {
  let text: string | undefined;
  let cause: unknown;
  if (node.kind === "json") {
    try {
      text = JSON.stringify(value);
    } catch (error) {
      cause = error;
    }
  } else if (PLAIN.includes(typeof value)) text = String(value);
  if (text !== undefined) return text;
  if (value == null) throw missingError(node, value);
  throw typeError(
    node,
    words(() => whyNot(node, value, cause)),
    cause,
  );
}

function whyNot({ kind }: ReadNode, value: unknown, cause: unknown): string {
  const type = typeof value;
  if (cause !== undefined) return "cannot be written as JSON: pass plain data";
  if (kind === "json") return `is a ${type}, which JSON does not have: pass plain data`;
  if (type !== "object") return `is a ${type}: pass a text, a number or a boolean`;
  return `is ${Array.isArray(value) ? "a list" : "an object"}: use {{json …}} or {{#each …}}`;
}

function typeError({ path }: ReadNode, rest: string, cause?: unknown): HarnessError {
  return new HarnessError("variable-type", say`Variable ${path} ${rest}.`, { cause, details: { path } });
}

function missingError({ path }: ReadNode, value: unknown): HarnessError {
  const state = words(() => (value === null ? "null" : "missing"));
  return new HarnessError(
    "variable-missing",
    say`Variable ${path} is ${state}: pass it, or put it inside {{#if …}} if it may be absent.`,
    { details: { path } },
  );
}
