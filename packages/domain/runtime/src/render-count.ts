/** Counts calls that were rendered and never recorded: the ledger's blind spot, made visible. */
import type { Clock, EpochMs, LedgerSink } from "@colophon/kernel";

/** How long after its render a call may at least still be recorded before it counts as lost. */
const GRACE = 300_000;

/** The renders of one stretch of time that nobody recorded yet, by prompt. */
export interface RenderStretch {
  readonly since: EpochMs;
  readonly waiting: Map<string, number>;
}

export interface RenderCount {
  /** Notes a render; the stretch is handed back to `claimed` when the call is recorded after all. */
  rendered(key: string): RenderStretch;
  claimed(stretch: RenderStretch, key: string): void;
  /** Counts those whose grace is over. */
  sweep(): void;
  /** Counts all that are left. */
  close(): void;
}

/**
 * A count that reports to the ledger's sink as `rendered-not-recorded`. It keeps numbers and no
 * calls, in two stretches of time: the older one is reported when the newer one is full.
 */
export function createRenderCount(parts: { readonly clock: Clock; readonly sink: LedgerSink }): RenderCount {
  const open = (): RenderStretch => ({ since: parts.clock.now(), waiting: new Map() });
  let older = open();
  let newer = older;

  const report = ({ waiting }: RenderStretch): void => {
    for (const [prompt, count] of waiting) {
      if (count <= 0) continue;
      const reason = "render() without start() or record()";
      parts.sink.gap("rendered-not-recorded", { prompt, count, reason });
    }
    waiting.clear();
  };
  const sweep = (): void => {
    if (parts.clock.now() - newer.since < GRACE) return;
    if (older !== newer) report(older);
    older = newer;
    newer = open();
  };
  return {
    rendered(key) {
      sweep();
      newer.waiting.set(key, (newer.waiting.get(key) ?? 0) + 1);
      return newer;
    },
    claimed({ waiting }, key) {
      const count = waiting.get(key);
      // Reported as lost already: a gap that was said is not taken back.
      if (count === undefined) return;
      if (count <= 1) waiting.delete(key);
      else waiting.set(key, count - 1);
    },
    sweep,
    close() {
      report(older);
      report(newer);
    },
  };
}
