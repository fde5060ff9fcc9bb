/** The real Anthropic client, loaded only when a command calls a model. */
import type Anthropic from "@anthropic-ai/sdk";
import { type ClientOptions, loadClient, neededKey } from "./load-client.ts";

/** @throws HarnessError `usage` without the package, or without a key for the provider's own address. */
export async function anthropicClient({ baseUrl, apiKey, timeoutMs }: ClientOptions): Promise<Anthropic> {
  const key = neededKey("ANTHROPIC_API_KEY", { baseUrl, apiKey });
  const { Anthropic } = await loadClient("@anthropic-ai/sdk", () => import("@anthropic-ai/sdk"));
  return new Anthropic({
    apiKey: key,
    baseURL: baseUrl,
    // Retries are counted and recorded one by one, so the client makes none of its own.
    maxRetries: 0,
    // What it would log is an error that it throws as well.
    logLevel: "off",
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  });
}
