/** Runs the ops of a body over variables. */
import { HarnessError } from "../errors.ts";
import { indentLines } from "./indent-lines.ts";
import type { BlockOp, OutputOp, ReadOp, TemplateOp } from "./template-op.ts";

export type Variables = Readonly<Record<string, unknown>>;

/** What `this` is, and in an `{{#each}}` where it stands. */
export interface Frame {
  readonly value: unknown;
  readonly outer: Frame | undefined;
  readonly index: number;
  readonly last: boolean;
}

/** Fences an untrusted value. */
export type Fence = (value: string) => string;

export function renderOps(ops: readonly TemplateOp[], variables: Variables, fence: Fence): string {
  return renderList(ops, outermost(variables), fence);
}

export function outermost(variables: Variables): Frame {
  return { value: variables, outer: undefined, index: -1, last: false };
}

/** The text of a value already looked up. */
export function renderValue(op: OutputOp, value: unknown, fence: Fence): string {
  const text = op.kind === "json" ? jsonOf(value, op.read) : textOf(value, op.read);
  return op.read.fenced ? fence(text) : text;
}

function renderList(ops: readonly TemplateOp[], frame: Frame, fence: Fence): string {
  let out = "";
  for (const op of ops) out += renderOp(op, frame, fence);
  return out;
}

export function renderOp(op: TemplateOp, frame: Frame, fence: Fence): string {
  switch (op.kind) {
    case "text":
      return op.text;
    case "value":
    case "json":
      return renderValue(op, lookUp(op.read, frame), fence);
    case "if":
    case "unless":
      return renderList(branchOf(op, frame), frame, fence);
    case "each":
      return renderEach(op, frame, fence);
    case "indent":
      return indentLines(renderList(op.body, frame, fence), op.indent);
    case "media":
    case "role":
    case "history":
      // Bodies are split at these before any text is rendered.
      return "";
  }
}

/** What an `{{#if}}` or `{{#unless}}` comes to. */
export function branchOf(op: BlockOp, frame: Frame): readonly TemplateOp[] {
  return isTruthy(op.read, frame) === (op.kind === "if") ? op.body : op.otherwise;
}

function renderEach(op: BlockOp, frame: Frame, fence: Fence): string {
  const items = itemsOf(op, frame);
  if (items.length === 0) return renderList(op.otherwise, frame, fence);
  let out = "";
  for (let index = 0; index < items.length; index += 1) {
    out += renderList(op.body, frameAt(items, index, frame), fence);
  }
  return out;
}

/** Where an item of an `{{#each}}` is `this`. */
export function frameAt(items: readonly unknown[], index: number, outer: Frame): Frame {
  return { value: items[index], outer, index, last: index === items.length - 1 };
}

/** As in Handlebars anything iterable has items, an object those of its own keys, a plain value none. */
export function itemsOf(op: BlockOp, frame: Frame): readonly unknown[] {
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
  if (typeof value === "function") throw typeError(read, "is a function: pass a plain value");
  return value;
}

export function lookUp(read: ReadOp, frame: Frame): unknown {
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
  return new HarnessError("variable-type", `Variable ${path} ${rest}.`, { cause, details: { path } });
}

export function missingError({ path }: ReadOp, value: unknown): HarnessError {
  const state = value === null ? "is null" : "is missing";
  return new HarnessError(
    "variable-missing",
    `Variable ${path} ${state}: pass it, or put it inside {{#if …}} if it may be absent.`,
    { details: { path } },
  );
}

const PLAIN: readonly string[] = ["string", "number", "boolean", "bigint"];

function textOf(value: unknown, read: ReadOp): string {
  const type = typeof value;
  if (PLAIN.includes(type)) return String(value);
  if (value === undefined || value === null) throw missingError(read, value);
  if (type !== "object") throw typeError(read, `is a ${type}: pass a text, a number or a boolean`);
  throw typeError(read, `is ${Array.isArray(value) ? "a list" : "an object"}: use {{json …}} or {{#each …}}`);
}

function jsonOf(value: unknown, read: ReadOp): string {
  if (value === undefined) throw missingError(read, value);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw typeError(read, "cannot be written as JSON: pass plain data", cause);
  }
  if (text === undefined)
    throw typeError(read, `is a ${typeof value}, which JSON does not have: pass plain data`);
  return text;
}
