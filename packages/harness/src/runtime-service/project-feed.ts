/** Follows one project's registry and has ready what its applications ask for, made once for all of them. */
import {
  type EpochMs,
  getEnvironment,
  HarnessError,
  type Revision,
  type SnapshotChange,
  type SnapshotDocument,
  type SnapshotOverride,
  type SnapshotPrompt,
  type SnapshotSource,
  type Subject,
} from "@colophon/kernel";
import type { Harness } from "../harness.ts";
import { EnvironmentView, type ServedChange, type ServedDocument } from "./environment-view.ts";
import { FEED_LIMITS, type FeedLimits } from "./feed-limits.ts";
import { KeptDocuments } from "./kept-documents.ts";
import { OverrideIndex } from "./override-index.ts";
import { TextPieces } from "./text-pieces.ts";

export interface FeedParts {
  readonly harness: Pick<Harness, "clock" | "openSource" | "records" | "store">;
  readonly limits?: Partial<FeedLimits>;
  /** Told when the store cannot be read, and what else its source has to say. */
  readonly onNotice: (message: string) => void;
  /** Told of each revision that it has come to. */
  readonly onRevision?: (revision: Revision) => void;
}

/** Hears of what happens in one environment. */
export interface FeedListener {
  onChange(change: ServedChange): void;
  /** What happened cannot be said as a change: the snapshot has to be fetched again. */
  onReset(): void;
}

/** Milliseconds that a request waits for a store that has not been read yet. */
const PATIENCE_MS = 5000;
/** Milliseconds for which the store may not be read before nobody is told any more that what they hold is current. */
const BLIND_MS = 30_000;

export class ProjectFeed {
  readonly #parts: FeedParts;
  readonly #limits: FeedLimits;
  readonly #source: SnapshotSource;
  readonly #texts = new TextPieces();
  readonly #prompts = new Map<string, SnapshotPrompt>();
  readonly #overrides = new OverrideIndex();
  readonly #views = new Map<string, EnvironmentView>();
  readonly #kept: KeptDocuments;
  readonly #listeners = new Map<string, Set<FeedListener>>();
  readonly #waiting = new Set<() => void>();
  #environments: readonly string[] = [];
  /** Undefined until the first snapshot has come. */
  #revision: Revision | undefined;
  #at: EpochMs = 0;
  /** Monotone; undefined while the store can be read. */
  #lostAt: number | undefined;

  /** Begins to follow; to be closed before the harness is. */
  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#limits = { ...FEED_LIMITS, ...parts.limits };
    this.#kept = new KeptDocuments(this.#limits);
    this.#source = parts.harness.openSource(parts.onNotice);
    this.#source.start({
      onSnapshot: (document) => this.#replace(document),
      onChange: (change) => this.#change(change),
      // The source says both itself; what was read last goes on being served for a while.
      onLost: () => {
        this.#lostAt ??= parts.harness.clock.elapsed();
      },
      onRecovered: () => {
        this.#lostAt = undefined;
      },
    });
  }

  /** The revision that is served; 0 before the store was read. */
  get revision(): Revision {
    return this.#revision ?? 0;
  }

  /** Whether the store could not be read for so long that others may serve something else by now. */
  get isBlind(): boolean {
    return this.#lostAt !== undefined && this.#parts.harness.clock.elapsed() - this.#lostAt >= BLIND_MS;
  }

  /** @throws HarnessError `store-unavailable` while it `isBlind`. */
  refuseBlind(): void {
    if (!this.isBlind) return;
    throw new HarnessError(
      "store-unavailable",
      `This server has not reached the store ${this.#parts.harness.store} for a while and cannot say what is current.`,
    );
  }

  /**
   * Resolves when the environment can be served.
   *
   * @throws HarnessError `environment-unknown`, or `store-unavailable` while the store cannot be read.
   */
  async ready(environment: string): Promise<void> {
    await this.#until(() => this.#revision !== undefined);
    if (this.#environments.includes(environment)) return;
    // One that was just added may not have been read yet.
    getEnvironment(await this.#parts.harness.records.state(), environment);
    await this.#until(() => this.#environments.includes(environment));
  }

  /**
   * Resolves when a client that holds this revision can be told what is current without going back: another
   * server may be ahead of this one. Where the store was put back it does.
   *
   * @throws HarnessError of the store, `store-unavailable` where this server does not come to it in time, or
   * does not know what is current.
   */
  async reached(revision: Revision): Promise<void> {
    this.refuseBlind();
    if (revision <= this.revision || !(await this.isPast(revision))) return;
    await this.#until(() => revision <= this.revision);
  }

  /** The snapshot of an environment that is `ready`. */
  document(environment: string): ServedDocument {
    return this.#view(environment).document();
  }

  /**
   * A snapshot by its hash: one that is current, or was a while ago.
   *
   * @throws HarnessError `snapshot-unknown`, or `store-unavailable` while the store cannot be read.
   */
  async findDocument(hash: string): Promise<ServedDocument> {
    const kept = this.#kept.find(hash);
    if (kept !== undefined) return kept;
    await this.#until(() => this.#revision !== undefined);
    // Another server may have sent the client here: what is current has the same hash everywhere.
    for (const environment of this.#environments) {
      const document = this.document(environment);
      if (document.hash === hash) return document;
    }
    throw new HarnessError(
      "snapshot-unknown",
      `This server has no snapshot ${hash.slice(0, 64)} (any more): ask for the environment's snapshot instead.`,
    );
  }

  /** A prompt's entry in the snapshot of an environment. */
  promptOf(environment: string, key: string): SnapshotPrompt | undefined {
    return this.#view(environment).promptOf(key);
  }

  /** By prompt: what holds in the environment for these subjects, whether it travels in the snapshot or not. */
  findOverrides(
    environment: string,
    subjects: readonly Subject[],
  ): Readonly<Record<string, readonly SnapshotOverride[]>> {
    return this.#overrides.find(subjects, environment);
  }

  /**
   * Whether the store has come to this revision: a client may be ahead of this server where another one
   * has served it, and is lost where the store was put back.
   *
   * @throws HarnessError of the store.
   */
  async isPast(revision: Revision): Promise<boolean> {
    return revision <= this.revision || revision <= (await this.#parts.harness.records.revision());
  }

  /** What happened after a revision, oldest first; undefined where it cannot be said any more. */
  changesAfter(environment: string, revision: Revision): readonly ServedChange[] | undefined {
    return revision > this.revision ? [] : this.#view(environment).changesAfter(revision);
  }

  /** @returns what ends it. */
  listen(environment: string, listener: FeedListener): () => void {
    // Changes are said from when there is somebody to keep them for.
    this.#view(environment);
    const listeners = this.#listeners.get(environment) ?? new Set();
    this.#listeners.set(environment, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#source.close();
  }

  #view(environment: string): EnvironmentView {
    const known = this.#views.get(environment);
    if (known !== undefined) return known;
    const state = { revision: this.revision, at: this.#at, prompts: this.#prompts };
    const view = new EnvironmentView({ environment, state, texts: this.#texts, limits: this.#limits });
    this.#views.set(environment, view);
    return view;
  }

  #replace(document: SnapshotDocument): void {
    // Somebody may have been erased meanwhile.
    this.#kept.clear();
    this.#views.clear();
    this.#prompts.clear();
    this.#texts.clear();
    this.#overrides.clear();
    this.#take(document);
    for (const [environment, listeners] of this.#listeners) {
      // Whoever listens on hears of what comes next, also where nobody asks for the snapshot here.
      this.#view(environment);
      for (const listener of [...listeners]) listener.onReset();
    }
    this.#tell();
  }

  #change(change: SnapshotChange): void {
    const before = this.revision;
    for (const { made } of this.#views.values()) if (made !== undefined) this.#kept.keep(made);
    this.#take(change);
    void this.#forgetErased(before);
    for (const [environment, view] of this.#views) {
      const served = view.apply(change);
      for (const listener of this.#listeners.get(environment) ?? []) {
        if (served === undefined) listener.onReset();
        else listener.onChange(served);
      }
    }
    this.#tell();
  }

  #take({ revision, at, environments, prompts, texts }: SnapshotChange): void {
    this.#revision = revision;
    this.#at = at;
    this.#environments = environments;
    this.#texts.add(texts);
    for (const [key, prompt] of Object.entries(prompts)) {
      this.#prompts.set(key, prompt);
      this.#overrides.put(key, prompt);
    }
  }

  /** What was kept from before an erasure names who was erased. */
  async #forgetErased(after: Revision): Promise<void> {
    const { records } = this.#parts.harness;
    try {
      const erasures = await records.listRecords({ kinds: ["erasure"], after, limit: 1 });
      if (erasures.length === 0) return;
    } catch {
      // Where nobody can tell, somebody may have been.
    }
    this.#kept.clear();
    for (const view of this.#views.values()) view.forgetChanges();
  }

  #tell(): void {
    this.#parts.onRevision?.(this.revision);
    for (const look of [...this.#waiting]) look();
  }

  async #until(isSo: () => boolean): Promise<void> {
    if (isSo()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (isSo()) resolve();
    };
    this.#waiting.add(look);
    const timer = setTimeout(resolve, PATIENCE_MS);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(look);
    if (isSo()) return;
    throw new HarnessError(
      "store-unavailable",
      `The store ${this.#parts.harness.store} has not been read yet; try again in a moment.`,
    );
  }
}
