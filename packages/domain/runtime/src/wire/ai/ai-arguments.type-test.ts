/** The arguments are those of both versions of the AI SDK, without a cast. */
import { anthropic } from "@ai-sdk/anthropic";
import { google } from "@ai-sdk/google";
import { openai } from "@ai-sdk/openai";
import {
  createProviderRegistry,
  customProvider,
  generateObject,
  generateText,
  isStepCount,
  Output,
  streamObject,
  streamText,
  ToolLoopAgent,
  tool,
  wrapLanguageModel,
} from "ai";
import {
  createProviderRegistry as createProviderRegistry6,
  generateObject as generateObject6,
  generateText as generateText6,
  Output as Output6,
  stepCountIs,
  streamObject as streamObject6,
  streamText as streamText6,
  ToolLoopAgent as ToolLoopAgent6,
  tool as tool6,
} from "ai-6";
import { anthropic as anthropic6 } from "ai-6-anthropic";
import { google as google6 } from "ai-6-google";
import { openai as openai6 } from "ai-6-openai";
import { z } from "zod";
import type { PreparedPrompt } from "../../prepared-prompt.ts";

declare const p: PreparedPrompt;
const lookup = { description: "Finds an order.", inputSchema: z.object({ id: z.string() }) };
const execute = { lookup: ({ id }: { id: string }) => `order ${id}` };

/** A name for the global provider. */
const name: string = p.ai().model;
/** The model is of the provider's own type. */
const model: ReturnType<typeof openai> = p.ai(openai).model;
const chat: ReturnType<typeof openai.chat> = p.ai(openai.chat).model;
const own: ReturnType<typeof google> = p.ai(google("gemini-2.5-flash")).model;
// @ts-expect-error a provider is no name
p.ai("openai");

export async function seven(): Promise<unknown[]> {
  const registry = createProviderRegistry({ openai, anthropic });
  const custom = customProvider({ fallbackProvider: openai });
  const wrapped = wrapLanguageModel({ model: openai("gpt-5-mini"), middleware: [] });
  const { text, output } = await generateText({
    ...p.ai(openai),
    tools: {
      lookup: tool({ ...lookup, execute: ({ id }) => id }),
    },
    toolChoice: { type: "tool", toolName: "lookup" },
    stopWhen: isStepCount(3),
    output: Output.object({ schema: z.object({ label: z.string() }) }),
  });
  const label: string = output.label;
  const args = p.ai(openai, { execute });
  const mine = await generateText({ ...args, output: Output.object(args) });
  const anything: unknown = mine.output;
  const { messages, ...settings } = p.ai(anthropic);
  const agent = new ToolLoopAgent(settings);
  return [
    text,
    label,
    anything,
    generateText(p.ai()),
    generateText(p.ai(google)),
    generateText(p.ai(registry)),
    generateText(p.ai(custom)),
    generateText(p.ai(wrapped)),
    streamText(p.ai(openai.chat)),
    streamText(p.ai(anthropic)).textStream,
    streamText({ ...p.ai(openai), tools: { ...p.ai(openai).tools, lookup: tool(lookup) } }),
    generateObject(p.ai(openai)),
    generateObject({ ...p.ai(openai), schema: z.object({ label: z.string() }) }),
    streamObject(p.ai(google)),
    agent.generate({ messages }),
    agent.generate(p.ai(openai)),
    agent.stream({ messages }),
    name,
    model,
    chat,
    own,
  ];
}

export async function six(): Promise<unknown[]> {
  const registry = createProviderRegistry6({ openai: openai6, anthropic: anthropic6 });
  const { text, output } = await generateText6({
    ...p.ai(openai6),
    tools: {
      lookup: tool6({ ...lookup, execute: async ({ id }: { id: string }) => id }),
    },
    toolChoice: { type: "tool", toolName: "lookup" },
    stopWhen: stepCountIs(3),
    output: Output6.object({ schema: z.object({ label: z.string() }) }),
  });
  const label: string = output.label;
  const args = p.ai(openai6, { execute });
  const mine = await generateText6({ ...args, output: Output6.object(args) });
  const anything: unknown = mine.output;
  const { messages, ...settings } = p.ai(anthropic6);
  const agent = new ToolLoopAgent6(settings);
  return [
    text,
    label,
    anything,
    generateText6(p.ai()),
    generateText6(p.ai(google6)),
    generateText6(p.ai(registry)),
    streamText6(p.ai(openai6.chat)),
    streamText6(p.ai(anthropic6)).textStream,
    streamText6({ ...p.ai(openai6), tools: { ...p.ai(openai6).tools, lookup: tool6(lookup) } }),
    generateObject6(p.ai(openai6)),
    generateObject6({ ...p.ai(openai6), schema: z.object({ label: z.string() }) }),
    streamObject6(p.ai(google6)),
    agent.generate({ messages }),
    agent.generate(p.ai(openai6)),
    agent.stream({ messages }),
  ];
}
