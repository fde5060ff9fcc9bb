/** The AI SDK, and its model for an endpoint: loaded by whoever makes a call, since loading takes long. */
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import type { EmbeddingModel, LanguageModel } from "ai";
import type { ModelEndpoint } from "./model-endpoint.ts";

export { embedMany, generateText, wrapLanguageModel } from "ai";

/** A model itself, and not the name of one. */
export type ModelObject = Extract<LanguageModel, { readonly specificationVersion: "v4" }>;
export type EmbeddingObject = Extract<EmbeddingModel, { readonly specificationVersion: "v4" }>;

/** Same as the platform's. */
export type Fetch = typeof globalThis.fetch;

export function languageModel(
  { format, baseUrl: baseURL, key: apiKey }: ModelEndpoint,
  id: string,
  fetch: Fetch | undefined,
): ModelObject {
  const settings = { baseURL, apiKey, ...(fetch !== undefined && { fetch }) };
  switch (format) {
    case "openai-responses":
      return createOpenAI(settings).responses(id);
    case "openai-chat":
      return createOpenAI(settings).chat(id);
    case "anthropic":
      return createAnthropic(settings).languageModel(id);
    case "google":
      return createGoogle(settings).languageModel(id);
  }
}

/** Of a provider that embeds: Anthropic's format has no way to ask. */
export function embeddingModel(
  { format, baseUrl: baseURL, key: apiKey }: ModelEndpoint,
  id: string,
  fetch: Fetch | undefined,
): EmbeddingObject {
  const settings = { baseURL, apiKey, ...(fetch !== undefined && { fetch }) };
  return format === "google"
    ? createGoogle(settings).embeddingModel(id)
    : createOpenAI(settings).embeddingModel(id);
}
