/** Runs the ops of a body over variables. */
import { HarnessError } from "../errors.ts";
import { type Media, readMedia } from "../media.ts";
import { say, words } from "../say.ts";
import { indentPieces } from "./indent-pieces.ts";
import { checkRendering, type RenderWork } from "./render-bounds.ts";
import type { BlockOp, OutputOp, ReadOp, TemplateOp } from "./template-op.ts";

export type Variables = Readonly<Record<string, unknown>>;

/** A text, or a medium. Media never pass through a text, so no text can pass for one. */
export type Piece = string | Media;

/** What `this` is, and in an `{{#each}}` where it stands. */
interface Frame {
  readonly value: unknown;
  readonly outer?: Frame;
  readonly index?: number;
  readonly first?: boolean;
  readonly last?: boolean;
}

/** Fences an untrusted value. */
export type Fence = (value: string) => string;

/** What was written so far: pieces, and the text after the last medium. */
interface Output {
  readonly fence: Fence;
  readonly work: RenderWork;
  readonly pieces: Piece[];
  text: string;
}

/**
 * The text; where it has media, texts and media by turns, from a text to a text.
 *
 * @throws HarnessError `variable-missing`, `variable-type` or `too-large`.
 */
export function renderOps(
  ops: readonly TemplateOp[],
  variables: Variables,
  fence: Fence,
): string | readonly Piece[] {
  const work = { steps: 0, units: 0 };
  const { pieces, text } = renderAlone(ops, { value: variables }, { fence, work });
  checkRendering(work.units + text.length);
  return pieces.length === 0 ? text : [...pieces, text];
}

/** The text of a value already looked up. */
export function renderValue({ kind, read }: OutputOp, value: unknown, fence: Fence): string {
  const text = kind === "json" ? jsonOf(value, read) : textOf(value, read);
  return read.fenced ? fence(text) : text;
}

function renderAlone(
  ops: readonly TemplateOp[],
  frame: Frame,
  { fence, work }: Pick<Output, "fence" | "work">,
): Output {
  const output: Output = { fence, work, pieces: [], text: "" };
  renderList(ops, frame, output);
  return output;
}

function renderList(ops: readonly TemplateOp[], frame: Frame, output: Output): void {
  const { work } = output;
  work.steps += 1 + ops.length;
  checkRendering(work.units + output.text.length, work.steps);
  for (const op of ops) renderOp(op, frame, output);
}

function put(piece: Piece, output: Output): void {
  if (typeof piece === "string") output.text += piece;
  else {
    output.pieces.push(output.text, piece);
    output.work.units += output.text.length;
    output.text = "";
  }
}

function renderOp(op: TemplateOp, frame: Frame, output: Output): void {
  const { work } = output;
  if (op.kind === "text") {
    output.text += op.text;
  } else if (op.kind === "indent") {
    const { pieces, text } = renderAlone(op.body, frame, output);
    work.units += text.length + text.split("\n").length * op.indent.length;
    checkRendering(work.units + output.text.length);
    for (const piece of indentPieces([...pieces, text], op.indent)) put(piece, output);
  } else if ("read" in op) {
    const { kind, read } = op;
    const value = lookUp(read, frame);
    if (kind === "value" || kind === "json") {
      output.text += renderValue(op, value, output.fence);
      checkRendering(output.text.length);
    } else if (kind === "media") {
      if (value == null) throw missingError(read, value);
      put(readMedia("variable" in read ? read.variable : read.path, value), output);
    } else renderBlock(op as BlockOp, value, { frame, output });
  }
  // Bodies are split at roles and history before any text is rendered.
}

interface Around {
  readonly frame: Frame;
  readonly output: Output;
}

function renderBlock(
  { kind, read, body, otherwise }: BlockOp,
  value: unknown,
  { frame, output }: Around,
): void {
  // Handlebars would call it here; nothing is ever called.
  if (typeof value === "function") throw typeError(read, say`is a function: pass a plain value`);
  if (kind !== "each") {
    const holds = Array.isArray(value) ? value.length > 0 : Boolean(value);
    renderList(holds === (kind === "if") ? body : otherwise, frame, output);
    return;
  }
  const items = itemsOf(value);
  if (items.length === 0) renderList(otherwise, frame, output);
  for (let index = 0; index < items.length; index += 1) {
    const last = index === items.length - 1;
    renderList(body, { value: items[index], outer: frame, index, first: index === 0, last }, output);
  }
}

/** As in Handlebars anything iterable has items, an object those of its own keys, a plain value none. */
function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [];
  return Symbol.iterator in value ? Array.from(value as Iterable<unknown>) : Object.values(value);
}

function lookUp(read: ReadOp, frame: Frame): unknown {
  if (read.from === "loop") return frame[read.name];
  let around = frame;
  for (let level = 0; level < read.up && around.outer; level += 1) around = around.outer;
  let { value } = around;
  for (const segment of read.segments) {
    if (value == null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment];
  }
  return value;
}

function typeError({ path }: ReadOp, rest: string, cause?: unknown): HarnessError {
  return new HarnessError("variable-type", say`Variable ${path} ${rest}.`, { cause, details: { path } });
}

function missingError({ path }: ReadOp, value: unknown): HarnessError {
  const state = words(() => (value === null ? "null" : "missing"));
  return new HarnessError(
    "variable-missing",
    say`Variable ${path} is ${state}: pass it, or put it inside {{#if …}} if it may be absent.`,
    { details: { path } },
  );
}

const PLAIN: readonly string[] = ["string", "number", "boolean", "bigint"];

function textOf(value: unknown, read: ReadOp): string {
  const type = typeof value;
  if (PLAIN.includes(type)) return String(value);
  if (value == null) throw missingError(read, value);
  throw typeError(
    read,
    words(() => {
      if (type !== "object") return `is a ${type}: pass a text, a number or a boolean`;
      return `is ${Array.isArray(value) ? "a list" : "an object"}: use {{json …}} or {{#each …}}`;
    }),
  );
}

function jsonOf(value: unknown, read: ReadOp): string {
  if (value === undefined) throw missingError(read, value);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw typeError(read, say`cannot be written as JSON: pass plain data`, cause);
  }
  if (text !== undefined) return text;
  throw typeError(read, say`is a ${typeof value}, which JSON does not have: pass plain data`);
}
