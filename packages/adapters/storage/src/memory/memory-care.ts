/** Looks after a memory store: verifies, seals, erases, purges. */
import {
  type Actor,
  type Anchor,
  chainStart,
  type EpochMs,
  type ErasedCounts,
  type Seal,
  type StoreCare,
  type Subject,
  sealLink,
  sha256,
  type WriterHead,
} from "@colophon/kernel";
import { SEAL_CHAIN } from "../shared/chain-names.ts";
import { refuseRetention } from "../shared/refuse-retention.ts";
import { appendRecords, type MemoryState, recordChainEnd } from "./memory-state.ts";
import { findSubject, forgetSubject } from "./memory-subjects.ts";
import { verifyMemory } from "./verify-memory.ts";

export function createMemoryCare(state: MemoryState): StoreCare {
  return {
    verify: async (more) => verifyMemory(state, more?.anchor),
    seal: async () => sealMemory(state),
    anchor: async () => anchorOf(state),
    erase: async (subject, by) => erase(state, subject, by),
    async keepUp() {
      sealMemory(state);
      purgeContents(state, state.clock.now());
    },
    purgeContents: async (now) => purgeContents(state, now),
    retain: () => refuseRetention("memory"),
  };
}

function headsOf({ writer }: MemoryState): readonly WriterHead[] {
  if (writer.executions + writer.outcomes === 0) return [];
  const { id, ...chains } = writer;
  return [{ writer: id, ...chains }];
}

function isSealed({ seals }: MemoryState, head: WriterHead): boolean {
  const last = seals.findLast((seal) => seal.heads.some(({ writer }) => writer === head.writer));
  const sealed = last?.heads.find(({ writer }) => writer === head.writer);
  return sealed?.executions === head.executions && sealed.outcomes === head.outcomes;
}

/** Appends a seal over everything that moved; undefined when nothing did. */
export function sealMemory(state: MemoryState): Seal | undefined {
  const heads = headsOf(state).filter((head) => !isSealed(state, head));
  const before = state.seals.at(-1);
  const revision = state.records.length;
  if (heads.length === 0 && before?.revision === revision) return undefined;
  const unchained = {
    seq: state.seals.length + 1,
    at: Math.max(state.clock.now(), before?.at ?? 0),
    revision,
    recordChain: recordChainEnd(state),
    heads,
  };
  const chain = sha256(sealLink(before?.chain ?? chainStart(SEAL_CHAIN, sha256), unchained));
  const seal: Seal = { ...unchained, chain };
  state.seals.push(seal);
  return seal;
}

/** Sealed first, so that the heads are those of the seal. */
function anchorOf(state: MemoryState): Anchor {
  sealMemory(state);
  const seal = state.seals.at(-1) as Seal;
  return { format: 1, at: state.clock.now(), seal, heads: headsOf(state) };
}

function erase(state: MemoryState, subject: Subject, by: Actor): ErasedCounts {
  const entry = findSubject(state, subject);
  if (entry === undefined) return { executions: 0, contents: 0, compacted: true };
  const { kind } = subject;
  const { pseudonym } = entry;
  let executions = 0;
  let contents = 0;
  for (const row of state.executions.values()) {
    if (row.subjects[kind] !== pseudonym) continue;
    executions += 1;
    if (state.contents.delete(row.id)) contents += 1;
  }
  forgetSubject(state, subject);
  appendRecords(state, [{ kind: "erasure", by, data: { kind, subject: pseudonym, executions, contents } }]);
  return { executions, contents, compacted: true };
}

function purgeContents({ contents }: MemoryState, now: EpochMs): number {
  let purged = 0;
  for (const [id, { expires }] of contents) {
    if (expires !== null && expires <= now && contents.delete(id)) purged += 1;
  }
  return purged;
}
