/** `prefetch` under Node: versions by their pins from a source, and overrides by whoever a call is for. */
import { type FedSource, type ResolveContext, readPin } from "@colophon/runtime";
import type { Colophon } from "../colophon.ts";

/** Milliseconds that it waits at most: somebody's call comes after it. */
const PREFETCH_MS = 2_000;

/** @param fetchOverrides where there are any to fetch; must not reject. */
export function prefetchFrom(
  source: FedSource,
  fetchOverrides: ((context: ResolveContext) => Promise<void>) | undefined,
): Colophon["prefetch"] {
  return async (what) => {
    const pins = new Set(pinsIn(what));
    for (const pin of pins) {
      const wanted = readPin(pin);
      if (wanted?.version != null) source.want?.(wanted.key, wanted.version, true);
    }
    await Promise.all([
      isContext(what) ? fetchOverrides?.(what) : undefined,
      pins.size === 0 ? undefined : source.waitForWanted?.({ timeoutMs: PREFETCH_MS, patient: false, pins }),
    ]);
  };
}

type Prefetched = Iterable<string> | ResolveContext;

/** One pin by itself is a text, and so iterable by its letters; one that was never stored comes as null. */
function isContext(what: Prefetched | null | undefined): what is ResolveContext {
  return typeof what === "object" && what !== null && !(Symbol.iterator in what);
}

function pinsIn(what: Prefetched | null | undefined): Iterable<string> {
  if (isContext(what)) return what.pin === undefined ? [] : [what.pin];
  return typeof what === "string" ? [what] : (what ?? []);
}
