/** What one environment's clients are served: its snapshot at the newest revision, and the changes that led there. */
import { createHash } from "node:crypto";
import { canonicalJson, type Revision, type SnapshotChange, type SnapshotPrompt } from "@colophon/kernel";
import { EnvironmentCut } from "./environment-cut.ts";
import type { FeedLimits } from "./feed-limits.ts";
import type { TextPieces } from "./text-pieces.ts";

/** A snapshot document as it is sent. */
export interface ServedDocument {
  readonly environment: string;
  readonly revision: Revision;
  /** SHA-256 (64 hex digits) of the bytes, which are canonical JSON. */
  readonly hash: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A change as it is sent: canonical JSON of a `SnapshotChange`, made once for all clients. */
export interface ServedChange {
  readonly revision: Revision;
  readonly json: string;
}

/** The registry at a revision, as a source gives it. */
export type SnapshotState = Pick<SnapshotChange, "revision" | "at"> & {
  readonly prompts: ReadonlyMap<string, SnapshotPrompt>;
};

export interface EnvironmentViewParts {
  readonly environment: string;
  readonly state: SnapshotState;
  readonly texts: TextPieces;
  readonly limits: FeedLimits;
}

export class EnvironmentView {
  readonly environment: string;
  readonly #texts: TextPieces;
  readonly #limits: FeedLimits;
  readonly #cuts = new Map<string, EnvironmentCut>();
  #overrides = 0;
  #revision: Revision;
  #at: number;
  #document: ServedDocument | undefined;
  #changes: ServedChange[] = [];
  #changesSize = 0;
  /** All that happened after this revision is among the changes. */
  #since: Revision;

  constructor({ environment, state, texts, limits }: EnvironmentViewParts) {
    this.environment = environment;
    this.#texts = texts;
    this.#limits = limits;
    this.#revision = state.revision;
    this.#since = state.revision;
    this.#at = state.at;
    for (const [key, prompt] of state.prompts) this.#put(key, prompt);
  }

  /** Whether there are too many overrides to send. */
  get fetched(): boolean {
    return this.#overrides > this.#limits.overrides;
  }

  /** The snapshot that is current now, made when it is first asked for at its revision. */
  document(): ServedDocument {
    this.#document ??= this.#makeDocument();
    return this.#document;
  }

  /** The snapshot that was current and was made; undefined when nobody asked for it. */
  get made(): ServedDocument | undefined {
    return this.#document;
  }

  /** A prompt's entry as the document has it. */
  promptOf(key: string): SnapshotPrompt | undefined {
    const cut = this.#cuts.get(key);
    return this.fetched ? cut?.without() : cut?.prompt;
  }

  /** @returns what clients are sent; undefined where they have to fetch the snapshot anew. */
  apply(change: SnapshotChange): ServedChange | undefined {
    const { fetched } = this;
    const touched = Object.entries(change.prompts).map(([key, prompt]) => ({
      key,
      ...this.#put(key, prompt),
    }));
    this.#revision = change.revision;
    this.#at = change.at;
    this.#document = undefined;
    if (fetched !== this.fetched) {
      this.forgetChanges();
      return undefined;
    }
    const changed = touched.filter(({ before, after }) => before?.json(fetched) !== after.json(fetched));
    const names = new Set(changed.map(({ key }) => key));
    const unchanged = touched.flatMap(({ key }) => (names.has(key) ? [] : [key]));
    const texts = changed.flatMap(({ before, after }) =>
      [...after.texts].filter((hash) => before === undefined || !before.texts.has(hash)),
    );
    const prompts = changed.map(({ key, after }) => [key, after] as const);
    const served = { revision: change.revision, json: this.#json(prompts, { texts, touched: unchanged }) };
    this.#keep(served);
    return served;
  }

  /** The changes after a revision, oldest first; undefined when not all of them are kept, or it is yet to come. */
  changesAfter(revision: Revision): readonly ServedChange[] | undefined {
    if (revision < this.#since || revision > this.#revision) return undefined;
    return this.#changes.filter((change) => change.revision > revision);
  }

  /** Who comes back from before has to fetch the snapshot. */
  forgetChanges(): void {
    this.#changes = [];
    this.#changesSize = 0;
    this.#since = this.#revision;
  }

  #put(
    key: string,
    prompt: SnapshotPrompt,
  ): { readonly before: EnvironmentCut | undefined; readonly after: EnvironmentCut } {
    const before = this.#cuts.get(key);
    const after = new EnvironmentCut(prompt, this.environment);
    this.#overrides += after.prompt.overrides.length - (before?.prompt.overrides.length ?? 0);
    this.#cuts.set(key, after);
    return { before, after };
  }

  #keep(change: ServedChange): void {
    this.#changes.push(change);
    this.#changesSize += change.json.length;
    const { changes, changesSize } = this.#limits;
    while (this.#changes.length > changes || this.#changesSize > changesSize) {
      const oldest = this.#changes.shift();
      if (oldest === undefined) return;
      this.#changesSize -= oldest.json.length;
      this.#since = oldest.revision;
    }
  }

  #makeDocument(): ServedDocument {
    const texts = [...this.#cuts.values()].flatMap((cut) => [...cut.texts]);
    const bytes = Buffer.from(this.#json([...this.#cuts], { texts }));
    const hash = createHash("sha256").update(bytes).digest("hex");
    return { environment: this.environment, revision: this.#revision, hash, bytes };
  }

  /**
   * Canonical JSON put together from pieces that are made once: members in the order of their names.
   *
   * @param touched of a change; a document has none.
   */
  #json(
    prompts: readonly (readonly [string, EnvironmentCut])[],
    { texts, touched }: { readonly texts: readonly string[]; readonly touched?: readonly string[] },
  ): string {
    const { fetched } = this;
    const isDocument = touched === undefined;
    const entries = prompts
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, cut]) => `${canonicalJson(key)}:${cut.json(fetched)}`);
    const members = [
      `{"at":${this.#at},"environments":${canonicalJson([this.environment])}`,
      ...(isDocument ? ['"format":1'] : []),
      ...(isDocument && fetched ? ['"overrides":"fetched"'] : []),
      `"prompts":{${entries.join(",")}}`,
      `"revision":${this.#revision}`,
      `"texts":${this.#texts.object(texts)}`,
      ...(isDocument || touched.length === 0 ? [] : [`"touched":${canonicalJson(touched.toSorted())}`]),
    ];
    return `${members.join(",")}}`;
  }
}
