/** Checks that the arguments are those of both installed `@anthropic-ai/sdk` clients, without a cast, and choose the overload that is meant. */
import type Anthropic1 from "@anthropic-ai/sdk";
import { betaTool as betaTool1 } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import type Anthropic0 from "anthropic-0";
import { betaTool as betaTool0 } from "anthropic-0/helpers/beta/json-schema";
import type { PreparedPrompt } from "../../prepared-prompt.ts";

declare const p: PreparedPrompt;
declare const one: Anthropic1;
declare const zero: Anthropic0;
declare const streamed: boolean;

const tool = {
  name: "refund",
  description: "Gives money back",
  inputSchema: { type: "object", properties: { amount: { type: "number" } } },
  run: () => "done",
} as const;

export async function messagesOfOne(): Promise<void> {
  (await one.messages.create(p.anthropic())).content.at(0);
  const stream = await one.messages.create(p.anthropic({ stream: true }));
  for await (const event of stream) event.type.trim();
  (await one.messages.create(p.anthropic({ stream: false }))).content.at(0);
  const either = await one.messages.create(p.anthropic({ stream: streamed }));
  // @ts-expect-error nobody knows whether it is streamed
  either.content.at(0);
  await one.messages.stream(p.anthropic()).finalMessage();
  (await one.messages.parse(p.anthropic())).parsed_output;
  (await one.beta.messages.create(p.anthropic())).content.at(0);
  await one.beta.messages.stream(p.anthropic()).finalMessage();
  await one.beta.messages.toolRunner({ ...p.anthropic(), tools: [betaTool1(tool)] });
  const runner = one.beta.messages.toolRunner({
    ...p.anthropic({ stream: true }),
    tools: [betaTool1(tool)],
  });
  for await (const turn of runner) await turn.finalMessage();
  const messages: Anthropic1.MessageParam[] = [...p.anthropic().messages];
  await one.messages.create({ ...p.anthropic(), messages, max_tokens: 10 });
}

export async function messagesOfZero(): Promise<void> {
  (await zero.messages.create(p.anthropic())).content.at(0);
  const stream = await zero.messages.create(p.anthropic({ stream: true }));
  for await (const event of stream) event.type.trim();
  await zero.messages.stream(p.anthropic()).finalMessage();
  (await zero.messages.parse(p.anthropic())).parsed_output;
  (await zero.beta.messages.create(p.anthropic())).content.at(0);
  await zero.beta.messages.stream(p.anthropic()).finalMessage();
  await zero.beta.messages.toolRunner({ ...p.anthropic(), tools: [betaTool0(tool)] });
  const messages: Anthropic0.MessageParam[] = [...p.anthropic().messages];
  await zero.messages.create({ ...p.anthropic(), messages, max_tokens: 10 });
}
