/** Feeds a resolver from the embedded store: the whole snapshot first, then what the watched revision says has changed. */
import { statSync } from "node:fs";
import {
  type Clock,
  errorCodeOf,
  FIRST_ENVIRONMENTS,
  type SnapshotListener,
  type SnapshotSource,
  Waiting,
  type WantedWait,
} from "@colophon/kernel";
import { addPin, type Pins, removePin, type WantedVersion } from "../shared/snapshot-projection.ts";
import { SourceHealth } from "../shared/source-health.ts";
import { SnapshotReading } from "./snapshot-reading.ts";
import { storeError } from "./sqlite-error.ts";

export interface SqliteSnapshotSourceOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Milliseconds between two looks at the revision; 200 unless given. */
  readonly pollMs?: number;
  readonly onNotice?: (message: string) => void;
  /** Versions asked for in passing that are remembered while nobody has them; 10,000 unless given. */
  readonly mostPassing?: number;
}

const POLL_MS = 200;
/** As pins from clients may name any number of versions; the oldest are forgotten. */
const MOST_PASSING = 10_000;

interface Owed extends WantedVersion {
  readonly isPassing: boolean;
}

export function createSqliteSnapshotSource(options: SqliteSnapshotSourceOptions): SnapshotSource {
  return new PollingSource(options);
}

class PollingSource implements SnapshotSource {
  readonly #options: SqliteSnapshotSourceOptions;
  readonly #pins: Pins = new Map();
  /** The versions that were asked for and not looked for yet, by `key@v7`. */
  readonly #owed = new Map<string, Owed>();
  /** The versions that only passing calls asked for, by `key@v7`, the oldest at the front. */
  readonly #passing = new Map<string, WantedVersion>();
  readonly #waiting = new Waiting();
  readonly #health: SourceHealth;
  /** The last look failed, or left something of the log for the next turn. */
  #isBehind = false;
  /** Looks that failed so far. */
  #failures = 0;
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

  want(key: string, version: number, isPassing = false): void {
    const pin = `${key}@v${version}`;
    const isNew = addPin(this.#pins, key, version);
    if (isNew || (!isPassing && this.#owed.has(pin))) this.#owed.set(pin, { key, version, isPassing });
    if (!isPassing) this.#passing.delete(pin);
    if (!isNew) return;
    if (isPassing) this.#pass(pin, { key, version });
    // Somebody waits for this to return: a store that was locked just now is left to the next look.
    if (!this.#isBehind) this.#look();
  }

  isComing(key: string, version: number): boolean {
    return this.#owed.has(`${key}@v${version}`);
  }

  async waitForWanted({ timeoutMs, patient, pins }: WantedWait): Promise<readonly string[]> {
    const failures = this.#failures;
    const missing = (): readonly string[] =>
      pins === undefined
        ? [...this.#owed].flatMap(([pin, { isPassing }]) => (isPassing ? [] : [pin]))
        : [...pins].filter((pin) => this.#owed.has(pin));
    const isOver = (): boolean =>
      missing().length === 0 || this.#listener === undefined || (!patient && this.#failures > failures);
    await this.#waiting.until(isOver, timeoutMs);
    return missing();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#listener = undefined;
    this.#waiting.tell();
    this.#letGo();
  }

  #pass(pin: string, wanted: WantedVersion): void {
    this.#passing.set(pin, wanted);
    if (this.#passing.size <= (this.#options.mostPassing ?? MOST_PASSING)) return;
    const [[oldest, forgotten] = [pin, wanted]] = this.#passing;
    this.#passing.delete(oldest);
    this.#owed.delete(oldest);
    // What there is may be served, and the registry bounds it.
    if (this.#reading?.has(forgotten) !== true) removePin(this.#pins, forgotten);
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
    // More may be asked for while what was found is told.
    const owed = [...this.#owed.keys()];
    try {
      this.#isBehind = this.#lookOnce();
      if (!this.#isBehind) for (const pin of owed) this.#owed.delete(pin);
      this.#health.well();
    } catch (error) {
      this.#isBehind = true;
      this.#failures += 1;
      this.#missed(error);
    }
    this.#waiting.tell();
  }

  /** @returns whether there is more to be read. */
  #lookOnce(): boolean {
    const inode = this.#inode();
    if (inode === undefined) {
      if (this.#reading === undefined && !this.#health.lost) return false;
      throw new Error(`The store ${this.#options.file} is gone.`);
    }
    const reading = this.#reading;
    const revision = reading?.inode === inode ? reading.revision() : undefined;
    if (reading === undefined || revision === undefined || revision < reading.readUpTo) {
      this.#readWhole();
      return false;
    }
    if (revision > reading.readUpTo) return this.#readOn(reading);
    const keys = reading.keysOf([...this.#owed.values()]);
    if (keys.size > 0) this.#sending(() => this.#listener?.onChange(reading.describe(keys)));
    return false;
  }

  #readWhole(): void {
    this.#letGo();
    const { file, clock } = this.#options;
    const reading = new SnapshotReading({ file, clock, pins: this.#pins });
    this.#reading = reading;
    this.#sending(() => this.#listener?.onSnapshot({ format: 1, ...reading.whole() }));
    this.#health.read();
  }

  #readOn(reading: SnapshotReading): boolean {
    let isMore = false;
    this.#sending(() => {
      const { change, more } = reading.readOn([...this.#owed.values()]);
      isMore = more;
      this.#listener?.onChange(change);
    });
    if (isMore) setImmediate(() => this.#look());
    return isMore;
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
