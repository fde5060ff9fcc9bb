/** Feeds a resolver from the embedded store: the whole snapshot first, then what the watched revision says has changed. */
import { statSync } from "node:fs";
import {
  type Clock,
  errorCodeOf,
  FIRST_ENVIRONMENTS,
  type SnapshotListener,
  type SnapshotSource,
} from "@colophon/kernel";
import { addPin, SnapshotReading } from "./snapshot-reading.ts";
import { storeError } from "./sqlite-error.ts";

export interface SqliteSnapshotSourceOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Milliseconds between two looks at the revision; 200 unless given. */
  readonly pollMs?: number;
  readonly onNotice?: (message: string) => void;
}

const POLL_MS = 200;
/** Looks that a store may be locked at start-up, as while another process makes it, before it is said. */
const BUSY_LOOKS = 5;

export function createSqliteSnapshotSource(options: SqliteSnapshotSourceOptions): SnapshotSource {
  return new PollingSource(options);
}

class PollingSource implements SnapshotSource {
  readonly #options: SqliteSnapshotSourceOptions;
  readonly #pins = new Map<string, Set<number>>();
  #listener: SnapshotListener | undefined;
  #reading: SnapshotReading | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether a store was ever read: then a lock held for a moment loses nothing. */
  #everRead = false;
  /** Looks in a row that met a lock before anything was read. */
  #busyLooks = 0;
  #lost = false;
  #told = false;

  constructor(options: SqliteSnapshotSourceOptions) {
    this.#options = options;
  }

  start(listener: SnapshotListener): void {
    this.#listener = listener;
    if (this.#inode() === undefined) {
      const environments = [...FIRST_ENVIRONMENTS];
      listener.onSnapshot({ format: 1, revision: 0, at: 0, environments, prompts: {}, texts: {} });
    }
    this.#look();
    this.#timer = setInterval(() => this.#look(), this.#options.pollMs ?? POLL_MS);
    this.#timer.unref();
  }

  want(key: string, version: number): void {
    if (!addPin(this.#pins, key, version)) return;
    const reading = this.#reading;
    // Asked for while a resolution runs: the answer comes on a turn of its own.
    if (reading !== undefined) setImmediate(() => this.#sendWanted(reading, key)).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#listener = undefined;
    this.#letGo();
  }

  #inode(): number | undefined {
    return statSync(this.#options.file, { throwIfNoEntry: false })?.ino;
  }

  #letGo(): void {
    this.#reading?.close();
    this.#reading = undefined;
  }

  #look(): void {
    if (this.#listener === undefined) return;
    try {
      this.#lookOnce();
      this.#told = false;
      this.#busyLooks = 0;
      if (!this.#lost) return;
      this.#lost = false;
      this.#listener.onRecovered();
    } catch (error) {
      this.#missed(error);
    }
  }

  #lookOnce(): void {
    const inode = this.#inode();
    if (inode === undefined) {
      if (this.#reading === undefined && !this.#lost) return;
      throw new Error(`The store ${this.#options.file} is gone.`);
    }
    if (this.#reading === undefined || this.#reading.inode !== inode) {
      this.#readWhole();
      return;
    }
    const revision = this.#reading.revision();
    if (revision < this.#reading.state.revision) this.#readWhole();
    else if (revision > this.#reading.state.revision) this.#readOn(this.#reading);
  }

  #readWhole(): void {
    this.#letGo();
    const { file, clock } = this.#options;
    const reading = new SnapshotReading({ file, clock, pins: this.#pins });
    this.#reading = reading;
    this.#sending(() => this.#listener?.onSnapshot({ format: 1, ...reading.whole() }));
    this.#everRead = true;
  }

  #readOn(reading: SnapshotReading): void {
    this.#sending(() => {
      const { change, more } = reading.readOn();
      this.#listener?.onChange(change);
      if (more) setImmediate(() => this.#look());
    });
  }

  #sendWanted(reading: SnapshotReading, key: string): void {
    if (reading !== this.#reading) return;
    try {
      this.#sending(() => this.#listener?.onChange(reading.describe([key])));
    } catch (error) {
      this.#missed(error);
    }
  }

  /** What was read and then not sent would be missing for ever: after a failure the whole is read again. */
  #sending(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#letGo();
      throw error;
    }
  }

  #missed(thrown: unknown): void {
    const error = storeError(thrown, this.#options.file) as Error;
    const code = errorCodeOf(error);
    if (code === "store-busy") {
      this.#busyLooks += 1;
      if (this.#everRead || this.#busyLooks < BUSY_LOOKS) return;
    }
    // A store that is just being made is no store yet.
    if (code === "store-unavailable" && this.#reading === undefined && !this.#lost) return;
    this.#letGo();
    if (!this.#lost) this.#listener?.onLost(error);
    this.#lost = true;
    if (this.#told) return;
    this.#told = true;
    this.#options.onNotice?.(`${error.message} What was read last goes on being served.`);
  }
}
