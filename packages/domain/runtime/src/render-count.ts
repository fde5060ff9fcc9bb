/** Counts calls that were rendered and never recorded: the ledger's blind spot, made visible. */
import type { Clock, EpochMs, LedgerSink } from "@colophon/kernel";

/** How long after its render a call may still be recorded before it counts as lost. */
const GRACE = 300_000;
/** Renders waiting to be recorded; beyond it the oldest counts at once. */
const WAITING_LIMIT = 10_000;

export interface RenderCount {
  rendered(call: object, key: string): void;
  /** The call is being recorded after all. */
  claimed(call: object): void;
  /** Counts those whose grace is over. */
  sweep(): void;
  /** Counts all that are left. */
  close(): void;
}

/** A count that reports to the ledger's sink as `rendered-not-recorded`. */
export function createRenderCount(parts: { readonly clock: Clock; readonly sink: LedgerSink }): RenderCount {
  const waiting = new Map<object, { readonly key: string; readonly at: EpochMs }>();
  const lose = (until: (at: EpochMs) => boolean): void => {
    const counts = new Map<string, number>();
    for (const [call, { key, at }] of waiting) {
      if (!until(at)) break;
      waiting.delete(call);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [prompt, count] of counts) {
      parts.sink.gap("rendered-not-recorded", {
        prompt,
        count,
        reason: "render() without start() or record()",
      });
    }
  };
  const sweep = (): void => {
    if (waiting.size === 0) return;
    const limit = parts.clock.now() - GRACE;
    lose((at) => at <= limit || waiting.size > WAITING_LIMIT);
  };
  return {
    rendered(call, key) {
      if (waiting.has(call)) return;
      waiting.set(call, { key, at: parts.clock.now() });
      if (waiting.size > WAITING_LIMIT) sweep();
    },
    claimed: (call) => {
      if (waiting.size > 0) waiting.delete(call);
    },
    sweep,
    close: () => lose(() => true),
  };
}
