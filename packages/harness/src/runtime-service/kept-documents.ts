/** Snapshots that were current a while ago, by their hash: so many, and so large together. */
import type { ServedDocument } from "./environment-view.ts";
import type { FeedLimits } from "./feed-limits.ts";

export class KeptDocuments {
  readonly #limits: FeedLimits;
  readonly #documents = new Map<string, ServedDocument>();
  #size = 0;

  constructor(limits: FeedLimits) {
    this.#limits = limits;
  }

  find(hash: string): ServedDocument | undefined {
    return this.#documents.get(hash);
  }

  clear(): void {
    this.#documents.clear();
    this.#size = 0;
  }

  keep(document: ServedDocument): void {
    const { documents, documentsSize } = this.#limits;
    if (this.#documents.has(document.hash)) return;
    this.#documents.set(document.hash, document);
    this.#size += document.bytes.length;
    for (const [hash, { bytes }] of this.#documents) {
      if (this.#documents.size <= documents && this.#size <= documentsSize) return;
      this.#documents.delete(hash);
      this.#size -= bytes.length;
    }
  }
}
