/** Holds a value to a depth, before anything walks through it by calling itself. */

/** Deeper data is no data of a prompt. */
export const DEEPEST_VALUE = 200;

/** Whether lists and objects stand in each other at most so deep; what is deeper is not looked at. */
export function isWithinDepth(value: unknown, depth: number = DEEPEST_VALUE): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (!isWithinDepth(inner, depth - 1)) return false;
  }
  return true;
}
