/** Builds a row on its way to the ledger: a call of the ticket triage that went well. */
import {
  type CallSubjects,
  type ExecutionDraft,
  type ExecutionId,
  hashText,
  type IdSource,
  sha256,
} from "@colophon/kernel";
import { aText } from "./a-text.ts";

const NOBODY: CallSubjects = { user: null, tenant: null, document: null, documentType: null, session: null };

/** Subjects may be named in part; the others are null. */
export type ExecutionFields = Partial<Omit<ExecutionDraft, "subjects">> & {
  readonly subjects?: Partial<CallSubjects>;
};

export function anExecution(ids: IdSource, fields: ExecutionFields = {}): ExecutionDraft {
  const { subjects, ...more } = fields;
  return {
    id: ids.next() as ExecutionId,
    prompt: "support.triage",
    version: 1,
    hash: hashText(aText()),
    caller: sha256("caller"),
    environment: "production",
    lane: "live",
    tier: "environment",
    reason: "live",
    errorCode: null,
    considered: [{ tier: "environment", outcome: "chosen", version: 1 }],
    stale: false,
    revision: 7,
    assignment: null,
    purpose: "serve",
    trace: null,
    span: null,
    parent: null,
    step: null,
    attempt: 1,
    fallbackOf: null,
    requestedModel: "gpt-5-mini",
    answeringModel: "gpt-5-mini-2026-01-15",
    provider: "openai",
    host: "api.openai.com",
    systemFingerprint: null,
    tokens: { input: 120, output: 8, reasoning: 0, cacheRead: 0, cacheWrite: null },
    latency: 640,
    firstToken: null,
    status: "ok",
    error: null,
    finishReason: "stop",
    toolCalls: [],
    schemaOk: null,
    refused: false,
    outputLength: 7,
    locale: null,
    parts: [],
    renderedHash: null,
    statedCost: null,
    priceTable: null,
    contents: null,
    ...more,
    subjects: { ...NOBODY, ...subjects },
  };
}
