/** Reads one opened store file into the state that snapshots are projected from. */
import { statSync } from "node:fs";
import {
  applyRecord,
  type Clock,
  emptyRegistryState,
  overrideScope,
  type PromptState,
  type Pseudonym,
  pinnedPartials,
  projectPrompt,
  type RegistryRecord,
  type RegistryState,
  type SnapshotChange,
  type SnapshotPrompt,
  textsNeeded,
  type VersionText,
} from "@colophon/kernel";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { readRecords } from "./registry-log.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { readTexts } from "./sqlite-record-store.ts";
import { revealSubject } from "./subject-table.ts";

/** A look waits no longer than this for a lock. */
const BUSY_TIMEOUT_MS = 8;
/** Records applied in one turn of the event loop. */
const RECORDS_PER_TURN = 1000;

export interface ReadingParts {
  readonly file: string;
  readonly clock: Clock;
  /** Versions asked for by number, by key; grows by the partials that texts pin. */
  readonly pins: Map<string, Set<number>>;
}

/** What a look found: the touched prompts, and whether there is more than one turn's worth. */
export interface ReadChange {
  readonly change: SnapshotChange;
  readonly more: boolean;
}

/** Notes a pin; false when it was known. */
export function addPin(pins: Map<string, Set<number>>, key: string, version: number): boolean {
  const wanted = pins.get(key) ?? new Set<number>();
  if (wanted.has(version)) return false;
  pins.set(key, wanted.add(version));
  return true;
}

export class SnapshotReading {
  /** The file's identity: a store that was deleted and made again is another one. */
  readonly inode: number;
  readonly #core: SqliteCore;
  readonly #pins: Map<string, Set<number>>;
  readonly #state = emptyRegistryState();
  readonly #subjects = new Map<Pseudonym, string | undefined>();
  readonly #sentTexts = new Set<string>();

  /** Opens the file as it lies there now and reads all of its log. */
  constructor({ file, clock, pins }: ReadingParts) {
    const times = { busyTimeout: BUSY_TIMEOUT_MS, openTimeout: BUSY_TIMEOUT_MS };
    this.#core = openSqliteCore({ file, mode: "read", clock, ...times });
    this.#pins = pins;
    try {
      for (const record of readRecords(this.#core.db, {})) applyRecord(this.#state, record);
      this.inode = statSync(file).ino;
    } catch (error) {
      this.#core.close();
      throw error;
    }
  }

  close(): void {
    this.#core.close();
  }

  get state(): RegistryState {
    return this.#state;
  }

  /** The revision at the end of the log. */
  revision(): number {
    return (this.#core.prepare("SELECT revision FROM watch").get() as { revision: number }).revision;
  }

  /** All prompts, with all texts. */
  whole(): SnapshotChange {
    return this.describe(this.#state.prompts.keys());
  }

  /** Reads on from where we are; more than a turn's worth is left for the next. */
  readOn(): ReadChange {
    const records = readRecords(this.#core.db, { after: this.#state.revision, limit: RECORDS_PER_TURN });
    const touched = new Set<string>();
    for (const record of records) for (const key of this.#apply(record)) touched.add(key);
    return { change: this.describe(touched), more: records.length === RECORDS_PER_TURN };
  }

  /** The prompts of these keys and those that their texts pin as partials, with the texts not sent yet. */
  describe(keys: Iterable<string>): SnapshotChange {
    const prompts: Record<string, SnapshotPrompt> = {};
    const texts: Record<string, VersionText> = {};
    const pending = [...keys];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      const prompt = this.#state.prompts.get(key);
      if (prompt === undefined) continue;
      const projected = this.#project(prompt);
      prompts[key] = projected;
      for (const [hash, text] of this.#newTexts(projected)) {
        texts[hash] = text;
        for (const { name, version } of pinnedPartials(text)) {
          if (addPin(this.#pins, name, version)) pending.push(name);
        }
      }
    }
    const { revision, at, environments } = this.#state;
    return { revision, at, environments: [...environments.keys()], prompts, texts };
  }

  #project(prompt: PromptState): SnapshotPrompt {
    const reveal = (subject: Pseudonym): string | undefined => {
      if (!this.#subjects.has(subject)) this.#subjects.set(subject, revealSubject(this.#core, subject));
      return this.#subjects.get(subject);
    };
    return projectPrompt(this.#state, prompt, { reveal, pins: this.#pins.get(prompt.key) ?? [] });
  }

  #newTexts(prompt: SnapshotPrompt): ReadonlyMap<string, VersionText> {
    const hashes = [...textsNeeded([prompt])].filter((hash) => !this.#sentTexts.has(hash));
    const texts = readTexts(this.#core, hashes);
    for (const hash of texts.keys()) this.#sentTexts.add(hash);
    return texts;
  }

  /** Applies a record and names the prompts whose entry it may change. */
  #apply(record: RegistryRecord): Iterable<string> {
    const key = applyRecord(this.#state, record);
    switch (record.kind) {
      case "environment":
        return this.#state.prompts.keys();
      case "erasure":
        this.#subjects.set(record.data.subject, undefined);
        return this.#promptsNaming(overrideScope(record.data.kind, record.data.subject));
      default:
        return key === null ? [] : [key];
    }
  }

  #promptsNaming(scope: string): readonly string[] {
    const prompts = [...this.#state.prompts.values()];
    return prompts
      .filter(({ overrides, rollouts }) => overrides.has(scope) || rollouts.size > 0)
      .map(({ key }) => key);
  }
}
