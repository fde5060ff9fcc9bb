/** Counts gaps until they can be written: one entry per kind, prompt and reason. */
import type { Clock, GapDraft, GapKind } from "@colophon/kernel";
import type { LedgerWriter } from "./ledger-writer.ts";

export interface GapFacts {
  readonly prompt: string | null;
  readonly count: number;
  readonly reason: string;
}

/** Beyond so many, gaps are counted without their prompt and reason. */
const LIMIT = 500;

export class SinkGaps {
  readonly #clock: Clock;
  #counts = new Map<string, GapFacts & { readonly kind: GapKind }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get empty(): boolean {
    return this.#counts.size === 0;
  }

  add(kind: GapKind, { prompt, count, reason }: GapFacts): void {
    const crowded = this.#counts.size >= LIMIT && !this.#counts.has(keyOf(kind, prompt, reason));
    const facts = crowded ? { prompt: null, reason: "various" } : { prompt, reason };
    const key = keyOf(kind, facts.prompt, facts.reason);
    this.#counts.set(key, { kind, ...facts, count: count + (this.#counts.get(key)?.count ?? 0) });
  }

  /** Hands all counts over, stamped with the time; what could not be written is to be added again. */
  take(): readonly GapDraft[] {
    const at = this.#clock.now();
    const gaps = [...this.#counts.values()].map((gap) => ({ at, ...gap }));
    this.#counts = new Map();
    return gaps;
  }

  /** Writes all counts in one transaction. @throws what the store says; the counts stand as they were then. */
  writeTo(writer: LedgerWriter): void {
    const gaps = this.take();
    try {
      writer.batch(() => {
        for (const gap of gaps) writer.appendGap(gap);
      });
    } catch (error) {
      for (const gap of gaps) this.add(gap.kind, gap);
      throw error;
    }
  }
}

function keyOf(kind: GapKind, prompt: string | null, reason: string): string {
  return JSON.stringify([kind, prompt, reason]);
}
