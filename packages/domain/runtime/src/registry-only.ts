/** Stand-ins for partials that live in the registry alone: no code declares them. */
import { bareDeclaration } from "./bare-declaration.ts";
import type { Declaration } from "./declaration.ts";

/** Kept between resolutions, since they hold what was compiled. */
const known = new Map<string, Declaration>();
const LIMIT = 1_000;

/** A partial that lives in the registry alone has no caller but the body that includes it. */
export function registryOnly(key: string): Declaration {
  let declaration = known.get(key);
  if (declaration === undefined) {
    declaration = bareDeclaration(key);
    if (known.size >= LIMIT) known.clear();
    known.set(key, declaration);
  }
  return declaration;
}
