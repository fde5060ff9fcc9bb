/** What the AI SDK calls a language model and a provider, as far as it concerns a prompt. */
import type { ModelChoice } from "@colophon/kernel";
import { isRecord } from "../../answer.ts";

/** A language model of any specification (v2, v3, v4). */
export interface AiModelObject {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
}

/** A provider such as `openai`, one function of it such as `openai.chat`, a registry, or a model itself. */
export type AiProvider = ((id: never) => object) | { languageModel(id: never): object } | AiModelObject;

/** The model that a provider makes; the name of one where there is no provider. */
export type AiModelOf<P> = P extends (...args: never[]) => infer Model
  ? Model
  : P extends { languageModel(...args: never[]): infer Model }
    ? Model
    : P extends undefined
      ? string
      : P;

/** The provider's model for a choice. */
export function aiModelOf(provider: AiProvider, { provider: name, id }: ModelChoice): object {
  if (typeof provider === "function") return provider(id as never);
  if (!("languageModel" in provider)) return provider;
  // Only a registry has a separator: it knows its models by provider and id.
  const { separator } = provider as { readonly separator?: unknown };
  const known = typeof separator === "string" ? name + separator + id : id;
  return provider.languageModel(known as never);
}

/** The calls of a language model, in what v2, v3 and v4 have in common. */
export interface CallableModel extends AiModelObject {
  doGenerate(options: ModelCallOptions): PromiseLike<ModelResult>;
  doStream(options: ModelCallOptions): PromiseLike<ModelResult & { readonly stream: unknown }>;
}

export interface ModelCallOptions {
  readonly abortSignal?: { readonly aborted: boolean };
  readonly responseFormat?: unknown;
  readonly tools?: unknown;
}

export interface ModelResult {
  readonly request?: { readonly url?: unknown };
}

export function isCallableModel(value: unknown): value is CallableModel {
  return isRecord(value) && typeof value.doGenerate === "function" && typeof value.doStream === "function";
}
