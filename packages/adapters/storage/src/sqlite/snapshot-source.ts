/** Feeds a resolver from the embedded store: the whole snapshot first, then what the watched revision says has changed. */
import { statSync } from "node:fs";
import {
  applyRecord,
  type Clock,
  emptyRegistryState,
  errorCodeOf,
  FIRST_ENVIRONMENTS,
  overrideScope,
  pinnedPartials,
  projectPrompt,
  type PromptState,
  type Pseudonym,
  type RegistryRecord,
  type RegistryState,
  type SnapshotListener,
  type SnapshotPrompt,
  type SnapshotSource,
  textsNeeded,
  type VersionText,
} from "@colophon/kernel";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { readRecords } from "./registry-log.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { storeError } from "./sqlite-error.ts";
import { readTexts } from "./sqlite-record-store.ts";
import { revealSubject } from "./subject-table.ts";

export interface SqliteSnapshotSourceOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Milliseconds between two looks at the revision; 200 unless given. */
  readonly pollMs?: number;
  readonly onNotice?: (message: string) => void;
}

const POLL_MS = 200;
/** A look waits no longer than this for a lock. */
const BUSY_TIMEOUT_MS = 8;
/** Records applied in one turn of the event loop. */
const RECORDS_PER_TURN = 1000;

/** What of one opened store file has been read. */
interface Reading {
  readonly core: SqliteCore;
  readonly inode: number;
  readonly state: RegistryState;
  readonly subjects: Map<Pseudonym, string | undefined>;
  readonly sentTexts: Set<string>;
}

export function createSqliteSnapshotSource(options: SqliteSnapshotSourceOptions): SnapshotSource {
  const { file, clock } = options;
  const pins = new Map<string, Set<number>>();
  let listener: SnapshotListener | undefined;
  let reading: Reading | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lost = false;
  let told = false;

  const project = (from: Reading, prompt: PromptState): SnapshotPrompt => {
    const reveal = (subject: Pseudonym): string | undefined => {
      if (!from.subjects.has(subject)) from.subjects.set(subject, revealSubject(from.core, subject));
      return from.subjects.get(subject);
    };
    return projectPrompt(from.state, prompt, { reveal, pins: pins.get(prompt.key) ?? [] });
  };

  /** The texts not sent yet, with the pinned partials that they name. */
  const newTexts = (from: Reading, prompt: SnapshotPrompt): ReadonlyMap<string, VersionText> => {
    const hashes = [...textsNeeded([prompt])].filter((hash) => !from.sentTexts.has(hash));
    const texts = readTexts(from.core, hashes);
    for (const hash of texts.keys()) from.sentTexts.add(hash);
    return texts;
  };

  const pin = (key: string, version: number): boolean => {
    const wanted = pins.get(key) ?? new Set<number>();
    if (wanted.has(version)) return false;
    pins.set(key, wanted.add(version));
    return true;
  };

  /** The prompts of these keys, and those that their texts pin as partials. */
  const projectAll = (from: Reading, keys: Iterable<string>) => {
    const prompts: Record<string, SnapshotPrompt> = {};
    const texts: Record<string, VersionText> = {};
    const pending = [...keys];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      const prompt = from.state.prompts.get(key);
      if (prompt === undefined) continue;
      const projected = project(from, prompt);
      prompts[key] = projected;
      for (const [hash, text] of newTexts(from, projected)) {
        texts[hash] = text;
        for (const partial of pinnedPartials(text)) if (pin(partial.name, partial.version)) pending.push(partial.name);
      }
    }
    const { revision, at, environments } = from.state;
    return { revision, at, environments: [...environments.keys()], prompts, texts };
  };

  /** Opens the file as it lies there now and sends all of it. */
  const readWhole = (): void => {
    letGo();
    const core = openSqliteCore({ file, mode: "read", clock, busyTimeout: BUSY_TIMEOUT_MS, openTimeout: BUSY_TIMEOUT_MS });
    try {
      const state = emptyRegistryState();
      for (const record of readRecords(core.db, {})) applyRecord(state, record);
      const fresh = { core, inode: statSync(file).ino, state, subjects: new Map(), sentTexts: new Set<string>() };
      const document = { format: 1 as const, ...projectAll(fresh, state.prompts.keys()) };
      reading = fresh;
      listener?.onSnapshot(document);
    } catch (error) {
      core.close();
      throw error;
    }
  };

  const letGo = (): void => {
    reading?.core.close();
    reading = undefined;
  };

  /** Reads on from where we are; more than a turn's worth goes on in the next. */
  const readOn = (from: Reading): void => {
    const records = readRecords(from.core.db, { after: from.state.revision, limit: RECORDS_PER_TURN });
    if (records.length === 0) return;
    const touched = new Set<string>();
    for (const record of records) for (const key of applyOne(from, record)) touched.add(key);
    listener?.onChange(projectAll(from, touched));
    if (records.length === RECORDS_PER_TURN) setImmediate(look);
  };

  const look = (): void => {
    if (listener === undefined) return;
    try {
      lookOnce();
      told = false;
      if (!lost) return;
      lost = false;
      listener.onRecovered();
    } catch (error) {
      missed(error);
    }
  };

  const lookOnce = (): void => {
    const inode = statSync(file, { throwIfNoEntry: false })?.ino;
    if (inode === undefined) {
      if (reading === undefined && !lost) return;
      throw new Error(`The store ${file} is gone.`);
    }
    if (reading === undefined || reading.inode !== inode) return readWhole();
    const { revision } = reading.core.prepare("SELECT revision FROM watch").get() as { revision: number };
    if (revision < reading.state.revision) readWhole();
    else if (revision > reading.state.revision) readOn(reading);
  };

  const missed = (thrown: unknown): void => {
    const error = storeError(thrown, file) as Error;
    // A lock held for a moment loses nothing, and a store that is just being made is no store yet.
    if (errorCodeOf(error) === "store-busy" && reading !== undefined) return;
    if (errorCodeOf(error) === "store-unavailable" && reading === undefined && !lost) return;
    letGo();
    if (!lost) listener?.onLost(error);
    lost = true;
    if (told) return;
    told = true;
    options.onNotice?.(`${error.message} What was read last goes on being served.`);
  };

  return {
    start(to) {
      listener = to;
      if (statSync(file, { throwIfNoEntry: false }) === undefined) {
        to.onSnapshot({ format: 1, revision: 0, at: 0, environments: [...FIRST_ENVIRONMENTS], prompts: {}, texts: {} });
      }
      look();
      timer = setInterval(look, options.pollMs ?? POLL_MS);
      timer.unref();
    },
    want(key, version) {
      if (!pin(key, version)) return;
      const from = reading;
      // Asked for while a resolution runs: the answer comes on a turn of its own.
      if (from !== undefined) setImmediate(() => sendWanted(from, key)).unref();
    },
    async close() {
      clearInterval(timer);
      listener = undefined;
      letGo();
    },
  };

  function sendWanted(from: Reading, key: string): void {
    if (from !== reading) return;
    try {
      listener?.onChange(projectAll(from, [key]));
    } catch (error) {
      missed(error);
    }
  }
}

/** Applies a record and names the prompts whose entry it may change. */
function applyOne(reading: Reading, record: RegistryRecord): Iterable<string> {
  const { state, subjects } = reading;
  const key = applyRecord(state, record);
  switch (record.kind) {
    case "environment":
      return state.prompts.keys();
    case "erasure": {
      const { kind, subject } = record.data;
      subjects.set(subject, undefined);
      const scope = overrideScope(kind, subject);
      return [...state.prompts.values()].filter((prompt) => prompt.overrides.has(scope) || prompt.rollouts.size > 0).map((prompt) => prompt.key);
    }
    default:
      return key === null ? [] : [key];
  }
}
