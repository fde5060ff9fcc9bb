/** Runs the ops of a body over variables. */
import { HarnessError } from "../errors.ts";
import { indentLines } from "./indent-lines.ts";
import type { BlockOp, OutputOp, ReadOp, TemplateOp } from "./template-op.ts";

export type Variables = Readonly<Record<string, unknown>>;

/** What `this` is, and in an `{{#each}}` where it stands. */
interface Frame {
  readonly value: unknown;
  readonly outer: Frame | undefined;
  readonly index: number;
  readonly last: boolean;
}

/** What the ops of one body share: its fence, and the variables at hand. */
export interface RenderScene {
  readonly variables: Variables;
  readonly fence: (value: string) => string;
}

export function renderOps(ops: readonly TemplateOp[], scene: RenderScene): string {
  return renderList(ops, { value: scene.variables, outer: undefined, index: -1, last: false }, scene);
}

/** The text of a value already looked up. */
export function renderValue(op: OutputOp, value: unknown, fence: (value: string) => string): string {
  const text = op.kind === "json" ? jsonOf(value, op.read) : textOf(value, op.read);
  return op.read.fenced ? fence(text) : text;
}

function renderList(ops: readonly TemplateOp[], frame: Frame, scene: RenderScene): string {
  let out = "";
  for (const op of ops) out += renderOp(op, frame, scene);
  return out;
}

function renderOp(op: TemplateOp, frame: Frame, scene: RenderScene): string {
  switch (op.kind) {
    case "text":
      return op.text;
    case "value":
    case "json":
      return renderValue(op, lookUp(op.read, frame, scene.variables), scene.fence);
    case "if":
      return renderList(isTruthy(op.read, frame, scene) ? op.body : op.otherwise, frame, scene);
    case "unless":
      return renderList(isTruthy(op.read, frame, scene) ? op.otherwise : op.body, frame, scene);
    case "each":
      return renderEach(op, frame, scene);
    case "indent":
      return indentLines(renderList(op.body, frame, scene), op.indent);
    case "role":
    case "history":
      // Bodies are split into messages at these before anything is rendered.
      return "";
  }
}

function renderEach(op: BlockOp, frame: Frame, scene: RenderScene): string {
  const items = itemsOf(argumentOf(op.read, frame, scene));
  if (items.length === 0) return renderList(op.otherwise, frame, scene);
  let out = "";
  for (let index = 0; index < items.length; index += 1) {
    const inner = { value: items[index], outer: frame, index, last: index === items.length - 1 };
    out += renderList(op.body, inner, scene);
  }
  return out;
}

/** As in Handlebars anything iterable has items, an object those of its own keys, a plain value none. */
function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [];
  return Symbol.iterator in value ? Array.from(value as Iterable<unknown>) : Object.values(value);
}

function isTruthy(read: ReadOp, frame: Frame, scene: RenderScene): boolean {
  const value = argumentOf(read, frame, scene);
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Handlebars would call a function here; nothing is ever called. */
function argumentOf(read: ReadOp, frame: Frame, scene: RenderScene): unknown {
  const value = lookUp(read, frame, scene.variables);
  if (typeof value === "function") throw typeError(read, "is a function: pass a plain value");
  return value;
}

function lookUp(read: ReadOp, frame: Frame, variables: Variables): unknown {
  if (read.from === "loop") {
    if (read.name === "index") return frame.index;
    return read.name === "first" ? frame.index === 0 : frame.last;
  }
  let value: unknown = variables;
  if (read.from === "frame") {
    let around = frame;
    for (let level = 0; level < read.up; level += 1) around = around.outer ?? around;
    value = around.value;
  }
  for (const segment of read.segments) {
    if (value === undefined || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment];
  }
  return value;
}

function typeError(read: ReadOp, rest: string, cause?: unknown): HarnessError {
  return new HarnessError("variable-type", `Variable ${read.path} ${rest}.`, {
    cause,
    details: { path: read.path },
  });
}

function missingError(read: ReadOp, value: unknown): HarnessError {
  const state = value === null ? "is null" : "is missing";
  return new HarnessError(
    "variable-missing",
    `Variable ${read.path} ${state}: pass it, or put it inside {{#if …}} if it may be absent.`,
    { details: { path: read.path } },
  );
}

function textOf(value: unknown, read: ReadOp): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "undefined":
      throw missingError(read, value);
    case "object":
      if (value === null) throw missingError(read, value);
      throw typeError(
        read,
        `is ${Array.isArray(value) ? "a list" : "an object"}: use {{json …}} or {{#each …}}`,
      );
    default:
      throw typeError(read, `is a ${typeof value}: pass a text, a number or a boolean`);
  }
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
