/** Where a model is asked, and in which wire format. */
import { HarnessError, type ModelChoice } from "@colophon/kernel";

/** By the name of a provider as `ModelChoice` has it. */
export type ByProvider = Readonly<Partial<Record<string, string>>>;

export interface EndpointOptions {
  /**
   * Addresses other than the providers' own, as their clients take them: with `/v1` for OpenAI and servers
   * that speak its format, with or without it for Anthropic.
   */
  readonly baseUrls?: ByProvider;
  readonly keys?: ByProvider;
}

export type WireFormat = "openai-responses" | "openai-chat" | "anthropic" | "google";

export interface ModelEndpoint {
  readonly format: WireFormat;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** With a port where it is not the usual one. */
  readonly host: string;
  /** A secret. */
  readonly key: string;
}

interface OwnAddress {
  readonly baseUrl: string;
  readonly keyVariable: string;
  readonly format: WireFormat;
  /** What the client adds where an address has no path. */
  readonly path: string;
}

const OWN: Readonly<Partial<Record<string, OwnAddress>>> = {
  openai: {
    baseUrl: "https://api.openai.com/v1",
    keyVariable: "OPENAI_API_KEY",
    format: "openai-responses",
    path: "",
  },
  anthropic: {
    baseUrl: "https://api.anthropic.com/v1",
    keyVariable: "ANTHROPIC_API_KEY",
    format: "anthropic",
    path: "/v1",
  },
  google: {
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    keyVariable: "GOOGLE_GENERATIVE_AI_API_KEY",
    format: "google",
    path: "/v1beta",
  },
};

/** Servers of one's own often want none, and clients insist on one. */
const NO_KEY = "no-key";

/**
 * OpenAI itself is asked through its responses; every other server that speaks its format through chat
 * completions, which all of them know. A provider that has no address of its own here speaks that format.
 *
 * @throws HarnessError `usage` for a provider without an address, an address that is none, or without the key
 * that the provider's own address wants.
 */
export function modelEndpoint({ provider, id }: ModelChoice, options: EndpointOptions): ModelEndpoint {
  const own = OWN[provider];
  const given = options.baseUrls?.[provider];
  const address = given ?? own?.baseUrl;
  if (address === undefined) {
    throw new HarnessError(
      "usage",
      `Nobody knows where ${provider}/${id} is asked; name the address of a server that speaks OpenAI's format.`,
    );
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new HarnessError(
      "usage",
      `The address of ${provider} is no http address; write one such as http://127.0.0.1:4100/v1.`,
    );
  }
  const isOwn = own !== undefined && url.host === new URL(own.baseUrl).host;
  const key = options.keys?.[provider] || (isOwn ? undefined : NO_KEY);
  if (key === undefined) {
    throw new HarnessError("usage", `${own?.keyVariable} is not set; set it, or name another server.`);
  }
  const path = url.pathname.replace(/\/+$/, "") || (own?.path ?? "");
  const format = own === undefined || (provider === "openai" && !isOwn) ? "openai-chat" : own.format;
  return { format, baseUrl: `${url.protocol}//${url.host}${path}${url.search}`, host: url.host, key };
}
