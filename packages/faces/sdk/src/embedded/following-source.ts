/** A snapshot source that tells the store which revision this process serves: at each new one, and from time to time. */
import { statSync } from "node:fs";
import { type Clock, errorCodeOf, type IdSource } from "@colophon/kernel";
import type { FedSource } from "@colophon/runtime";
import { createSqliteCoordination, openSqliteCore, type SqliteCore } from "@colophon/storage/sqlite/core";
import { decorateSource } from "./decorate-source.ts";

export interface FollowingParts {
  readonly file: string;
  readonly environment: string;
  readonly application: string | null;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Milliseconds after which a process says again that it is there. */
const SEEN_EVERY = 10_000;
/** Milliseconds until the next try where another process held the store. */
const RETRY_PAUSE = 100;

/**
 * Nothing is told before the turn in which a snapshot was applied is over, and nothing waits for it:
 * a store that is missing, locked or only to be read is told later or never, without a word.
 */
export function followingSource(source: FedSource, parts: FollowingParts): FedSource {
  const presence = new Presence(parts);
  return decorateSource(source, {
    served: ({ revision }) => presence.applied(revision),
    started: () => presence.begin(),
    closed: () => presence.end(),
  });
}

interface Served {
  readonly revision: number;
  readonly appliedAt: number;
}

interface OpenStore {
  readonly core: SqliteCore;
  readonly inode: number;
}

class Presence {
  readonly #parts: FollowingParts;
  #id: string | undefined;
  #served: Served | undefined;
  #store: OpenStore | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #next: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
  }

  begin(): void {
    this.#heartbeat = setInterval(() => this.#soon(0), SEEN_EVERY);
    this.#heartbeat.unref();
  }

  applied(revision: number): void {
    if (this.#served?.revision === revision) return;
    this.#served = { revision, appliedAt: this.#parts.clock.now() };
    this.#soon(0);
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#next);
    try {
      if (this.#id !== undefined) await this.#coordination()?.unfollow(this.#id);
    } catch {
      // Whoever asks sees that this process has ended.
    }
    this.#letGo();
  }

  #soon(milliseconds: number): void {
    if (this.#ended || this.#next !== undefined) return;
    this.#next = setTimeout(() => {
      this.#next = undefined;
      void this.#tell();
    }, milliseconds);
    this.#next.unref();
  }

  async #tell(): Promise<void> {
    const { environment, application, ids } = this.#parts;
    const served = this.#served;
    if (served === undefined || this.#ended) return;
    try {
      const coordination = this.#coordination();
      if (coordination === undefined) return;
      this.#id ??= ids.next();
      await coordination.follow({ id: this.#id, application, environment, ...served });
    } catch (error) {
      if (errorCodeOf(error) === "store-busy") this.#soon(RETRY_PAUSE);
      else this.#letGo();
    }
  }

  /** Undefined where there is no store: presence is nothing to make one for. */
  #coordination() {
    const { file, clock } = this.#parts;
    const inode = statSync(file, { throwIfNoEntry: false })?.ino;
    if (this.#store?.inode !== inode) this.#letGo();
    if (inode === undefined) return undefined;
    this.#store ??= {
      core: openSqliteCore({ file, mode: "write", clock, busyTimeout: 0, openTimeout: 0 }),
      inode,
    };
    return createSqliteCoordination(this.#store.core, { busyTotal: 0 });
  }

  #letGo(): void {
    this.#store?.core.close();
    this.#store = undefined;
  }
}
