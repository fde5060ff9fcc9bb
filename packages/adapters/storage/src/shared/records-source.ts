/** Feeds a resolver from any registry: the whole snapshot first, then what each new revision has changed. */
import {
  HarnessError,
  type Pseudonym,
  type RecordStore,
  type RegistryRecord,
  type Revision,
  type SnapshotChange,
  type SnapshotListener,
  type SnapshotSource,
  type VersionText,
} from "@colophon/kernel";
import type { RevisionListener } from "./revision-listener.ts";
import { addPin, type Pins, SnapshotProjection, type SnapshotReads } from "./snapshot-projection.ts";
import { SourceHealth } from "./source-health.ts";

export interface RecordsSourceOptions {
  /** Stays open when the source closes. */
  readonly records: Pick<RecordStore, "revision" | "listRecords" | "listTexts" | "listSubjects">;
  /** Tells of new revisions as they are committed, until what it returns is called. */
  readonly onChange?: (listener: RevisionListener) => () => Promise<void>;
  /** Milliseconds between two looks at the revision, for what nobody told of; 1,000 unless given. */
  readonly pollMs?: number;
  /** Milliseconds that one look may take before the store counts as lost; 10,000 unless given. */
  readonly patienceMs?: number;
  readonly onNotice?: (message: string) => void;
}

const POLL_MS = 1000;
const PATIENCE_MS = 10_000;
/** Records that are read at once, and applied in one turn of the event loop. */
const RECORDS_AT_ONCE = 1000;

/**
 * The first snapshot comes as soon as it is read, after `start` has returned.
 *
 * @example
 * const source = createRecordsSource({ records: store.records, onChange: store.onChange });
 */
export function createRecordsSource(options: RecordsSourceOptions): SnapshotSource {
  return new RecordsSource(options);
}

class RecordsSource implements SnapshotSource {
  readonly #options: RecordsSourceOptions;
  readonly #pins: Pins = new Map();
  readonly #health: SourceHealth;
  #listener: SnapshotListener | undefined;
  #reading: RecordsReading | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopWatching: (() => Promise<void>) | undefined;
  /** One thing is read at a time. */
  #queue: Promise<void> = Promise.resolve();
  /** Whether a look waits for its turn, which will see what others would. */
  #looking = false;
  /** When the look that runs began. */
  #lookedAt: number | undefined;

  constructor(options: RecordsSourceOptions) {
    this.#options = options;
    this.#health = new SourceHealth({ listener: () => this.#listener, onNotice: options.onNotice });
  }

  start(listener: SnapshotListener): void {
    this.#listener = listener;
    const look = (): void => this.#look();
    look();
    this.#stopWatching = this.#options.onChange?.({ onRevision: look, onLost: look });
    this.#timer = setInterval(look, this.#options.pollMs ?? POLL_MS);
    this.#timer.unref();
  }

  want(key: string, version: number): void {
    if (!addPin(this.#pins, key, version)) return;
    this.#inTurn(async () => {
      const reading = this.#reading;
      if (reading === undefined) return;
      await this.#sending(async () => this.#listener?.onChange(await reading.describe([key])));
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#listener = undefined;
    await this.#stopWatching?.();
    this.#stopWatching = undefined;
    await this.#queue;
    this.#reading = undefined;
  }

  #look(): void {
    this.#mindHanging();
    if (this.#looking) return;
    this.#looking = true;
    this.#inTurn(async () => {
      this.#looking = false;
      this.#lookedAt = performance.now();
      try {
        await this.#lookOnce();
      } finally {
        this.#lookedAt = undefined;
      }
      this.#health.well();
    });
  }

  /** Where a network swallows what is asked, no error comes for a quarter of an hour. */
  #mindHanging(): void {
    const { patienceMs = PATIENCE_MS } = this.#options;
    if (this.#lookedAt === undefined || performance.now() - this.#lookedAt < patienceMs) return;
    this.#health.failed(new HarnessError("store-unavailable", "The store says nothing to what it is asked."));
  }

  #inTurn(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#listener === undefined) return;
      try {
        await task();
      } catch (thrown) {
        const error = thrown as Error;
        if (!this.#health.mayPass(error)) this.#health.failed(error);
      }
    });
  }

  async #lookOnce(): Promise<void> {
    const revision = await this.#options.records.revision();
    const reading = this.#reading;
    // A store that was put back to an older copy has another log.
    if (reading === undefined || revision < reading.readUpTo) await this.#readWhole();
    else if (revision > reading.readUpTo) await this.#readOn(reading);
  }

  async #readWhole(): Promise<void> {
    const reading = new RecordsReading(this.#options.records, this.#pins);
    for (let more = true; more; ) {
      const records = await reading.next();
      more = records.length === RECORDS_AT_ONCE;
      reading.apply(records);
    }
    this.#reading = reading;
    await this.#sending(async () => {
      const whole = await reading.whole();
      this.#listener?.onSnapshot({ format: 1, ...whole });
    });
    this.#health.read();
  }

  async #readOn(reading: RecordsReading): Promise<void> {
    for (let more = true; more; ) {
      const records = await reading.next();
      more = records.length === RECORDS_AT_ONCE;
      await this.#sending(async () => {
        const change = await reading.describe(reading.apply(records));
        this.#listener?.onChange(change);
      });
    }
  }

  /** What was read and then not sent would be missing for ever: after a failure the whole is read again. */
  async #sending(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#reading = undefined;
      throw error;
    }
  }
}

/** The log as far as it was read. */
class RecordsReading {
  readonly #records: RecordsSourceOptions["records"];
  readonly #projection: SnapshotProjection;
  readonly #subjects = new Map<Pseudonym, string | undefined>();

  constructor(records: RecordsSourceOptions["records"], pins: Pins) {
    this.#records = records;
    const erased = (subject: Pseudonym) => void this.#subjects.set(subject, undefined);
    this.#projection = new SnapshotProjection({ pins, erased });
  }

  get readUpTo(): Revision {
    return this.#projection.revision;
  }

  whole(): Promise<SnapshotChange> {
    return this.describe(this.#projection.keys);
  }

  next(): Promise<readonly RegistryRecord[]> {
    return this.#records.listRecords({ after: this.readUpTo, limit: RECORDS_AT_ONCE });
  }

  /** @returns the keys of the prompts that these records touched. */
  apply(records: readonly RegistryRecord[]): ReadonlySet<string> {
    return this.#projection.apply(records);
  }

  /** What a description lacks shows when it is made: it is made again until it lacks nothing. */
  async describe(keys: Iterable<string>): Promise<SnapshotChange> {
    const ahead = new ReadAhead(this.#records, this.#subjects);
    // Of partials that a text pins it says so once.
    const described = new Set(keys);
    for (;;) {
      const change = this.#projection.describe(described, ahead);
      for (const key of Object.keys(change.prompts)) described.add(key);
      if (await ahead.readMissing()) continue;
      this.#projection.sent(change);
      return change;
    }
  }
}

/** Answers what it has read, notes what it has not, and reads that between two tries. */
class ReadAhead implements SnapshotReads {
  readonly #records: RecordsSourceOptions["records"];
  readonly #subjects: Map<Pseudonym, string | undefined>;
  readonly #texts = new Map<string, VersionText | undefined>();
  readonly #missingTexts = new Set<string>();
  readonly #missingSubjects = new Set<Pseudonym>();

  constructor(records: RecordsSourceOptions["records"], subjects: Map<Pseudonym, string | undefined>) {
    this.#records = records;
    this.#subjects = subjects;
  }

  reveal = (subject: Pseudonym): string | undefined => {
    if (!this.#subjects.has(subject)) this.#missingSubjects.add(subject);
    return this.#subjects.get(subject);
  };

  texts = (hashes: readonly string[]): ReadonlyMap<string, VersionText> => {
    const found = new Map<string, VersionText>();
    for (const hash of hashes) {
      const text = this.#texts.get(hash);
      if (text !== undefined) found.set(hash, text);
      else if (!this.#texts.has(hash)) this.#missingTexts.add(hash);
    }
    return found;
  };

  /** @returns whether there was anything to read. */
  async readMissing(): Promise<boolean> {
    const hashes = [...this.#missingTexts];
    const subjects = [...this.#missingSubjects];
    this.#missingTexts.clear();
    this.#missingSubjects.clear();
    if (hashes.length > 0) {
      const texts = await this.#records.listTexts(hashes);
      for (const hash of hashes) this.#texts.set(hash, texts.get(hash));
    }
    if (subjects.length > 0) {
      const plain = await this.#records.listSubjects(subjects);
      for (const subject of subjects) this.#subjects.set(subject, plain.get(subject));
    }
    return hashes.length + subjects.length > 0;
  }
}
