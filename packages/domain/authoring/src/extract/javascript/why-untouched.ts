/** Says of a call, or of its whole file, why nobody may rewrite it. */
import type { Node } from "@babel/types";
import { isCommonJs } from "./common-exports.ts";
import type { Instance } from "./find-instance.ts";
import { importedName } from "./imported-name.ts";
import type { KnownCall } from "./known-calls.ts";
import { isFunction, nodesOf, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";

const GENERATED = /@generated\b|\bdo not edit\b|\bauto-?generated\b/i;
const HEAD = 1_000;
/** As Next.js is told. */
const AT_EDGE = /\bexport\s+const\s+runtime\s*=\s*["'](experimental-)?edge["']/;

interface Surroundings {
  readonly known: readonly KnownCall[];
  /** The one that the application has; null where it gets one. */
  readonly instance: Instance | null;
  readonly programs: ProgramSet;
}

/** Null where it may be rewritten. */
export function whyUntouched(call: KnownCall, { known, instance, programs }: Surroundings): string | null {
  const { program, node } = call;
  if (GENERATED.test(program.source.slice(0, HEAD))) return "its file is generated: change what generates it";
  if (program.root.program.sourceType !== "module" && !isCommonJs(program)) {
    return program.language === "typescript"
      ? "its file is no module: use import and export there first"
      : "its file neither imports nor requires anything, so nobody can tell which kind of module it is: add an import first";
  }
  if (instance === null && AT_EDGE.test(program.source)) {
    return "its file runs on an edge runtime, where open is handed the client's wire and a recorder: open Colophon there first, in a module that exports it, and run extract again";
  }
  if (instance !== null && !program.outward(node, isFunction) && loads(programs, instance.file, program)) {
    return `it is made while ${instance.file} is being loaded, which opens Colophon and imports this file: open Colophon in a module of its own, and run extract again`;
  }
  const inner = known.find(
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

/** Whether a file imports another, or one that does. */
function loads(programs: ProgramSet, file: string, other: Program): boolean {
  const first = programs.of(file);
  const found = new Set(first === undefined || first === other ? [] : [first]);
  for (const program of found) {
    const statements = program.root.program.body.flatMap((statement) =>
      "source" in statement && statement.source ? [statement.source.value] : [],
    );
    const names = [...program.top.values()].flatMap((binding) => importedName(program, binding) ?? []);
    for (const specifier of [...statements, ...names.map((name) => name.specifier)]) {
      const imported = programs.imported(program, specifier);
      if (imported !== undefined) found.add(imported);
    }
  }
  return found.has(other);
}

/** Whether the call sends a resolved prompt already: its arguments come out of `p.openai()` and the like. */
export function isExtracted({ program, node, writer }: KnownCall): boolean {
  return node.arguments
    .slice(0, 1)
    .some((argument) => [...nodesOf(argument)].some((inner) => isPrepared(program, inner, writer)));
}

/** `p.openai()`, or a constant that holds it. */
function isPrepared(program: Program, node: Node, writer: string): boolean {
  if (node.type === "Identifier") {
    const declared = program.bindingOf(node)?.declaration;
    const init = declared?.type === "VariableDeclarator" ? declared.init : null;
    return init?.type === "CallExpression" && isPrepared(program, init, writer);
  }
  return (
    node.type === "CallExpression" &&
    node.callee.type === "MemberExpression" &&
    node.callee.object.type === "Identifier" &&
    program.text(node.callee.property) === writer &&
    program.bindingOf(node.callee.object)?.kind === "parameter"
  );
}
