/** Turns texts into vectors through the AI SDK. */
import { type CallFacts, type Embedder, HarnessError, type ModelChoice } from "@colophon/kernel";
import type { embedMany } from "ai";
import { callFailure } from "./call-failure.ts";
import { callLimit } from "./call-limit.ts";
import type { CallOptions } from "./create-model-caller.ts";
import { modelEndpoint } from "./model-endpoint.ts";

type ProviderOptions = NonNullable<Parameters<typeof embedMany>[0]["providerOptions"]>;

/**
 * The parameters of the choice go to the provider as its options, `dimensions` among them.
 *
 * @throws HarnessError `usage` for a provider that embeds nothing, that has no address, or without its key.
 */
export function createEmbedder(choice: ModelChoice, options: CallOptions): Embedder {
  const endpoint = modelEndpoint(choice, options);
  if (endpoint.format === "anthropic") {
    throw new HarnessError("usage", `${choice.provider} embeds no texts; name a model of another provider.`);
  }
  const { clock, troubleOf, timeoutMs } = options;
  const name = `${choice.provider}/${choice.id}`;
  return {
    model: choice,
    async embed(texts, signal) {
      const { embedMany, embeddingModel } = await import("./language-model.ts");
      const model = embeddingModel(endpoint, choice.id, options.fetch);
      const limit = callLimit(signal, timeoutMs);
      const began = clock.elapsed();
      const facts = (): CallFacts => ({ latency: clock.elapsed() - began, host: endpoint.host });
      try {
        const { embeddings, usage } = await embedMany({
          model,
          values: [...texts],
          maxRetries: 0,
          abortSignal: limit.signal,
          ...(choice.parameters !== undefined && { providerOptions: optionsOf(endpoint.format, choice) }),
        });
        const tokens = Number.isSafeInteger(usage.tokens) ? usage.tokens : null;
        return { ok: true, embedding: { ...facts(), vectors: embeddings, tokens } };
      } catch (error) {
        const trouble = troubleOf(error, clock.now());
        const failed = { ...facts(), model: name, error, trouble, ended: limit.ended() };
        return { ok: false, failure: callFailure(failed) };
      } finally {
        limit.clear();
      }
    },
  };
}

function optionsOf(format: string, { parameters }: ModelChoice): ProviderOptions {
  return { [format === "google" ? "google" : "openai"]: { ...parameters } } as ProviderOptions;
}
