/** The hash chains of the records: over logical values, never storage ids, so that a move keeps them. */

import { canonicalJson } from "./canonical-json.ts";
import type { EpochMs } from "./clock.ts";
import type { Execution } from "./records/execution.ts";
import type { Outcome } from "./records/outcome.ts";
import type { RegistryRecord } from "./records/registry-records.ts";

/** Hashes bytes, or the UTF-8 of a text, to 64 hex digits; adapters pass their platform's faster one. */
export type Sha256 = (data: string | Uint8Array) => string;

/** The hash that stands before the first link of a chain named so. */
export function chainStart(name: string, hash: Sha256): string {
  return hash(`colophon chain 1 ${name}`);
}

/** A row as it is hashed: everything of it but the chain itself. */
export type UnchainedExecution = Omit<Execution, "chain">;
export type UnchainedOutcome = Omit<Outcome, "chain">;

/**
 * The text hashed for an execution: a JSON array of the row's logical values in a fixed order.
 * New fields are only ever added at the end, so that old rows keep their hash.
 */
export function executionLink(previous: string, row: UnchainedExecution): string {
  const { subjects, tokens, assignment, statedCost } = row;
  return `${previous}\n${JSON.stringify([
    row.writer,
    row.seq,
    row.id,
    row.prompt,
    row.version,
    row.hash,
    row.caller,
    row.environment,
    row.lane,
    row.tier,
    row.reason,
    row.errorCode,
    row.considered.map((item) => [item.tier, item.outcome, item.reason ?? null, item.version ?? null]),
    row.stale,
    row.revision,
    assignment === null ? null : [assignment.salt, assignment.draw, assignment.probability],
    row.purpose,
    subjects.user,
    subjects.tenant,
    subjects.document,
    subjects.documentType,
    subjects.session,
    row.trace,
    row.span,
    row.parent,
    row.step,
    row.attempt,
    row.fallbackOf,
    row.requestedModel,
    row.answeringModel,
    row.provider,
    row.host,
    row.systemFingerprint,
    tokens.input,
    tokens.output,
    tokens.reasoning,
    tokens.cacheRead,
    tokens.cacheWrite,
    row.latency,
    row.firstToken,
    row.status,
    row.error,
    row.finishReason,
    row.toolCalls,
    row.schemaOk,
    row.refused,
    row.outputLength,
    row.locale,
    row.parts.map((part) => [part.kind, part.name, part.version, part.hash, part.choice ?? null]),
    row.renderedHash,
    statedCost === null ? null : [statedCost.amount, statedCost.currency],
    row.priceTable,
    row.inputHash,
    row.outputHash,
  ])}`;
}

/** The text hashed for an outcome. */
export function outcomeLink(previous: string, row: UnchainedOutcome): string {
  return `${previous}\n${JSON.stringify([
    row.writer,
    row.seq,
    row.id,
    row.at,
    row.execution,
    row.name,
    row.value,
    row.source,
    row.by,
  ])}`;
}

/** The text hashed for a record of the registry's log. */
export function recordLink(previous: string, record: RegistryRecord): string {
  return `${previous}\n${canonicalJson([record.revision, record.at, record.kind, record.by, record.data])}`;
}

/** Where the chains of one writer stand. */
export interface WriterHead {
  readonly writer: string;
  readonly executions: number;
  readonly executionChain: string;
  readonly outcomes: number;
  readonly outcomeChain: string;
}

/** All heads at one moment; seals are chained too, so that a cut tail or a vanished writer shows. */
export interface Seal {
  readonly seq: number;
  readonly at: EpochMs;
  readonly revision: number;
  readonly recordChain: string;
  /** The heads that moved since the seal before. */
  readonly heads: readonly WriterHead[];
  readonly chain: string;
}

/** The text hashed for a seal. */
export function sealLink(previous: string, seal: Omit<Seal, "chain">): string {
  return `${previous}\n${JSON.stringify([
    seal.seq,
    seal.at,
    seal.revision,
    seal.recordChain,
    seal.heads.map((head) => [
      head.writer,
      head.executions,
      head.executionChain,
      head.outcomes,
      head.outcomeChain,
    ]),
  ])}`;
}
