/** Checks that the arguments are those of both installed `openai` clients, without a cast, and choose the overload that is meant. */
import type OpenAI7 from "openai";
import type OpenAI6 from "openai-6";
import type { PreparedPrompt } from "../../prepared-prompt.ts";

declare const p: PreparedPrompt;
declare const seven: OpenAI7;
declare const six: OpenAI6;
declare const streamed: boolean;

const runnable = {
  type: "function" as const,
  function: {
    name: "refund",
    description: "Gives money back",
    parameters: { type: "object" as const },
    function: (text: string) => text,
  },
};

export async function chatOfSeven(): Promise<void> {
  const whole = await seven.chat.completions.create(p.openai());
  whole.choices[0]?.message.content?.trim();
  const stream = await seven.chat.completions.create(p.openai({ stream: true }));
  for await (const chunk of stream) chunk.choices[0]?.delta.content?.trim();
  (await seven.chat.completions.create(p.openai({ stream: false }))).choices.at(0);
  const either = await seven.chat.completions.create(p.openai({ stream: streamed }));
  // @ts-expect-error nobody knows whether it is streamed
  either.choices.at(0);
  const { temperature } = p.openai();
  (await seven.chat.completions.create({ ...p.openai(), temperature: (temperature ?? 0) + 1, n: 2 })).choices;
  (await seven.chat.completions.parse(p.openai())).choices[0]?.message.parsed;
  await seven.chat.completions.stream(p.openai({ stream: true })).finalContent();
  await seven.chat.completions.runTools({ ...p.openai(), tools: [runnable] }).finalContent();
  const runner = seven.chat.completions.runTools({ ...p.openai({ stream: true }), tools: [runnable] });
  for await (const chunk of runner) chunk.choices.at(0);
  const asked: OpenAI7.ChatCompletionMessageParam[] = [...p.openai().messages];
  const said = whole.choices[0]?.message;
  if (said !== undefined) asked.push(said);
  await seven.chat.completions.create({ ...p.openai(), messages: asked });
}

export async function chatOfSix(): Promise<void> {
  (await six.chat.completions.create(p.openai())).choices[0]?.message.content?.trim();
  const stream = await six.chat.completions.create(p.openai({ stream: true }));
  for await (const chunk of stream) chunk.choices[0]?.delta.content?.trim();
  (await six.chat.completions.parse(p.openai())).choices[0]?.message.parsed;
  await six.chat.completions.stream(p.openai({ stream: true })).finalContent();
  await six.chat.completions.runTools({ ...p.openai(), tools: [runnable] }).finalContent();
  const runner = six.chat.completions.runTools({ ...p.openai({ stream: true }), tools: [runnable] });
  for await (const chunk of runner) chunk.choices.at(0);
  const asked: OpenAI6.ChatCompletionMessageParam[] = [...p.openai().messages];
  await six.chat.completions.create({ ...p.openai(), messages: asked });
}

export async function responsesOfSeven(): Promise<void> {
  (await seven.responses.create(p.responses())).output_text.trim();
  const stream = await seven.responses.create(p.responses({ stream: true }));
  for await (const event of stream) event.type.trim();
  (await seven.responses.create(p.responses({ stream: false }))).output_text.trim();
  const either = await seven.responses.create(p.responses({ stream: streamed }));
  // @ts-expect-error nobody knows whether it is streamed
  either.output_text.trim();
  (await seven.responses.parse(p.responses())).output_parsed;
  await seven.responses.stream(p.responses({ stream: true })).finalResponse();
  const input: OpenAI7.Responses.ResponseInput = [...p.responses().input];
  await seven.responses.create({ ...p.responses(), input, store: false });
}

export async function responsesOfSix(): Promise<void> {
  (await six.responses.create(p.responses())).output_text.trim();
  const stream = await six.responses.create(p.responses({ stream: true }));
  for await (const event of stream) event.type.trim();
  (await six.responses.parse(p.responses())).output_parsed;
  await six.responses.stream(p.responses({ stream: true })).finalResponse();
  const input: OpenAI6.Responses.ResponseInput = [...p.responses().input];
  await six.responses.create({ ...p.responses(), input, store: false });
}
