/** Keeps some of the challengers' worst executions of each metric, to become cases of an eval set. */
import type { CustomMetric, ExecutionId } from "@colophon/kernel";

const KEPT = 10;

interface Kept {
  readonly id: ExecutionId;
  /** The larger the worse. */
  readonly badness: number;
}

/** The answer depends on what was seen, not on the order in which it was. */
export class FailingExecutions {
  readonly #kept = new Map<string, Kept[]>();

  note(
    metric: string,
    { kind, worse }: CustomMetric,
    seen: { readonly id: ExecutionId; readonly value: number },
  ): void {
    const badness = worse === "higher" ? seen.value : -seen.value;
    // An event that did not happen, or had to and did, is no failure.
    if (kind === "event" && badness !== (worse === "higher" ? 1 : 0)) return;
    const kept = this.#kept.get(metric) ?? [];
    this.#kept.set(metric, kept);
    if (kept.some(({ id }) => id === seen.id)) return;
    kept.push({ id: seen.id, badness });
    if (kept.length <= KEPT) return;
    kept.sort(worstFirst);
    kept.pop();
  }

  /** By metric, the newest last. */
  list(): Readonly<Record<string, readonly ExecutionId[]>> {
    return Object.fromEntries(
      [...this.#kept].map(([metric, kept]) => [metric, kept.map(({ id }) => id).sort()]),
    );
  }
}

/** Of those that are equally bad the newer first: ids begin with their time. */
function worstFirst(one: Kept, other: Kept): number {
  if (one.badness !== other.badness) return other.badness - one.badness;
  return one.id < other.id ? 1 : -1;
}
