/** How the content of an eval set is kept: a small one in one document, a large one as a head and chunks of its cases. */
import { HarnessError } from "@colophon/kernel";
import type { EvalCase, EvalSetContent, ScorerSpec } from "../eval-case.ts";
import { type Digest, drawOf } from "./case-sketch.ts";

/** A part of the cases of a large set, a document of its own: sets that have the same cases in it share it. */
export interface EvalSetChunk {
  readonly format: 2;
  /** In the order of their ids. */
  readonly cases: readonly EvalCase[];
}

/** Stands for a large set: its hash covers the chunks, since it holds theirs. */
export interface EvalSetHead {
  readonly format: 2;
  readonly name: string;
  readonly scorers: readonly ScorerSpec[];
  readonly cases: { readonly dev: number; readonly test: number };
  /** By the part of the ids' draws that they hold, from 0 to 1 in equal steps. */
  readonly chunks: readonly { readonly hash: string; readonly cases: number }[];
}

/** What is kept under the hash of a version. */
export type EvalSetDocument = EvalSetContent | EvalSetHead;

/** Up to here a set is one document. */
const MOST_CASES = 1_024;
const MOST_CHARACTERS = 1 << 20;
/** Of a chunk. V8 puts what it parses out of longer texts where it is collected late. */
const CHUNK_CHARACTERS = 1 << 16;

/** A power of two, so that a set that grows past one splits each of its chunks in two. */
export function chunksFor({ cases, size }: { readonly cases: number; readonly size: number }): number {
  if (cases <= MOST_CASES && size <= MOST_CHARACTERS) return 1;
  let chunks = 1;
  while (size > chunks * CHUNK_CHARACTERS && chunks < cases) chunks *= 2;
  return chunks;
}

/** By the hash of the id, so that any chunk is a fair sample, and a new case changes one chunk alone. */
export function chunkOf(
  id: string,
  { chunks, digest }: { readonly chunks: number; readonly digest: Digest },
): number {
  return chunks === 1 ? 0 : Math.floor(drawOf(digest(`colophon.chunk:${id}`)) * chunks);
}

export function chunkDocument(cases: readonly EvalCase[]): EvalSetChunk {
  return { format: 2, cases };
}

/** @throws HarnessError `store-newer` for a document of a form that this edition does not know. */
export function isHead(document: EvalSetDocument): document is EvalSetHead {
  const { format } = document as { readonly format: unknown };
  if (format === 1 || format === 2) return format === 2;
  throw new HarnessError(
    "store-newer",
    `The eval set is kept in form ${String(format)}, which this edition does not read; use the one that recorded it.`,
  );
}
