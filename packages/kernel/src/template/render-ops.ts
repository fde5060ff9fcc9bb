/** Runs the ops of a body over variables. */
import { HarnessError } from "../errors.ts";
import { type Media, readMedia } from "../media.ts";
import { say } from "../say.ts";
import { indentPieces } from "./indent-pieces.ts";
import { checkRendering, type RenderWork } from "./render-bounds.ts";
import type { BlockOp, MediaOp, OutputOp, ReadOp, TemplateOp } from "./template-op.ts";

export type Variables = Readonly<Record<string, unknown>>;

/** A text, or a medium. Media never pass through a text, so no text can pass for one. */
export type Piece = string | Media;

/** What `this` is, and in an `{{#each}}` where it stands. */
interface Frame {
  readonly value: unknown;
  readonly outer: Frame | undefined;
  readonly index: number;
  readonly last: boolean;
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
  const frame: Frame = { value: variables, outer: undefined, index: -1, last: false };
  const work = { steps: 0, units: 0 };
  const { pieces, text } = renderAlone(ops, frame, { fence, work });
  checkRendering(work.units + text.length);
  return pieces.length === 0 ? text : [...pieces, text];
}

/** The text of a value already looked up. */
export function renderValue(op: OutputOp, value: unknown, fence: Fence): string {
  const text = op.kind === "json" ? jsonOf(value, op.read) : textOf(value, op.read);
  return op.read.fenced ? fence(text) : text;
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
  switch (op.kind) {
    case "text":
      output.text += op.text;
      break;
    case "value":
    case "json":
      output.text += renderValue(op, lookUp(op.read, frame), output.fence);
      checkRendering(output.text.length);
      break;
    case "media":
      put(mediumOf(op, frame), output);
      break;
    case "if":
    case "unless":
      renderList(branchOf(op, frame), frame, output);
      break;
    case "each":
      renderEach(op, frame, output);
      break;
    case "indent": {
      const { pieces, text } = renderAlone(op.body, frame, output);
      output.work.units += text.length + text.split("\n").length * op.indent.length;
      checkRendering(output.work.units + output.text.length);
      for (const piece of indentPieces([...pieces, text], op.indent)) put(piece, output);
      break;
    }
    case "role":
    case "history":
    // Bodies are split at these before any text is rendered.
  }
}

function mediumOf({ read }: MediaOp, frame: Frame): Media {
  const value = lookUp(read, frame);
  if (value === undefined || value === null) throw missingError(read, value);
  return readMedia(read.from === "frame" ? read.variable : read.path, value);
}

/** What an `{{#if}}` or `{{#unless}}` comes to. */
function branchOf(op: BlockOp, frame: Frame): readonly TemplateOp[] {
  return isTruthy(op.read, frame) === (op.kind === "if") ? op.body : op.otherwise;
}

function renderEach(op: BlockOp, outer: Frame, output: Output): void {
  const items = itemsOf(op, outer);
  if (items.length === 0) renderList(op.otherwise, outer, output);
  for (let index = 0; index < items.length; index += 1) {
    const last = index === items.length - 1;
    renderList(op.body, { value: items[index], outer, index, last }, output);
  }
}

/** As in Handlebars anything iterable has items, an object those of its own keys, a plain value none. */
function itemsOf(op: BlockOp, frame: Frame): readonly unknown[] {
  const value = argumentOf(op.read, frame);
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [];
  return Symbol.iterator in value ? Array.from(value as Iterable<unknown>) : Object.values(value);
}

function isTruthy(read: ReadOp, frame: Frame): boolean {
  const value = argumentOf(read, frame);
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Handlebars would call a function here; nothing is ever called. */
function argumentOf(read: ReadOp, frame: Frame): unknown {
  const value = lookUp(read, frame);
  if (typeof value === "function") throw typeError(read, say`is a function: pass a plain value`);
  return value;
}

function lookUp(read: ReadOp, frame: Frame): unknown {
  if (read.from === "loop") {
    if (read.name === "index") return frame.index;
    return read.name === "first" ? frame.index === 0 : frame.last;
  }
  let around = frame;
  for (let level = 0; level < read.up && around.outer !== undefined; level += 1) around = around.outer;
  let { value } = around;
  for (const segment of read.segments) {
    if (value === undefined || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment];
  }
  return value;
}

function typeError({ path }: ReadOp, rest: string, cause?: unknown): HarnessError {
  return new HarnessError("variable-type", say`Variable ${path} ${rest}.`, { cause, details: { path } });
}

function missingError({ path }: ReadOp, value: unknown): HarnessError {
  const state = value === null ? say`is null` : say`is missing`;
  return new HarnessError(
    "variable-missing",
    say`Variable ${path} ${state}: pass it, or put it inside {{#if …}} if it may be absent.`,
    { details: { path } },
  );
}

const PLAIN: readonly string[] = ["string", "number", "boolean", "bigint"];

function textOf(value: unknown, read: ReadOp): string {
  const type = typeof value;
  if (PLAIN.includes(type)) return String(value);
  if (value === undefined || value === null) throw missingError(read, value);
  if (type !== "object") throw typeError(read, say`is a ${type}: pass a text, a number or a boolean`);
  throw typeError(
    read,
    say`is ${Array.isArray(value) ? say`a list` : say`an object`}: use {{json …}} or {{#each …}}`,
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
  if (text === undefined)
    throw typeError(read, say`is a ${typeof value}, which JSON does not have: pass plain data`);
  return text;
}
