/** Prepares the ops of one message for rendering again and again. */
import { flattenString } from "./flatten-string.ts";
import { checkRendering } from "./render-bounds.ts";
import { type Fence, type Piece, renderOps, renderValue, type Variables } from "./render-ops.ts";
import type { OutputOp, TemplateOp } from "./template-op.ts";

/** What a message says, as `renderOps` gives it. */
export type TextRenderer = (variables: Variables) => string | readonly Piece[];

/** `{{name}}` or `{{json name}}` of a variable, outside of any block. */
function isPlain(op: TemplateOp): op is OutputOp {
  return (
    (op.kind === "value" || op.kind === "json") && op.read.from !== "loop" && op.read.segments.length === 1
  );
}

function flattenOps(ops: readonly TemplateOp[]): readonly TemplateOp[] {
  return ops.map((op): TemplateOp => {
    if (op.kind === "text") return { kind: "text", text: flattenString(op.text) };
    if (op.kind === "indent") return { ...op, body: flattenOps(op.body) };
    if ("body" in op) return { ...op, body: flattenOps(op.body), otherwise: flattenOps(op.otherwise) };
    return op;
  });
}

/** Most bodies are only this: literals with variables between. */
function compilePlain(ops: readonly TemplateOp[], fence: Fence): TextRenderer {
  const literals: string[] = [""];
  const reads: OutputOp[] = [];
  for (const op of ops) {
    if (op.kind === "text") literals[literals.length - 1] += op.text;
    else if (isPlain(op)) {
      reads.push(op);
      literals.push("");
    }
  }
  const first = flattenString(literals[0] ?? "");
  const steps = reads.map((op, index) => ({
    op,
    name: op.read.path,
    // A text needs no further look unless it is fenced or written as JSON.
    direct: op.kind === "value" && !op.read.fenced,
    after: flattenString(literals[index + 1] ?? ""),
  }));
  return (variables) => {
    let out = first;
    for (const { op, name, direct, after } of steps) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      out += direct && typeof value === "string" ? value : renderValue(op, value, fence);
      out += after;
      checkRendering(out.length);
    }
    return out;
  };
}

export function compileText(ops: readonly TemplateOp[], fence: Fence): TextRenderer {
  if (ops.every((op) => op.kind === "text" || isPlain(op))) return compilePlain(ops, fence);
  const flat = flattenOps(ops);
  return (variables) => renderOps(flat, variables, fence);
}
