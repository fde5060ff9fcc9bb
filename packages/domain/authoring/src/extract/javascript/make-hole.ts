/** Says a value of a text in words that mean the same where the call stands. */
import type { Node } from "@babel/types";
import type { Hole } from "./piece.ts";
import { type Binding, bare, isWithin, nodesOf, type Program } from "./program.ts";

/** What the parameters of a function stand for where it is called. */
export type Given = ReadonlyMap<Binding, Hole>;

export interface HolePlace {
  readonly given: Given;
  /** Where the call stands. */
  readonly program: Program;
  readonly call: Node;
}

/** The expression as it is, with arguments in the place of parameters; without a source where it cannot be said at the call. */
export function makeHole(
  program: Program,
  expression: Node,
  { given: names, program: here, call }: HolePlace,
): Hole {
  const hole = { kind: "hole", node: expression, program } as const;
  if (names.size === 0) return { ...hole, source: program.text(expression), given: [] };
  const given: Hole[] = [];
  let source = "";
  let at = expression.start ?? 0;
  for (const node of nodesOf(expression)) {
    const binding = node.type === "Identifier" ? program.bindingOf(node) : undefined;
    if (binding === undefined || isWithin(binding.scope, expression)) continue;
    const argument = names.get(binding);
    const isSame = program === here && here.lookUp(binding.name, call) === binding;
    const isShorthand = program.parentOf(node)?.type === "ObjectProperty";
    // A name of the function's own cannot be said where the call stands.
    if (argument === undefined ? !isSame : isShorthand) return { ...hole, source: "", given: [] };
    if (argument === undefined) continue;
    // A name of a function inside of the text may hide one of the argument.
    if (isHidden(program, node, { argument, within: expression })) return { ...hole, source: "", given: [] };
    given.push(argument);
    source += program.source.slice(at, node.start ?? 0) + parenthesized(argument);
    at = node.end ?? 0;
  }
  source += program.source.slice(at, expression.end ?? 0);
  return { ...hole, source, given };
}

/** Whether a name of the argument means something else where the parameter stands. */
function isHidden(
  program: Program,
  at: Node,
  { argument, within }: { readonly argument: Hole; readonly within: Node },
): boolean {
  for (const node of nodesOf(argument.node)) {
    const binding = node.type === "Identifier" ? program.lookUp(node.name, at) : undefined;
    if (binding !== undefined && isWithin(binding.scope, within)) return true;
  }
  return false;
}

function parenthesized({ source, node }: Hole): string {
  return /^(Identifier|MemberExpression|CallExpression|StringLiteral|ThisExpression)$/.test(
    bare(node).type,
  ) && bare(node) === node
    ? source
    : `(${source})`;
}
