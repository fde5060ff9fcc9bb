/** What a memory store holds: records, rows, subjects, contents, sums and seals, as plain data. */
import {
  applyRecord,
  type Clock,
  chainStart,
  type EpochMs,
  type Execution,
  type ExecutionId,
  type ExecutionStart,
  emptyRegistryState,
  type Gap,
  type IdSource,
  type Outcome,
  type Pseudonym,
  type RandomSource,
  type RecordDraft,
  type RegistryRecord,
  type RegistryState,
  recordLink,
  type Seal,
  type StoredContents,
  type SubjectKind,
  sha256,
  type WriterId,
} from "@colophon/kernel";
import { executionChainStart, outcomeChainStart, RECORD_CHAIN } from "../shared/chain-names.ts";
import { FIRST_RECORDS } from "../shared/first-records.ts";
import { bytesToHex } from "../shared/hex.ts";
import { placeRecord } from "../shared/record-rules.ts";

/** A record with its link. */
export interface ChainedRecord {
  readonly record: RegistryRecord;
  readonly chain: string;
}

/** A subject; key and id are null once it was erased. */
export interface SubjectEntry {
  readonly kind: SubjectKind;
  readonly pseudonym: Pseudonym;
  key: string | null;
  value: string | null;
}

export interface KeptContents extends StoredContents {
  readonly expires: EpochMs | null;
}

/** The one writer of the store, where its chains stand. */
export interface MemoryWriter {
  readonly id: WriterId;
  executions: number;
  executionChain: string;
  outcomes: number;
  outcomeChain: string;
}

export interface MemoryState {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** 64 hex digits, the store's own key. */
  readonly secret: string;
  readonly writer: MemoryWriter;
  readonly records: ChainedRecord[];
  /** What the records add up to. */
  readonly registry: RegistryState;
  /** As JSON, by hash. */
  readonly texts: Map<string, string>;
  readonly subjectsByValue: Map<string, SubjectEntry>;
  readonly subjects: Map<Pseudonym, SubjectEntry>;
  readonly executions: Map<ExecutionId, Execution>;
  /** As they came in. */
  readonly executionOrder: Execution[];
  readonly contents: Map<ExecutionId, KeptContents>;
  readonly outcomes: Map<string, Outcome>;
  readonly outcomeOrder: Outcome[];
  readonly outcomesByExecution: Map<ExecutionId, Outcome[]>;
  readonly starts: Map<ExecutionId, ExecutionStart>;
  readonly gaps: Gap[];
  readonly seals: Seal[];
  /** Told after records were appended. */
  readonly watchers: Set<(records: readonly RegistryRecord[]) => void>;
}

export interface MemoryParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: RandomSource;
}

export function createMemoryState({ clock, ids, random }: MemoryParts): MemoryState {
  const writer = ids.next() as WriterId;
  const state: MemoryState = {
    clock,
    random,
    secret: randomKey(random),
    writer: {
      id: writer,
      executions: 0,
      executionChain: executionChainStart(writer, sha256),
      outcomes: 0,
      outcomeChain: outcomeChainStart(writer, sha256),
    },
    records: [],
    registry: emptyRegistryState(),
    texts: new Map(),
    subjectsByValue: new Map(),
    subjects: new Map(),
    executions: new Map(),
    executionOrder: [],
    contents: new Map(),
    outcomes: new Map(),
    outcomeOrder: [],
    outcomesByExecution: new Map(),
    starts: new Map(),
    gaps: [],
    seals: [],
    watchers: new Set(),
  };
  appendRecords(state, FIRST_RECORDS);
  return state;
}

export function randomKey(random: RandomSource): string {
  return bytesToHex(random.fill(new Uint8Array(32)));
}

/** The link that the next record hangs on. */
export function recordChainEnd(state: Pick<MemoryState, "records">): string {
  return state.records.at(-1)?.chain ?? chainStart(RECORD_CHAIN, sha256);
}

/** Appends all of these records or, when one cannot be kept, none; time never runs backwards along them. */
export function appendRecords(state: MemoryState, drafts: readonly RecordDraft[]): readonly RegistryRecord[] {
  const at = Math.max(state.clock.now(), state.registry.at);
  let revision = state.records.length;
  let chain = recordChainEnd(state);
  const placed = drafts.map((draft): ChainedRecord => {
    const record = placeRecord(draft, { revision: ++revision, at });
    chain = sha256(recordLink(chain, record));
    return { record, chain };
  });
  const records = placed.map(({ record }) => record);
  for (const one of placed) state.records.push(one);
  for (const record of records) applyRecord(state.registry, record);
  if (records.length > 0) for (const watcher of [...state.watchers]) watcher(records);
  return records;
}
