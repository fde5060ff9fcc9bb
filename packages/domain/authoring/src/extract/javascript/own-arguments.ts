/** Finds the arguments of a call that stand in a constant of their own right before it. */
import type { Node, ObjectExpression } from "@babel/types";
import { hasEffectsBetween } from "./effects-between.ts";
import type { KnownCall } from "./known-calls.ts";
import { bare, isFunction, isWithin, nodesOf, type Program } from "./program.ts";
import type { ValueFacts } from "./value-facts.ts";

export interface OwnArguments {
  readonly object: ObjectExpression;
  /** The statement that goes with them. */
  readonly statement: Node;
}

/** `const params = {…}` that only this call reads, and nothing between could change; undefined for any other. */
export function ownArguments(
  { program, node: call }: KnownCall,
  facts: ValueFacts,
): OwnArguments | undefined {
  const [first] = call.arguments;
  const name = first && bare(first);
  const binding = name?.type === "Identifier" ? program.bindingOf(name) : undefined;
  const declared = binding?.declaration;
  if (binding?.kind !== "constant" || binding.isChanged || binding.references.length !== 1) return undefined;
  if (declared?.type !== "VariableDeclarator" || !declared.init) return undefined;
  const object = bare(declared.init);
  const statement = program.parentOf(declared);
  if (object.type !== "ObjectExpression" || statement?.type !== "VariableDeclaration") return undefined;
  const isAlone =
    statement.declarations.length === 1 && program.parentOf(statement)?.type === "BlockStatement";
  const isHere = program.outward(object, isFunction) === program.outward(call, isFunction);
  if (!isAlone || !isHere || !meansTheSame(program, object, call)) return undefined;
  // What does something is done where it stood, or not at all.
  if (facts.hasEffects(program, object) && !isNext(program, statement, call)) return undefined;
  return hasEffectsBetween(program, { facts, from: object, call, ignored: new Set() })
    ? undefined
    : { object, statement };
}

/** Whether the call stands in the same list of statements, so that it follows in any case. */
function isNext(program: Program, statement: Node, call: Node): boolean {
  const block = program.parentOf(statement);
  const around = program.outward(call, (outer) => program.parentOf(outer) === block);
  return around !== undefined && !/^(If|For|While|DoWhile|Switch|Try|ForIn|ForOf)/.test(around.type);
}

/** Whether each name in it means the same where the call stands. */
function meansTheSame(program: Program, object: Node, call: Node): boolean {
  for (const node of nodesOf(object)) {
    const binding = node.type === "Identifier" ? program.bindingOf(node) : undefined;
    if (binding === undefined || isWithin(binding.scope, object)) continue;
    if (program.lookUp(binding.name, call) !== binding) return false;
  }
  return true;
}
