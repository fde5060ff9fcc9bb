/** The real OpenAI client, loaded only when a command calls a model. */
import { HarnessError } from "@colophon/kernel";
import type OpenAI from "openai";

export interface ClientOptions {
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
}

/** @throws HarnessError `usage` without the package, or without a key for the provider's own address. */
export async function openaiClient({ baseUrl, apiKey }: ClientOptions): Promise<OpenAI> {
  const key = apiKey || (baseUrl === undefined ? undefined : "no-key");
  if (key === undefined) {
    throw new HarnessError(
      "usage",
      "OPENAI_API_KEY is not set; set it, or name another server with --base-url.",
    );
  }
  const { OpenAI } = await load();
  // Retries are counted and recorded one by one, so the client makes none of its own.
  return new OpenAI({ apiKey: key, baseURL: baseUrl, maxRetries: 0 });
}

async function load(): Promise<typeof import("openai")> {
  try {
    return await import("openai");
  } catch (cause) {
    throw new HarnessError(
      "usage",
      "The openai package is not installed here; install it with `npm install openai`.",
      {
        cause,
      },
    );
  }
}
