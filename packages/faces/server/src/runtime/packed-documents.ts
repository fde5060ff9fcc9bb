/** Snapshots as gzip, packed once for all who ask: most of what a fetch costs is bytes that are copied. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ServedDocument } from "@colophon/harness";

const pack = promisify(gzip);

export class PackedDocuments {
  /** Kept as long as the document is. */
  readonly #packed = new WeakMap<ServedDocument, Promise<Uint8Array<ArrayBuffer>>>();

  of(document: ServedDocument): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#packed.get(document);
    if (known !== undefined) return known;
    const packing = pack(document.bytes) as Promise<Uint8Array<ArrayBuffer>>;
    this.#packed.set(document, packing);
    return packing;
  }
}
