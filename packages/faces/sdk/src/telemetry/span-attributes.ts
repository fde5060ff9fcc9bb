/** The attributes of a call's span: the GenAI conventions of OpenTelemetry, and our own beside them. */
import type { ExecutionDraft, ModelChoice } from "@colophon/kernel";
import type { SpanStart } from "@colophon/runtime";
import { langfuseEnd, langfuseStart } from "./langfuse-attributes.ts";
import type { Attributes, AttributeValue } from "./otel-api.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** Providers whose well-known name in the conventions is another than ours. */
const PROVIDERS = new Map([
  ["amazon-bedrock", "aws.bedrock"],
  ["azure", "azure.ai.openai"],
  ["bedrock", "aws.bedrock"],
  ["google", "gcp.gemini"],
  ["google-vertex", "gcp.vertex_ai"],
  ["mistral", "mistral_ai"],
  ["moonshotai", "moonshot_ai"],
  ["vertex", "gcp.vertex_ai"],
  ["xai", "x_ai"],
]);

/** Parameters of the request in the conventions' names, by the names that providers and clients give them. */
const PARAMETERS = new Map([
  ["frequencyPenalty", "frequency_penalty"],
  ["frequency_penalty", "frequency_penalty"],
  ["maxOutputTokens", "max_tokens"],
  ["max_completion_tokens", "max_tokens"],
  ["max_output_tokens", "max_tokens"],
  ["max_tokens", "max_tokens"],
  ["presencePenalty", "presence_penalty"],
  ["presence_penalty", "presence_penalty"],
  ["reasoning_effort", "reasoning.level"],
  ["seed", "seed"],
  ["stop", "stop_sequences"],
  ["stopSequences", "stop_sequences"],
  ["stop_sequences", "stop_sequences"],
  ["temperature", "temperature"],
  ["topK", "top_k"],
  ["topP", "top_p"],
  ["top_k", "top_k"],
  ["top_p", "top_p"],
]);

/** What names the operation, on spans and metrics alike. */
export function operationAttributes(
  { provider, id }: Pick<ModelChoice, "provider" | "id">,
  { semconv }: TelemetryOptions,
): Attributes {
  const name = PROVIDERS.get(provider) ?? provider;
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": name,
    ...(semconv === "1.36" && { "gen_ai.system": name }),
    "gen_ai.request.model": id,
  };
}

/** What is known when the call begins, and what samplers may decide by. */
export function startAttributes(start: SpanStart, options: TelemetryOptions): Attributes {
  const { resolution, model } = start;
  const { key, version, hash, tier, lane, reason, environment } = resolution;
  const named = { "gen_ai.prompt.name": key, "gen_ai.prompt.version": version && `v${version}` };
  return {
    ...operationAttributes(model, options),
    ...requestAttributes(model),
    ...known({
      "colophon.key": key,
      "colophon.version": version,
      "colophon.hash": hash,
      "colophon.tier": tier,
      "colophon.lane": lane,
      "colophon.reason": reason,
      "colophon.environment": environment,
      "colophon.execution.id": start.id,
      ...(options.langfuse ? langfuseStart(start) : named),
    }),
  };
}

function requestAttributes({ parameters = {} }: ModelChoice): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(parameters)) {
    const its = PARAMETERS.get(name);
    if (its === "stop_sequences") {
      const stops = (Array.isArray(value) ? value : [value]).filter((stop) => typeof stop === "string");
      if (stops.length > 0) attributes[`gen_ai.request.${its}`] = stops;
    } else if (its !== undefined && (typeof value === "number" || typeof value === "string")) {
      attributes[`gen_ai.request.${its}`] = value;
    }
  }
  return attributes;
}

/** What the row says when the call has ended. */
export function endAttributes(row: ExecutionDraft, options: TelemetryOptions): Attributes {
  const { tokens, firstToken } = row;
  const cacheWrite = options.semconv === "1.36" ? "cache_creation" : "cache_write";
  return known({
    "gen_ai.response.model": row.answeringModel,
    "gen_ai.response.finish_reasons": finishReasons(row),
    "gen_ai.usage.input_tokens": tokens.input,
    "gen_ai.usage.output_tokens": tokens.output,
    "gen_ai.usage.cache_read.input_tokens": tokens.cacheRead,
    [`gen_ai.usage.${cacheWrite}.input_tokens`]: tokens.cacheWrite,
    "gen_ai.usage.reasoning.output_tokens": tokens.reasoning,
    "gen_ai.request.stream": firstToken === null ? null : true,
    "gen_ai.response.time_to_first_chunk": firstToken === null ? null : firstToken / 1000,
    ...serverAttributes(row),
    "error.type": errorType(row),
    "colophon.attempt": row.attempt,
    "colophon.step": row.step,
    "colophon.parent.id": row.parent,
    "colophon.fallback_of.id": row.fallbackOf,
    "colophon.purpose": row.purpose,
    "colophon.status": row.status,
    ...(options.langfuse && langfuseEnd(row)),
  });
}

/** A reason that was due and did not come is `error`, as the conventions want it. */
function finishReasons({ finishReason, status }: ExecutionDraft): readonly string[] | null {
  if (finishReason !== null) return [finishReason];
  return status === "ok" ? null : ["error"];
}

/** The error's class alone, which is one of few; an aborted call is no error. */
export function errorType({ status, error }: ExecutionDraft): string | null {
  return status === "error" ? (error?.split(" ", 1)[0] ?? "_OTHER") : null;
}

/** Endpoints are reached by HTTPS unless their host names another port. */
export function serverAttributes({ host }: ExecutionDraft): Attributes {
  const [, address, port] = /^(\[.+\]|[^:]+)(?::(\d+))?$/.exec(host ?? "") ?? [];
  return address === undefined ? {} : { "server.address": address, "server.port": Number(port ?? 443) };
}

/** Without what is not known: unknown is not set, never zero. */
export function known(attributes: Readonly<Record<string, AttributeValue | null | undefined>>): Attributes {
  const said: Attributes = {};
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== null && value !== undefined) said[name] = value;
  }
  return said;
}
