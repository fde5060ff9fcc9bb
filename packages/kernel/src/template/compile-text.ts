/** Prepares the ops of one message for rendering again and again. */
import { checkRendering } from "./render-bounds.ts";
import { type Fence, type Piece, renderOps, renderValue, type Variables } from "./render-ops.ts";
import type { OutputOp, TemplateOp } from "./template-op.ts";

/** What a message says, as `renderOps` gives it. */
export type TextRenderer = (variables: Variables) => string | readonly Piece[];

/** A text, or `{{name}}` or `{{json name}}` of a variable, outside of any block. */
function isPlain(op: TemplateOp): op is OutputOp | (TemplateOp & { readonly kind: "text" }) {
  if (op.kind === "text") return true;
  return (
    (op.kind === "value" || op.kind === "json") && "segments" in op.read && op.read.segments.length === 1
  );
}

export function compileText(ops: readonly TemplateOp[], fence: Fence): TextRenderer {
  // Most bodies are only this: literals with variables between.
  if (!ops.every(isPlain)) return (variables) => renderOps(ops, variables, fence);
  let first = "";
  const steps: PlainStep[] = [];
  for (const op of ops) {
    const last = steps.at(-1);
    // A text needs no further look unless it is fenced or written as JSON.
    if (op.kind !== "text") {
      steps.push({ op, name: op.read.path, direct: op.kind === "value" && !op.read.fenced, after: "" });
    } else if (last) last.after = op.text;
    else first = op.text;
  }
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

interface PlainStep {
  readonly op: OutputOp;
  readonly name: string;
  readonly direct: boolean;
  after: string;
}
