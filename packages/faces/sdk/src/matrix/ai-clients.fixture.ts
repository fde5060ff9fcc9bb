/** The AI SDK in the versions and with the providers of its matrix. */
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import type { AiProvider } from "@colophon/runtime";
import * as seven from "ai";
import * as six from "ai-6";
import { createAnthropic as createAnthropic6 } from "ai-6-anthropic";
import { createGoogleGenerativeAI as createGoogle6 } from "ai-6-google";
import { createOpenAI as createOpenAI6 } from "ai-6-openai";

/** A result of the AI SDK, as far as the matrix looks at it. */
export interface AiResult {
  readonly text: string;
  readonly steps: readonly unknown[];
  readonly object?: unknown;
  readonly output?: unknown;
}

export interface AiStream {
  readonly fullStream: AsyncIterable<unknown> & ReadableStream<unknown>;
  readonly textStream: AsyncIterable<string>;
  readonly text: PromiseLike<string>;
  readonly steps: PromiseLike<readonly unknown[]>;
  readonly usage: PromiseLike<unknown>;
  readonly object: PromiseLike<unknown>;
  readonly partialObjectStream: AsyncIterable<unknown>;
  consumeStream(): Promise<void>;
  toUIMessageStreamResponse(): Response;
}

/** The AI SDK's functions in the words that both versions share. */
export interface AiSdk {
  generateText(args: object): Promise<AiResult>;
  streamText(args: object): AiStream;
  generateObject(args: object): Promise<AiResult>;
  streamObject(args: object): AiStream;
  embed(args: object): Promise<{ readonly embedding: readonly number[] }>;
  readonly Output: { object(options: object): unknown };
  readonly ToolLoopAgent: new (
    settings: object,
  ) => { generate(args: object): Promise<AiResult>; stream(args: object): Promise<AiStream> };
  createProviderRegistry(providers: object, options: object): AiProvider;
  customProvider(options: object): AiProvider;
  jsonSchema(schema: object): unknown;
  /** Ends a tool loop after so many steps. */
  stopAfter(steps: number): unknown;
}

/** Where a simulator listens. */
export interface AiPlace {
  readonly baseUrl: string;
  readonly googleBaseUrl: string;
}

export interface AiClient {
  readonly name: string;
  readonly version: 6 | 7;
  readonly sdk: AiSdk;
  readonly model: string;
  /** False where the provider's package does not tell of the tokens written to the cache. */
  readonly tellsCacheWrite: boolean;
  /** True where the provider's package tells what model answered a stream. */
  readonly tellsModel: boolean;
  provider(place: AiPlace, more?: { readonly fetch?: typeof fetch }): AiProvider;
}

const SDKS: Readonly<Record<6 | 7, AiSdk>> = {
  6: { ...(six as unknown as AiSdk), stopAfter: six.stepCountIs },
  7: { ...(seven as unknown as AiSdk), stopAfter: seven.isStepCount },
};

type Maker = (settings: object) => AiProvider & { chat(id: string): object };

function clientsOf(
  version: 6 | 7,
  makers: { readonly openai: unknown; readonly anthropic: unknown; readonly google: unknown },
): readonly AiClient[] {
  const { openai, anthropic, google } = makers as Readonly<Record<keyof typeof makers, Maker>>;
  const base = { version, sdk: SDKS[version] };
  const settings = { apiKey: "none" };
  const counted = (): (() => string) => {
    let count = 0;
    return () => `id-${++count}`;
  };
  return [
    {
      ...base,
      name: `ai ${version}, openai`,
      model: "gpt-5-mini",
      tellsCacheWrite: true,
      tellsModel: true,
      provider: ({ baseUrl }, more) => openai({ ...settings, ...more, baseURL: baseUrl }),
    },
    {
      ...base,
      name: `ai ${version}, openai.chat`,
      model: "gpt-5",
      tellsCacheWrite: false,
      tellsModel: true,
      provider: ({ baseUrl }, more) => openai({ ...settings, ...more, baseURL: baseUrl }).chat,
    },
    {
      ...base,
      name: `ai ${version}, anthropic`,
      model: "claude-haiku-4-5",
      tellsCacheWrite: true,
      tellsModel: true,
      provider: ({ baseUrl }, more) => anthropic({ ...settings, ...more, baseURL: baseUrl }),
    },
    {
      ...base,
      name: `ai ${version}, google`,
      model: "gemini-2.5-flash",
      tellsCacheWrite: false,
      tellsModel: false,
      provider: ({ googleBaseUrl }, more) =>
        google({ ...settings, ...more, baseURL: googleBaseUrl, generateId: counted() }),
    },
  ];
}

export const AI_CLIENTS: readonly AiClient[] = [
  ...clientsOf(7, { openai: createOpenAI, anthropic: createAnthropic, google: createGoogle }),
  ...clientsOf(6, { openai: createOpenAI6, anthropic: createAnthropic6, google: createGoogle6 }),
];

/** All that a stream carries. */
export async function listOf<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const part of stream) list.push(part);
  return list;
}
