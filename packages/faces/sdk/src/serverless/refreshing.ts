/** A baked snapshot that looks for a newer one in the background: for functions that are frozen between calls. */
import type { Clock, SnapshotDocument, SnapshotListener } from "@colophon/kernel";
import type { BakedSnapshot, SnapshotFeed } from "../fixed-source.ts";
import { keepAwake } from "./keep-awake.ts";

/** How a newer snapshot is found. */
export interface RefreshOptions {
  /** Fetches the newest snapshot, as parsed JSON; null when there is none. */
  readonly load: () => Promise<unknown>;
  /** Milliseconds after which the snapshot is looked for again; 60,000 when left out. */
  readonly maxAgeMs?: number;
  /** Keeps the platform from freezing the function while a snapshot is on its way. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

/** Milliseconds before a failed load is tried again, doubled with each failure. */
const FIRST_PAUSE_MS = 1_000;
/** A platform may cancel what a frozen function was fetching without a word: after this a load is begun anew. */
const LOAD_MS = 30_000;

/**
 * Serves a baked snapshot at once, and looks for a newer one when a resolution finds it older than
 * `maxAgeMs`; the first resolution finds it so. No timer is involved, no resolution waits for it, and
 * a revision never goes back. While loads fail, resolutions say `stale`.
 *
 * @example
 * import { open } from "colophon";
 * import { refreshing } from "colophon/serverless";
 * import baked from "./colophon-snapshot.json" with { type: "json" };
 *
 * const load = async () => (await fetch("https://cdn.example/colophon-snapshot.json")).json();
 * const colophon = open({ snapshot: refreshing(baked, { load, maxAgeMs: 30_000 }) });
 */
export function refreshing(baked: BakedSnapshot, options: RefreshOptions): SnapshotFeed {
  return { feed: (clock) => new RefreshingSource(baked as SnapshotDocument, options, clock) };
}

class RefreshingSource {
  readonly #options: RefreshOptions;
  readonly #clock: Clock;
  readonly #baked: SnapshotDocument;
  #revision: number;
  #listener: SnapshotListener | undefined;
  /** When the load that is under way began; undefined for none. */
  #loadingSince: number | undefined;
  #closed = false;
  #failures = 0;
  #dueAt = Number.NEGATIVE_INFINITY;

  constructor(baked: SnapshotDocument, options: RefreshOptions, clock: Clock) {
    this.#baked = baked;
    this.#revision = baked.revision;
    this.#options = options;
    this.#clock = clock;
  }

  start(listener: SnapshotListener): void {
    this.#listener = listener;
    listener.onSnapshot(this.#baked);
  }

  asked(): void {
    const now = this.#clock.now();
    if (this.#closed || now < this.#dueAt || now - (this.#loadingSince ?? Number.NEGATIVE_INFINITY) < LOAD_MS)
      return;
    this.#loadingSince = now;
    const work = this.#load().finally(() => {
      if (this.#loadingSince === now) this.#loadingSince = undefined;
    });
    keepAwake(work, this.#options.waitUntil);
  }

  /** A snapshot holds what it holds; the next one may hold what is missing. */
  want(): void {}

  async close(): Promise<void> {
    this.#closed = true;
  }

  async #load(): Promise<void> {
    const { maxAgeMs = 60_000 } = this.#options;
    try {
      const loaded = (await this.#options.load()) as SnapshotDocument | null | undefined;
      if (this.#closed) return;
      if (loaded && !isSnapshot(loaded)) throw new Error("what was loaded is no snapshot of format 1");
      if (loaded && loaded.revision > this.#revision) {
        this.#listener?.onSnapshot(loaded);
        // Not before it was taken: a broken one must not stand in the way of a whole one of its revision.
        this.#revision = loaded.revision;
      }
      this.#dueAt = this.#clock.now() + maxAgeMs;
      if (this.#failures > 0) this.#listener?.onRecovered();
      this.#failures = 0;
    } catch (error) {
      if (this.#closed) return;
      this.#dueAt = this.#clock.now() + Math.min(maxAgeMs, FIRST_PAUSE_MS * 2 ** this.#failures);
      this.#failures += 1;
      this.#listener?.onLost(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function isSnapshot(loaded: Partial<SnapshotDocument>): boolean {
  const { format, revision, environments, prompts, texts } = loaded;
  return (
    format === 1 &&
    Number.isSafeInteger(revision) &&
    [environments, prompts, texts].every((part) => part && typeof part === "object")
  );
}
