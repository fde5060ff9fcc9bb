/** Feeds a resolver from the embedded store: the whole snapshot first, then what the watched revision says has changed. */
import { statSync } from "node:fs";
import {
  type Clock,
  errorCodeOf,
  FIRST_ENVIRONMENTS,
  type SnapshotListener,
  type SnapshotSource,
} from "@colophon/kernel";
import { addPin, type Pins } from "../shared/snapshot-projection.ts";
import { SourceHealth } from "../shared/source-health.ts";
import { SnapshotReading } from "./snapshot-reading.ts";
import { storeError } from "./sqlite-error.ts";

export interface SqliteSnapshotSourceOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Milliseconds between two looks at the revision; 200 unless given. */
  readonly pollMs?: number;
  readonly onNotice?: (message: string) => void;
}

const POLL_MS = 200;

export function createSqliteSnapshotSource(options: SqliteSnapshotSourceOptions): SnapshotSource {
  return new PollingSource(options);
}

class PollingSource implements SnapshotSource {
  readonly #options: SqliteSnapshotSourceOptions;
  readonly #pins: Pins = new Map();
  readonly #health: SourceHealth;
  #listener: SnapshotListener | undefined;
  #reading: SnapshotReading | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SqliteSnapshotSourceOptions) {
    this.#options = options;
    this.#health = new SourceHealth({ listener: () => this.#listener, onNotice: options.onNotice });
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
      this.#health.well();
    } catch (error) {
      this.#missed(error);
    }
  }

  #lookOnce(): void {
    const inode = this.#inode();
    if (inode === undefined) {
      if (this.#reading === undefined && !this.#health.lost) return;
      throw new Error(`The store ${this.#options.file} is gone.`);
    }
    if (this.#reading === undefined || this.#reading.inode !== inode) {
      this.#readWhole();
      return;
    }
    const revision = this.#reading.revision();
    if (revision < this.#reading.readUpTo) this.#readWhole();
    else if (revision > this.#reading.readUpTo) this.#readOn(this.#reading);
  }

  #readWhole(): void {
    this.#letGo();
    const { file, clock } = this.#options;
    const reading = new SnapshotReading({ file, clock, pins: this.#pins });
    this.#reading = reading;
    this.#sending(() => this.#listener?.onSnapshot({ format: 1, ...reading.whole() }));
    this.#health.read();
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
    if (this.#health.mayPass(error)) return;
    // A store that is just being made is no store yet.
    const unmade = this.#reading === undefined && !this.#health.lost;
    if (unmade && errorCodeOf(error) === "store-unavailable") return;
    this.#letGo();
    this.#health.failed(error);
  }
}
