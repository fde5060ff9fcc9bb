/** The texts of a feed as canonical JSON, each made once for all environments and revisions. */
import { canonicalJson, type VersionText } from "@colophon/kernel";

export class TextPieces {
  readonly #texts = new Map<string, VersionText>();
  readonly #pieces = new Map<string, string>();

  /** Texts stay: a source says each once, and a version that left the snapshot may come back. */
  add(texts: Readonly<Record<string, VersionText>>): void {
    for (const [hash, text] of Object.entries(texts)) this.#texts.set(hash, text);
  }

  clear(): void {
    this.#texts.clear();
    this.#pieces.clear();
  }

  /** The object of these texts, in the order of canonical JSON; those that nobody has are left out. */
  object(hashes: Iterable<string>): string {
    const members = [...new Set(hashes)].sort().flatMap((hash) => {
      const piece = this.#piece(hash);
      return piece === undefined ? [] : [`"${hash}":${piece}`];
    });
    return `{${members.join(",")}}`;
  }

  #piece(hash: string): string | undefined {
    const made = this.#pieces.get(hash);
    if (made !== undefined) return made;
    const text = this.#texts.get(hash);
    if (text === undefined) return undefined;
    const piece = canonicalJson(text);
    this.#pieces.set(hash, piece);
    return piece;
  }
}
