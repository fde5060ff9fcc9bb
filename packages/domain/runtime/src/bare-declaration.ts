/** The declaration of a key that no code declares: a partial of the registry, or a pinned handle. */
import type { Declaration } from "./declaration.ts";

export function bareDeclaration(key: string): Declaration {
  return {
    key,
    text: null,
    hash: "",
    bodyHash: "",
    caller: null,
    // It has no contract of its own, and rows of a pinned handle say so.
    callerHash: "0".repeat(64),
    pinned: null,
    servables: new Map(),
  };
}
