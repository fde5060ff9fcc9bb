/** Makes rows of the ledger out of a run's calls. */
import type { CallRecorder, TriedCall } from "@colophon/evaluation";
import type { ExecutionDraft, ExecutionId, IdSource, LedgerSink, ModelResult } from "@colophon/kernel";

export interface LedgerRecorderParts {
  readonly sink: Pick<LedgerSink, "write">;
  readonly ids: IdSource;
  readonly environment: string;
  /** The end of the registry's log when the run began. */
  readonly revision: number;
}

/** No application's code stands behind a run. */
const NO_CALLER = "0".repeat(64);
const NOBODY = { user: null, tenant: null, document: null, documentType: null, session: null };
const NO_TOKENS = { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null };

export function ledgerRecorder(parts: LedgerRecorderParts): CallRecorder {
  return {
    record(call) {
      const id = parts.ids.next(call.started) as ExecutionId;
      parts.sink.write(rowOf(call, id, parts));
      return id;
    },
  };
}

function rowOf(
  call: TriedCall,
  id: ExecutionId,
  { environment, revision }: LedgerRecorderParts,
): ExecutionDraft {
  const { key, version, hash, model, purpose, attempt, result } = call;
  return {
    id,
    prompt: key,
    version,
    hash,
    caller: NO_CALLER,
    environment,
    lane: null,
    tier: null,
    reason: "pinned",
    errorCode: null,
    considered: [],
    stale: false,
    revision,
    assignment: null,
    purpose,
    trace: null,
    span: null,
    parent: null,
    step: null,
    attempt,
    fallbackOf: null,
    requestedModel: model.id,
    provider: model.provider,
    firstToken: null,
    schemaOk: null,
    locale: null,
    parts: [],
    renderedHash: null,
    statedCost: null,
    priceTable: null,
    subjects: NOBODY,
    contents: null,
    ...endOf(result),
  };
}

type EndFields =
  | "answeringModel"
  | "host"
  | "systemFingerprint"
  | "tokens"
  | "latency"
  | "status"
  | "error"
  | "finishReason"
  | "toolCalls"
  | "refused"
  | "outputLength";

function endOf(result: ModelResult): Pick<ExecutionDraft, EndFields> {
  if (!result.ok) {
    const { host, latency, kind, status } = result.failure;
    return {
      answeringModel: null,
      host,
      systemFingerprint: null,
      tokens: NO_TOKENS,
      latency: Math.round(latency),
      status: kind === "aborted" ? "aborted" : "error",
      error: status === null ? kind : `${kind} ${status}`,
      finishReason: null,
      toolCalls: null,
      refused: null,
      outputLength: null,
    };
  }
  const { model, host, systemFingerprint, tokens, latency, finishReason, toolCalls, refused, text } =
    result.answer;
  return {
    answeringModel: model,
    host,
    systemFingerprint,
    tokens,
    latency: Math.round(latency),
    status: "ok",
    error: null,
    finishReason,
    toolCalls: toolCalls.map(({ name }) => name),
    refused,
    outputLength: text?.length ?? 0,
  };
}
