/** Opens the models that evaluations, judges and playgrounds call, sent to as applications send to them. */
import type { Clock, Embedder, ModelCaller, ModelChoice } from "@colophon/kernel";
import {
  type ByProvider,
  type CallWriter,
  createEmbedder,
  createModelCaller,
  type EndpointOptions,
  type Fetch,
  modelEndpoint,
} from "@colophon/models";
import { aiArguments } from "@colophon/runtime";
import { callTrouble } from "../../call-trouble.ts";

export interface ModelsOptions extends EndpointOptions {
  readonly clock: Clock;
  /** The platform's unless given. */
  readonly fetch?: Fetch;
  /** Milliseconds until a call is given up; ten minutes unless given. */
  readonly timeoutMs?: number;
  /** Told once of each setting that a model does not take. */
  readonly onNotice?: (message: string) => void;
}

export interface Models {
  readonly caller: ModelCaller;
  /**
   * The address at which a model is asked; another address is another model. Says nothing of keys.
   *
   * @throws HarnessError `usage` as a call of the model would.
   */
  endpointOf(model: ModelChoice): string;
  /** @throws HarnessError `usage` for a provider that embeds nothing. */
  embedder(model: ModelChoice): Embedder;
}

/** Exactly what the runtime's `p.ai(model)` gives an application. */
const write: CallWriter = ({ text, model: choice, messages }, model) =>
  aiArguments({ messages, model: choice, text, recording: null }, { provider: model });

/**
 * @example
 * const { caller } = openModels({ keys: { openai: "sk-…" }, clock: harness.clock });
 */
export function openModels(options: ModelsOptions): Models {
  const calls = { ...options, troubleOf: callTrouble };
  return {
    caller: createModelCaller({ ...calls, write }),
    endpointOf: (model) => modelEndpoint(model, options).baseUrl,
    embedder: (model) => createEmbedder(model, calls),
  };
}

/**
 * Addresses and keys, out of the environment's variables that the providers' own clients read too.
 *
 * @example
 * const { keys } = modelAccess({ OPENAI_API_KEY: "sk-…" });
 */
export function modelAccess(environment: ByProvider): Required<EndpointOptions> {
  return {
    baseUrls: said({
      openai: environment.OPENAI_BASE_URL,
      anthropic: environment.ANTHROPIC_BASE_URL,
      google: environment.GOOGLE_GENERATIVE_AI_BASE_URL,
    }),
    keys: said({
      openai: environment.OPENAI_API_KEY,
      anthropic: environment.ANTHROPIC_API_KEY,
      google: environment.GOOGLE_GENERATIVE_AI_API_KEY ?? environment.GEMINI_API_KEY,
    }),
  };
}

/** A variable that is set to nothing is not set. */
function said(values: Readonly<Record<string, string | undefined>>): ByProvider {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}
