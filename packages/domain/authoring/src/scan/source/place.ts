/** Where a reader stands in a program: the scope, and the steps outward to the statement. */
import type { ContextStep } from "./source-module.ts";

/** A list that is shared by everything below it, so that a step costs the same at any depth. */
export interface Place {
  readonly scope: number;
  readonly step: ContextStep | null;
  readonly outer: Place | null;
}

/** The beginning of a statement. */
export function statementOf(scope: number, step: ContextStep | null): Place {
  return { scope, step, outer: null };
}

/** One step further in. */
export function within(outer: Place, step: ContextStep): Place {
  return { scope: outer.scope, step, outer };
}

/** The steps of a place, innermost first. */
export function contextOf(place: Place): readonly ContextStep[] {
  const steps: ContextStep[] = [];
  for (let at: Place | null = place; at !== null; at = at.outer) if (at.step !== null) steps.push(at.step);
  return steps;
}

/** The name that a function or class has by where it stands, such as `const ask = () => …`; null for none. */
export function nameByPlace(place: Place): string | null {
  const { step } = place;
  return step?.kind === "binding" || step?.kind === "property" ? step.name : null;
}
