/** Loads a version of an eval set: a part at a time where it may be large, or with all of its cases. */
import {
  type EvalCase,
  type EvalSetChunk,
  type EvalSetContent,
  type EvalSetDocument,
  evalSetReference,
  getEvalSet,
  isHead,
  type ScorerSpec,
} from "@colophon/evaluation";
import { type EvalSetEntry, HarnessError } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

export interface LoadedEvalSet {
  readonly entry: EvalSetEntry;
  readonly content: EvalSetContent;
}

/** A version of which a part of the cases is read when it is asked for. */
export interface OpenEvalSet {
  readonly entry: EvalSetEntry;
  readonly scorers: readonly ScorerSpec[];
  /** Names of the chunks, in their order; a small set is one. */
  readonly chunks: readonly string[];
  /** The cases of a chunk, in the order of their ids; the one that was read last is kept. */
  chunk(at: number): Promise<readonly EvalCase[]>;
}

/**
 * The version that a reference names (`triage@v3`), or the newest (`triage`), with its cases.
 *
 * @throws HarnessError `usage`, `eval-set-unknown`, `version-unknown`, `store-newer` or `store-corrupt`.
 * @example
 * const { entry, content } = await loadEvalSet(harness, "triage@v3");
 */
export async function loadEvalSet(harness: Harness, reference: string): Promise<LoadedEvalSet> {
  const set = await findEvalSet(harness, reference);
  const cases: EvalCase[] = [];
  for (let at = 0; at < set.chunks.length; at++) {
    // One by one: older editions kept sets of any size in one document, more than arguments can be.
    for (const one of await set.chunk(at)) cases.push(one);
  }
  cases.sort((a, b) => (a.id < b.id ? -1 : 1));
  const { name } = set.entry;
  return { entry: set.entry, content: { format: 1, name, scorers: set.scorers, cases } };
}

/** As `loadEvalSet`, without reading the cases of a large set yet. */
export async function findEvalSet(harness: Harness, reference: string): Promise<OpenEvalSet> {
  return openEvalSet(harness, getEvalSet(await harness.records.state(), evalSetReference(reference)));
}

/** @throws HarnessError `store-newer`, or `store-corrupt` where it is gone; `chunk` too. */
export async function openEvalSet(harness: Harness, entry: EvalSetEntry): Promise<OpenEvalSet> {
  const document = (await readDocument(harness, entry, entry.hash)) as EvalSetDocument;
  const { scorers } = document;
  if (!isHead(document)) {
    const { cases } = document;
    return { entry, scorers, chunks: [entry.hash], chunk: async () => cases };
  }
  const chunks = document.chunks.map(({ hash }) => hash);
  let last: { readonly at: number; readonly cases: readonly EvalCase[] } | null = null;
  return {
    entry,
    scorers,
    chunks,
    async chunk(at) {
      if (last?.at === at) return last.cases;
      const { cases } = (await readDocument(harness, entry, chunks[at] ?? "")) as EvalSetChunk;
      last = { at, cases };
      return cases;
    },
  };
}

async function readDocument(
  harness: Harness,
  { name, version }: EvalSetEntry,
  hash: string,
): Promise<unknown> {
  const document = (await harness.records.listDocuments([hash])).get(hash);
  if (document !== undefined) return document;
  throw new HarnessError(
    "store-corrupt",
    `The store has no cases ${hash.slice(0, 12)} of the eval set ${name}@v${version}; run \`colophon verify\`.`,
  );
}
