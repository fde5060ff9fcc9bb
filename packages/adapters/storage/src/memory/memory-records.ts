/** The registry in memory: a decision and what it appends are one synchronous step, so nothing can come between. */
import type {
  LogPoint,
  Pseudonym,
  RecordFilter,
  RecordStore,
  RegistryRecord,
  VersionText,
} from "@colophon/kernel";
import { checkPromisedTexts, recordKey, stateOf, textsByHash } from "../shared/record-rules.ts";
import { appendRecords, type MemoryState } from "./memory-state.ts";
import { ensureSubject, findSubject, revealSubject } from "./memory-subjects.ts";

export function createMemoryRecords(state: MemoryState): RecordStore {
  return {
    async append(decide) {
      const decision = decide(state.registry);
      const { drafts, result } = decision;
      const given = textsByHash(decision);
      checkPromisedTexts(drafts, given, (hash) => state.texts.has(hash));
      // A watcher reads the texts of the records it is told of.
      const added = [...given.keys()].filter((hash) => !state.texts.has(hash));
      for (const hash of added) state.texts.set(hash, given.get(hash) as string);
      try {
        return { records: appendRecords(state, drafts), result };
      } catch (error) {
        for (const hash of added) state.texts.delete(hash);
        throw error;
      }
    },
    revision: async () => state.records.length,
    state: async () => state.registry,
    stateAt: async (point, key) => stateAt(state, point, key),
    listRecords: async (filter) => listRecords(state, filter),
    listTexts: async (hashes) => listDocuments(state, hashes) as ReadonlyMap<string, VersionText>,
    listDocuments: async (hashes) => listDocuments(state, hashes),
    async findPseudonym(subject, more) {
      const entry = more?.create === true ? ensureSubject(state, subject) : findSubject(state, subject);
      return entry?.pseudonym;
    },
    async listSubjects(pseudonyms) {
      const plain = new Map<Pseudonym, string>();
      for (const pseudonym of pseudonyms) {
        const value = revealSubject(state, pseudonym);
        if (value !== undefined) plain.set(pseudonym, value);
      }
      return plain;
    },
    close: async () => undefined,
  };
}

function listDocuments(state: MemoryState, hashes: Iterable<string>): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const hash of hashes) {
    const text = findText(state, hash);
    if (text !== undefined) found.set(hash, text);
  }
  return found;
}

export function findText(state: MemoryState, hash: string): VersionText | undefined {
  const text = state.texts.get(hash);
  return text === undefined ? undefined : (JSON.parse(text) as VersionText);
}

function stateAt({ records }: MemoryState, point: LogPoint, key: string | undefined) {
  const isIn = ({ at, revision }: RegistryRecord): boolean =>
    "time" in point ? at <= point.time : revision <= point.revision;
  const prefix = records.map(({ record }) => record).filter(isIn);
  const { revision, at } = prefix.at(-1) ?? { revision: 0, at: 0 };
  const wanted =
    key === undefined
      ? prefix
      : prefix.filter((record) => record.kind === "environment" || recordKey(record) === key);
  return stateOf(wanted, { revision, at });
}

function listRecords({ records }: MemoryState, filter: RecordFilter): readonly RegistryRecord[] {
  const { kinds, key, after = 0, limit } = filter;
  return records
    .slice(after)
    .map(({ record }) => record)
    .filter((record) => kinds === undefined || kinds.includes(record.kind))
    .filter((record) => key === undefined || recordKey(record) === key)
    .slice(0, limit);
}
