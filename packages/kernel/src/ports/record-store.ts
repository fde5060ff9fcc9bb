/** The port of the registry: an append-only log of records, the texts they name, and the subjects. */
import type { EpochMs } from "../clock.ts";
import type { RecordDraft, RecordKind, RegistryRecord, Revision } from "../records/registry-records.ts";
import type { RegistryState } from "../registry-state.ts";
import type { Pseudonym, Subject } from "../subject.ts";
import type { VersionText } from "../version-text.ts";

/** What a decision wants written, and what it has to say to its caller. */
export interface RecordDecision<T> {
  readonly drafts: readonly RecordDraft[];
  /** Texts that the drafts name by hash and the store may not have yet. */
  readonly texts?: readonly VersionText[];
  /** Other documents that the drafts name by `hashDocument`: plain JSON, such as the content of an eval set. */
  readonly documents?: readonly object[];
  readonly result: T;
}

export interface AppendedRecords<T> {
  readonly records: readonly RegistryRecord[];
  readonly result: T;
}

/** A point of the log: its end as of a revision, or as of a time (records at or before it). */
export type LogPoint = { readonly revision: Revision } | { readonly time: EpochMs };

export interface RecordFilter {
  readonly kinds?: readonly RecordKind[];
  readonly key?: string;
  /** Only records after this revision. */
  readonly after?: Revision;
  readonly limit?: number;
}

export interface RecordStore {
  /**
   * Runs the decision on the state at the end of the log, under the store's write lock, and appends
   * what it returns in one transaction: all or nothing. The decision is synchronous and pure; what
   * it throws is thrown here, with nothing written. It may run again when the lock was lost.
   */
  append<T>(decide: (state: RegistryState) => RecordDecision<T>): Promise<AppendedRecords<T>>;
  /** The revision at the end of the log; 0 for an empty one. */
  revision(): Promise<Revision>;
  /** The state at the end of the log. Not to be changed by the caller. */
  state(): Promise<RegistryState>;
  /** The state at a point of the log; with a key, of that prompt (and the environments) alone. */
  stateAt(point: LogPoint, key?: string): Promise<RegistryState>;
  /** Records in the order of their revisions. */
  listRecords(filter: RecordFilter): Promise<readonly RegistryRecord[]>;
  /** Texts by hash; hashes the store does not know are absent from the answer. */
  listTexts(hashes: Iterable<string>): Promise<ReadonlyMap<string, VersionText>>;
  /** Documents by `hashDocument`, as plain JSON; hashes the store does not know are absent from the answer. */
  listDocuments(hashes: Iterable<string>): Promise<ReadonlyMap<string, unknown>>;
  /** The pseudonym of a subject; with `create` it is made when absent. */
  findPseudonym(subject: Subject, more?: { readonly create?: boolean }): Promise<Pseudonym | undefined>;
  /** Plain ids of pseudonyms; erased and unknown ones are absent from the answer. */
  listSubjects(pseudonyms: Iterable<Pseudonym>): Promise<ReadonlyMap<Pseudonym, string>>;
  close(): Promise<void>;
}
