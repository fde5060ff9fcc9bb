/** Says in which ways a function is called, so that the arguments of one call are read together. */
import type { Frame } from "./entity.ts";
import { frameOf } from "./follow-call.ts";
import type { CallPlace } from "./module-index.ts";
import { callAt, scopeAt, type Tracer } from "./tracer.ts";

// A function that makes many calls and is called from many places is not read for each pair of them.
const MOST_CONTEXTS = 4_000;
const spent = new WeakMap<Tracer, Map<string, number>>();

function isAffordable(tracer: Tracer, key: string, contexts: number): boolean {
  const byFunction = spent.get(tracer) ?? new Map<string, number>();
  spent.set(tracer, byFunction);
  const before = byFunction.get(key) ?? 0;
  byFunction.set(key, before + contexts);
  return before + contexts <= MOST_CONTEXTS;
}

/**
 * For each call of the function around a call, what its parameters stand for; null alone where it has no parameters
 * or nobody is seen to call it.
 */
export function callContexts(tracer: Tracer, place: CallPlace): readonly (Frame | null)[] {
  const { module } = place;
  for (let scope: number | null = callAt(tracer, place).scope; scope !== null; ) {
    const { kind, parameters, parent } = scopeAt(tracer, { module, scope });
    if (kind === "function" && parameters.length > 0) {
      const own = { module, scope };
      const sites = tracer.sites(own);
      if (sites.length > 0 && isAffordable(tracer, `${module}:${scope}`, sites.length)) {
        return sites.map((site) => frameOf(tracer, { ...site, frame: null }, { ...own, self: null }));
      }
    }
    scope = parent;
  }
  return [null];
}
