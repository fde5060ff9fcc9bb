/** The real OpenAI client, loaded only when a command calls a model. */
import type OpenAI from "openai";
import { type ClientOptions, loadClient, neededKey } from "./load-client.ts";

/** @throws HarnessError `usage` without the package, or without a key for the provider's own address. */
export async function openaiClient({ baseUrl, apiKey, timeoutMs }: ClientOptions): Promise<OpenAI> {
  const key = neededKey("OPENAI_API_KEY", { baseUrl, apiKey });
  const { OpenAI } = await loadClient("openai", () => import("openai"));
  return new OpenAI({
    apiKey: key,
    baseURL: baseUrl,
    // Retries are counted and recorded one by one, so the client makes none of its own.
    maxRetries: 0,
    // What it would log is an error that it throws as well.
    logLevel: "off",
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  });
}
