/** Says whether anything happens between a value and the call that it is moved to. */
import type { Node } from "@babel/types";
import { isFunction, isWithin, nodesOf, type Program } from "./program.ts";
import type { ValueFacts } from "./value-facts.ts";

interface Between {
  readonly facts: ValueFacts;
  readonly from: Node;
  readonly call: Node;
  readonly ignored: ReadonlySet<Node>;
}

/** Whether anything happens between a value and the call; in a loop around the call anything in it. */
export function hasEffectsBetween(program: Program, { facts, from, call, ignored }: Between): boolean {
  const start = from.end ?? 0;
  const isLoop = (node: Node): boolean => /^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
  let end = call.start ?? 0;
  for (let loop = program.outward(call, isLoop); loop !== undefined; loop = program.outward(loop, isLoop)) {
    if ((loop.start ?? 0) > start) end = Math.max(end, loop.end ?? 0);
  }
  const place = program.outward(call, isFunction) ?? program.root.program;
  for (const node of nodesOf(place)) {
    if ((node.start ?? 0) < start || (node.end ?? 0) > end || ignored.has(node) || node === call) continue;
    if (!/Expression$/.test(node.type) || facts.hasEffects(program, node) === false) continue;
    // What holds the call is judged by its other parts.
    const holdsIgnored = [...ignored, call].some((one) => isWithin(one, node));
    if (!holdsIgnored) return true;
  }
  return false;
}
