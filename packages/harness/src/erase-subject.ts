/** Erases a subject: its id, key and contents; rows, chains and sums stand. */
import type { ErasedCounts, Subject } from "@colophon/kernel";
import type { Harness } from "./harness.ts";

export interface ErasedSubject extends ErasedCounts {
  readonly kind: Subject["kind"];
  /** False when the store never knew the subject. */
  readonly known: boolean;
  /** Spools of living processes that still hold rows, maybe of this subject; run the erasure again. */
  readonly waiting: number;
}

/**
 * Destroys what ties records to a subject; `compacted` is false when it has to be run again.
 *
 * @example
 * const { known, executions } = await eraseSubject(harness, { kind: "user", value: "ada" });
 */
export async function eraseSubject(harness: Harness, subject: Subject): Promise<ErasedSubject> {
  // Rows on their way into the store would bring the subject back after its erasure.
  const waiting = await harness.spools.drain();
  const known = (await harness.records.findPseudonym(subject)) !== undefined;
  const counts = await harness.care.erase(subject, harness.actor);
  return { kind: subject.kind, known, waiting: waiting.length, ...counts };
}
