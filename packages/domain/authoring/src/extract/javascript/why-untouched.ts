/** Says of a call, or of its whole file, why nobody may rewrite it. */
import type { KnownCall } from "./known-calls.ts";
import { nodesOf } from "./program.ts";

const GENERATED = /@generated\b|\bdo not edit\b|\bauto-?generated\b/i;
const HEAD = 1_000;

/** Null where it may be rewritten. */
export function whyUntouched(call: KnownCall, calls: readonly KnownCall[]): string | null {
  const { program, node } = call;
  if (GENERATED.test(program.source.slice(0, HEAD))) return "its file is generated: change what generates it";
  if (program.root.program.sourceType !== "module") {
    return "its file is no ES module: use import and export there first";
  }
  const inner = calls.find(
    (other) =>
      other.program === program &&
      other !== call &&
      (other.node.start ?? 0) > (node.start ?? 0) &&
      (other.node.end ?? 0) <= (node.end ?? 0),
  );
  if (inner !== undefined) {
    return `another call of a model stands inside of it, in line ${program.lineAt(inner.node)}: await that one into a constant first`;
  }
  return null;
}

/** Whether the call sends a resolved prompt already: its arguments come out of `p.openai()` and the like. */
export function isExtracted({ program, node, writer }: KnownCall): boolean {
  return node.arguments
    .slice(0, 1)
    .some((argument) =>
      [...nodesOf(argument)].some(
        (inner) =>
          inner.type === "CallExpression" &&
          inner.callee.type === "MemberExpression" &&
          inner.callee.object.type === "Identifier" &&
          program.text(inner.callee.property) === writer &&
          program.bindingOf(inner.callee.object)?.kind === "parameter",
      ),
    );
}
