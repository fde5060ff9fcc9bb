/** Gives a row its place: the draft as it is kept and hashed, the same on every store. */
import {
  type ExecutionDraft,
  type StatedCost,
  type StoredSubjects,
  timeOfId,
  type UnchainedExecution,
  type WriterId,
} from "@colophon/kernel";
import type { HiddenContents } from "./keyed-hash.ts";

export interface ExecutionPlace extends HiddenContents {
  readonly writer: WriterId;
  readonly seq: number;
  readonly subjects: StoredSubjects;
}

/**
 * More than any call takes, and little enough that an hour's sum stays a number that can be read back:
 * what is written once is there for ever, and one that JavaScript cannot read would hide all others.
 */
const MOST = 2 ** 40;

/** Counts and durations are kept as whole numbers; what is no such number is unknown. */
function whole(value: number | null | undefined): number | null {
  return typeof value === "number" && value >= 0 && value <= MOST ? Math.round(value) : null;
}

const HEX = /^(?:[0-9a-f]{2})+$/;

/** Identifiers that are kept as bytes; what is no such identifier is unknown. */
function hexDigits(value: string | null, length: number): string | null {
  if (value === null || value === undefined || value.length !== length) return null;
  if (HEX.test(value)) return value;
  const digits = value.toLowerCase();
  return HEX.test(digits) ? digits : null;
}

/** A cost that is no amount of a currency is unknown. */
function costThatCounts(cost: StatedCost | null): StatedCost | null {
  if (cost === null || cost === undefined) return null;
  const { amount, currency } = cost;
  const counts = typeof amount === "number" && amount >= 0 && amount <= MOST;
  return counts && typeof currency === "string" && currency !== "" ? { amount, currency } : null;
}

export function placeExecution(draft: ExecutionDraft, place: ExecutionPlace): UnchainedExecution {
  const { tokens } = draft;
  return {
    writer: place.writer,
    seq: place.seq,
    id: draft.id,
    at: timeOfId(draft.id),
    prompt: draft.prompt,
    version: draft.version,
    hash: draft.hash,
    caller: draft.caller,
    environment: draft.environment,
    lane: draft.lane,
    tier: draft.tier,
    reason: draft.reason,
    errorCode: draft.errorCode,
    considered: draft.considered,
    stale: draft.stale,
    revision: whole(draft.revision),
    assignment: draft.assignment,
    purpose: draft.purpose,
    subjects: place.subjects,
    trace: hexDigits(draft.trace, 32),
    span: hexDigits(draft.span, 16),
    parent: draft.parent,
    step: whole(draft.step),
    attempt: whole(draft.attempt) ?? 1,
    fallbackOf: draft.fallbackOf,
    requestedModel: draft.requestedModel,
    answeringModel: draft.answeringModel,
    provider: draft.provider,
    host: draft.host,
    systemFingerprint: draft.systemFingerprint,
    tokens: {
      input: whole(tokens.input),
      output: whole(tokens.output),
      reasoning: whole(tokens.reasoning),
      cacheRead: whole(tokens.cacheRead),
      cacheWrite: whole(tokens.cacheWrite),
    },
    latency: whole(draft.latency) ?? 0,
    firstToken: whole(draft.firstToken),
    status: draft.status,
    error: draft.error,
    finishReason: draft.finishReason,
    toolCalls: draft.toolCalls,
    schemaOk: draft.schemaOk,
    refused: draft.refused,
    outputLength: whole(draft.outputLength),
    locale: draft.locale,
    parts: place.parts,
    renderedHash: place.renderedHash,
    statedCost: costThatCounts(draft.statedCost),
    priceTable: draft.priceTable,
    inputHash: place.inputHash,
    outputHash: place.outputHash,
  };
}
