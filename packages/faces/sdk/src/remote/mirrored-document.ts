/** The snapshot of a server as a document that changes are put into, for the disk and for the next question. */
import type { SnapshotChange, SnapshotDocument, SnapshotPrompt, VersionText } from "@colophon/kernel";

type Changing<T> = { -readonly [K in keyof T]: T[K] };

export class MirroredDocument {
  readonly #document: Changing<SnapshotDocument>;
  readonly #prompts: Record<string, SnapshotPrompt>;
  readonly #texts: Record<string, VersionText>;
  #etag: string | null;

  constructor(document: SnapshotDocument, etag: string | null) {
    // Without a prototype: a prompt's key is any text.
    this.#prompts = Object.assign(Object.create(null), document.prompts);
    this.#texts = Object.assign(Object.create(null), document.texts);
    this.#document = { ...document, prompts: this.#prompts, texts: this.#texts };
    this.#etag = etag;
  }

  get document(): SnapshotDocument {
    return this.#document;
  }

  /** What the server calls this document; null where it is another by now. */
  get etag(): string | null {
    return this.#etag;
  }

  forgetEtag(): void {
    this.#etag = null;
  }

  prompt(key: string): SnapshotPrompt | undefined {
    return this.#prompts[key];
  }

  apply(change: SnapshotChange): void {
    this.#etag = null;
    this.#document.revision = change.revision;
    this.#document.at = change.at;
    this.#document.environments = change.environments;
    Object.assign(this.#prompts, change.prompts);
    Object.assign(this.#texts, change.texts);
  }

  /** Puts more versions into a prompt; the server's document has them not. */
  put(key: string, prompt: SnapshotPrompt, texts: Readonly<Record<string, VersionText>>): void {
    this.#prompts[key] = prompt;
    Object.assign(this.#texts, texts);
  }

  /** These prompts as they are now, as a change that a runtime takes. */
  describe(keys: readonly string[], texts: Readonly<Record<string, VersionText>>): SnapshotChange {
    const { revision, at, environments } = this.#document;
    const prompts = keys.flatMap((key) => {
      const prompt = this.#prompts[key];
      return prompt === undefined ? [] : [[key, prompt] as const];
    });
    return { revision, at, environments, prompts: Object.fromEntries(prompts), texts };
  }
}
