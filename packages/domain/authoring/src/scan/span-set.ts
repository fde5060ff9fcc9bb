/** Spans of one file, asked whether they hold or touch another. */
import type { Span } from "./source/source-value.ts";

export class SpanSet {
  readonly #spans: Span[] = [];
  #isSorted = true;
  /** The farthest end among the spans up to each one. */
  #ends: number[] = [];

  add({ from, to }: Span): void {
    this.#spans.push({ from, to });
    this.#isSorted = false;
  }

  /** Whether one of the spans holds this one. */
  holds({ from, to }: Span): boolean {
    this.#sort();
    const last = this.#lastFrom(from);
    return last >= 0 && this.#ends[last]! >= to;
  }

  /** Whether one of the spans lies inside of this one. */
  hasInside({ from, to }: Span): boolean {
    this.#sort();
    for (let at = this.#lastFrom(from - 1) + 1; at < this.#spans.length; at += 1) {
      const span = this.#spans[at]!;
      if (span.from >= to) return false;
      if (span.to <= to) return true;
    }
    return false;
  }

  /** The last span that begins at `from` or before; -1 for none. */
  #lastFrom(from: number): number {
    let low = -1;
    let high = this.#spans.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#spans[middle]!.from <= from) low = middle;
      else high = middle;
    }
    return low;
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#spans.sort((a, b) => a.from - b.from || b.to - a.to);
    let end = 0;
    this.#ends = this.#spans.map(({ to }) => {
      end = Math.max(end, to);
      return end;
    });
    this.#isSorted = true;
  }
}
