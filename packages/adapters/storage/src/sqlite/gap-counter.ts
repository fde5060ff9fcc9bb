/** Counts gaps until they can be written: one entry per kind, prompt and reason. */
import type { Clock, GapKind } from "@colophon/kernel";
import type { GapDraft } from "./ledger-writer.ts";

export interface GapCounter {
  readonly empty: boolean;
  add(kind: GapKind, more: { readonly prompt: string | null; readonly count: number; readonly reason: string }): void;
  list(): readonly GapDraft[];
  clear(): void;
}

export function createGapCounter(clock: Clock): GapCounter {
  const counts = new Map<string, GapDraft>();
  return {
    get empty() {
      return counts.size === 0;
    },
    add(kind, { prompt, count, reason }) {
      const key = JSON.stringify([kind, prompt, reason]);
      const before = counts.get(key)?.count ?? 0;
      counts.set(key, { at: clock.now(), kind, prompt, reason, count: before + count });
    },
    list: () => [...counts.values()],
    clear: () => counts.clear(),
  };
}
