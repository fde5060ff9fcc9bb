/** Opens the embedder that a request names. */
import { type Embedder, HarnessError, type ModelChoice } from "@colophon/kernel";
import type { EvaluationParts } from "./evaluation-parts.ts";

/** What a request may name beside the use case's own. */
export interface Embedding {
  /** The model that embeds texts, for the scorer `similarity`. */
  readonly embedder?: ModelChoice | undefined;
}

/** @throws HarnessError `usage` where the face has no way to one, or the provider embeds nothing. */
export function withEmbedder<P extends Pick<EvaluationParts, "embedderOf" | "embedder">>(
  parts: P,
  model: ModelChoice | undefined,
): P & { readonly embedder?: Embedder | undefined } {
  if (model === undefined) return parts;
  if (parts.embedderOf === undefined) {
    throw new HarnessError(
      "usage",
      `${model.provider}/${model.id} cannot be opened here; leave the embedder out.`,
    );
  }
  return { ...parts, embedder: parts.embedderOf(model) };
}
