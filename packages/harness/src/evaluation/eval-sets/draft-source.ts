/** Drafts that can be gone through more than once without being held all at once. */
import type { CaseDraft } from "@colophon/evaluation";

/** A list of drafts is one; a large file is another. */
export interface DraftSource extends Iterable<CaseDraft> {
  at(index: number): CaseDraft | undefined;
}
