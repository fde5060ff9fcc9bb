/** The clients of one batch: which of them calls a provider's models, each made once. */
import { HarnessError } from "@colophon/kernel";
import { anthropicClient } from "../clients/anthropic-client.ts";
import { openaiClient } from "../clients/openai-client.ts";
import type { Ask } from "./ask.ts";
import { askAnthropic } from "./ask-anthropic.ts";
import { askChat } from "./ask-chat.ts";
import { askResponses } from "./ask-responses.ts";

export const CLIENT_NAMES = ["openai", "responses", "anthropic"] as const;
export type ClientName = (typeof CLIENT_NAMES)[number];

export interface ClientChoice {
  /** The one for all models; by the model's provider when undefined. */
  readonly client: ClientName | undefined;
  readonly baseUrl: string | undefined;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens what the models need; one client may serve several providers. */
export class BatchClients {
  readonly #choice: ClientChoice;
  readonly #asks = new Map<ClientName, Promise<Ask>>();

  constructor(choice: ClientChoice) {
    this.#choice = choice;
  }

  /** @throws HarnessError `usage` for a provider that no client here speaks to, and what making a client throws. */
  askOf(provider: string): Promise<Ask> {
    const name = clientOf(provider, this.#choice);
    const known = this.#asks.get(name);
    if (known !== undefined) return known;
    if (this.#choice.baseUrl !== undefined && this.#asks.size > 0)
      throw severalClients([...this.#asks.keys(), name]);
    const ask = openAsk(name, this.#choice);
    this.#asks.set(name, ask);
    return ask;
  }
}

/** @throws HarnessError `usage`. */
function clientOf(provider: string, { client, baseUrl, env }: ClientChoice): ClientName {
  if (client !== undefined) return client;
  if (provider === "openai" || provider === "anthropic") return provider;
  if (baseUrl !== undefined || env.OPENAI_BASE_URL) return "openai";
  throw new HarnessError(
    "usage",
    `No client here is made for the provider "${provider}"; name a server that speaks the OpenAI wire format with --base-url, or choose with --client.`,
  );
}

function severalClients(names: readonly ClientName[]): HarnessError {
  return new HarnessError(
    "usage",
    `--base-url is one server, but these models are called through ${names.join(" and ")}; choose one with --client, or set OPENAI_BASE_URL and ANTHROPIC_BASE_URL in its place.`,
  );
}

async function openAsk(name: ClientName, choice: ClientChoice): Promise<Ask> {
  const { env } = choice;
  // A client's own limit ends with the headers; the batch's is for stalls too, and comes first.
  const timeoutMs = 2 * choice.timeoutMs;
  if (name === "anthropic") {
    const baseUrl = choice.baseUrl ?? addressIn("ANTHROPIC_BASE_URL", env);
    return askAnthropic(await anthropicClient({ baseUrl, apiKey: env.ANTHROPIC_API_KEY, timeoutMs }));
  }
  const baseUrl = choice.baseUrl ?? addressIn("OPENAI_BASE_URL", env);
  const client = await openaiClient({ baseUrl, apiKey: env.OPENAI_API_KEY, timeoutMs });
  return name === "responses" ? askResponses(client) : askChat(client);
}

function addressIn(variable: string, env: ClientChoice["env"]): string | undefined {
  const address = env[variable];
  return address ? checkAddress(address, variable) : undefined;
}

/** @throws HarnessError `usage`. */
export function checkAddress(address: string, name: string): string {
  if (URL.canParse(address)) return address;
  throw new HarnessError(
    "usage",
    `${name} "${address}" is no address; write one such as http://127.0.0.1:4100/v1.`,
  );
}
