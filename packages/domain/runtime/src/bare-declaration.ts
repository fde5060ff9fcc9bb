/** The declaration of a key that no code declares: a partial of the registry, or a pinned handle. */
import type { Declaration } from "./declaration.ts";

export function bareDeclaration(key: string): Declaration {
  return {
    key,
    text: null,
    hash: "",
    bodyHash: "",
    caller: null,
    callerHash: "",
    variables: null,
    checkInput: null,
    checkOutput: null,
    binders: {},
    capture: null,
    pinned: null,
    servables: new Map(),
  };
}
