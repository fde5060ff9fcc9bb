/** `ready` and `prefetch` under Node: they wait for the versions that were asked for by number. */
import type { SnapshotSource } from "@colophon/kernel";
import { type ResolveContext, readPin } from "@colophon/runtime";
import type { Colophon } from "../colophon.ts";

/** Milliseconds that `ready` waits unless it is told. */
export const READY_MS = 5_000;
/** Milliseconds that `prefetch` waits at most: somebody's call comes after it. */
const PREFETCH_MS = 2_000;

/** The same colophon, whose `ready` and `prefetch` wait for versions as far as its source can tell of them. */
export function withVersions(colophon: Colophon, source: SnapshotSource): Colophon {
  return {
    ...colophon,
    async ready({ timeoutMs = READY_MS } = {}) {
      const began = performance.now();
      const readiness = await colophon.ready({ timeoutMs });
      const left = Math.max(0, timeoutMs - (performance.now() - began));
      const missing = await source.waitForWanted?.({ timeoutMs: left, patient: true });
      return !readiness.ready || missing === undefined || missing.length === 0
        ? readiness
        : { ...readiness, ready: false, reason: notFetched(missing) };
    },
    async prefetch(what) {
      const pins = new Set(pinsIn(what));
      for (const pin of pins) {
        const wanted = readPin(pin);
        if (wanted?.version != null) source.want(wanted.key, wanted.version, true);
      }
      await Promise.all([
        isContext(what) ? colophon.prefetch(what) : undefined,
        pins.size === 0
          ? undefined
          : source.waitForWanted?.({ timeoutMs: PREFETCH_MS, patient: false, pins }),
      ]);
    },
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

function notFetched([first = "", ...others]: readonly string[]): string {
  const what = others.length === 0 ? `${first} has` : `${first} and ${others.length} more have`;
  return `${what} not been fetched yet`;
}
