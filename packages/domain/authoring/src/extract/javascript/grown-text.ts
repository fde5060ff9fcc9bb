/** Recognises a text that grows in steps before the call that gets it: `let prompt = …; prompt += …; if (…) prompt += …`. */
import type { Node, Statement } from "@babel/types";
import { type Binding, bare, isFunction, nodesOf, type Program } from "./program.ts";

/** What is added in any case, or where a condition holds. */
export type GrowthStep =
  | { readonly kind: "added"; readonly text: Node }
  | {
      readonly kind: "choice";
      readonly test: Node;
      readonly then: readonly Node[];
      readonly otherwise: readonly Node[];
    };

export interface GrownText {
  readonly steps: readonly GrowthStep[];
  /** Its declaration and its steps, which go with it. */
  readonly statements: readonly Node[];
  /** The assignments among them. */
  readonly changes: readonly Node[];
}

/** Undefined for a variable that is read or changed anywhere else. */
export function grownText(program: Program, binding: Binding, call: Node): GrownText | undefined {
  const { declaration, kind, references } = binding;
  if (kind !== "variable" || references.length !== 1 || declaration.type !== "VariableDeclarator")
    return undefined;
  const statement = program.parentOf(declaration);
  const block = statement && program.parentOf(statement);
  if (statement?.type !== "VariableDeclaration" || statement.declarations.length !== 1) return undefined;
  if (block?.type !== "BlockStatement" || !declaration.init) return undefined;
  if (program.outward(statement, isFunction) !== program.outward(call, isFunction)) return undefined;
  const changes = changesOf(program, binding, block);
  const steps: GrowthStep[] = [{ kind: "added", text: declaration.init }];
  const statements: Node[] = [statement];
  const seen = new Set<Node>();
  for (const one of block.body) {
    if (!changes.some((change) => isInside(program, change, one))) continue;
    const step = stepOf(one, (added) => changes.includes(added) && seen.add(added) !== undefined);
    if (step === undefined || (one.end ?? 0) > (call.start ?? 0)) return undefined;
    steps.push(step);
    statements.push(one);
  }
  return seen.size === changes.length && changes.length > 0 ? { steps, statements, changes } : undefined;
}

/** All assignments to a variable. */
function changesOf(program: Program, { name, scope }: Binding, block: Node): readonly Node[] {
  return [...nodesOf(block)].filter(
    (node) =>
      (node.type === "AssignmentExpression" || node.type === "UpdateExpression") &&
      [...nodesOf(node.type === "AssignmentExpression" ? node.left : node.argument)].some(
        (target) =>
          target.type === "Identifier" &&
          target.name === name &&
          program.lookUp(name, target)?.scope === scope,
      ),
  );
}

function isInside(program: Program, node: Node, outer: Node): boolean {
  return node === outer || program.outward(node, (one) => one === outer) !== undefined;
}

function stepOf(statement: Statement, isChange: (node: Node) => boolean): GrowthStep | undefined {
  const added = addedBy(statement, isChange);
  if (added !== undefined) return { kind: "added", text: added };
  if (statement.type !== "IfStatement") return undefined;
  const then = addedBySeveral(statement.consequent, isChange);
  const otherwise = statement.alternate ? addedBySeveral(statement.alternate, isChange) : [];
  return then && otherwise && { kind: "choice", test: statement.test, then, otherwise };
}

function addedBySeveral(branch: Statement, isChange: (node: Node) => boolean): readonly Node[] | undefined {
  const statements = branch.type === "BlockStatement" ? branch.body : [branch];
  const added = statements.map((one) => addedBy(one, isChange));
  return added.every((one) => one !== undefined) ? added : undefined;
}

/** `prompt += …` */
function addedBy(statement: Statement, isChange: (node: Node) => boolean): Node | undefined {
  const change = statement.type === "ExpressionStatement" ? bare(statement.expression) : undefined;
  if (change?.type !== "AssignmentExpression" || change.operator !== "+=") return undefined;
  return change.left.type === "Identifier" && isChange(change) ? change.right : undefined;
}
