/** Keeps readers away from the end of the stack, however deep a program is nested. */
import type { ModuleDraft } from "./module-draft.ts";

/** Deeper than people write: chains of `+`, of members and of calls are read without recursion and do not count. */
const MAX_DEPTH = 300;

export interface DepthGuard {
  /** @returns false where it is too deep: that is told once in the draft's problems, and `leave` is not called. */
  enter(at: number): boolean;
  leave(): void;
}

export function guardDepth({ problems }: ModuleDraft): DepthGuard {
  let depth = 0;
  let isTold = false;
  return {
    enter(at) {
      if (depth < MAX_DEPTH) {
        depth += 1;
        return true;
      }
      if (!isTold)
        problems.push({ at, message: `nested more than ${MAX_DEPTH} deep: what is inside is left out` });
      isTold = true;
      return false;
    },
    leave() {
      depth -= 1;
    },
  };
}
