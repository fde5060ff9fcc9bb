/** Stand-ins for partials that live in the registry alone: no code declares them. */
import type { Declaration } from "./declaration.ts";

/** Kept between resolutions, since they hold what was compiled. */
const known = new Map<string, Declaration>();
const LIMIT = 1_000;

/** A partial that lives in the registry alone has no caller but the body that includes it. */
export function registryOnly(key: string): Declaration {
  let declaration = known.get(key);
  if (declaration === undefined) {
    declaration = {
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
    if (known.size >= LIMIT) known.clear();
    known.set(key, declaration);
  }
  return declaration;
}
