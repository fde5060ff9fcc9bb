/** Answers what no route answers, in the shape of the provider whose path it looks like. */

import type { Context } from "hono";
import { writeAnthropicFailure } from "./anthropic-messages/anthropic-failure.ts";
import { writeGoogleFailure } from "./google-generate/google-failure.ts";
import { writeOpenaiFailure } from "./openai/openai-failure.ts";
import type { WireFailure, WireFormat } from "./wire-format.ts";

function writerFor(path: string): WireFormat["writeFailure"] {
  if (path.startsWith("/v1beta")) return writeGoogleFailure;
  return /\/messages\b/.test(path) ? writeAnthropicFailure : writeOpenaiFailure;
}

function hintFor(path: string): string {
  if (/^\/(?:chat|models|responses|embeddings)\b/.test(path))
    return " The base URL of this server ends in /v1.";
  if (/^\/v1\/v1\//.test(path)) return " Anthropic's own client takes the base URL without /v1.";
  return /^\/models\/[^/]+:/.test(path) ? " Google's base URL of this server ends in /v1beta." : "";
}

function answer(context: Context, failure: WireFailure): Response {
  const body = writerFor(context.req.path)(failure, "req_sim-0");
  return Response.json(body, { status: failure.status });
}

export function unknownRoute(context: Context): Response {
  const { method, path } = context.req;
  const message = `Invalid URL (${method} ${path}).${hintFor(path)}`;
  return answer(context, { status: 404, kind: "not-found", message, param: null, code: null });
}

export function unexpectedError(_cause: Error, context: Context): Response {
  const message = "The server had an error while processing your request.";
  return answer(context, { status: 500, kind: "server", message, param: null, code: null });
}
