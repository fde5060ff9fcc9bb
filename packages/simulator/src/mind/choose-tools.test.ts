/** Tests of tool calls: called where the words call for it, once, with what the text gives. */

import { expect, test } from "vitest";
import { answerPrompt } from "./answer-prompt.ts";
import type { MindMessage, MindReply, MindRequest, ToolOffer } from "./mind-request.ts";

const LOOKUP: ToolOffer = {
  name: "lookup_order",
  description: "Looks up an order by its number",
  schema: {
    type: "object",
    properties: {
      order_number: { type: "string" },
      carrier: { enum: ["post", "courier"] },
      limit: { type: "integer" },
    },
    required: ["order_number"],
  },
};
const MAIL: ToolOffer = {
  name: "send_email",
  description: "Sends an email to somebody",
  schema: {
    type: "object",
    properties: { to: { type: "string", format: "email" }, subject: { type: "string" } },
    required: ["to", "subject"],
  },
};
const SEARCH: ToolOffer = {
  name: "search_handbook",
  description: "Searches the handbook for the refund policy",
  schema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
};

function ask(text: string, more: Partial<MindRequest> = {}, before: readonly MindMessage[] = []): MindReply {
  const request: MindRequest = {
    model: "gpt-5",
    messages: [...before, { role: "user", text }],
    temperature: 0,
    format: { kind: "text" },
    effort: "none",
    tools: [LOOKUP, MAIL, SEARCH],
    ...more,
  };
  return answerPrompt(request, { seed: 1, content: text, occurrence: 0 });
}

test("the tool whose words are spoken is called, with the values of the text and no others", () => {
  expect(ask("Where is my order BR-20417?").toolCalls).toEqual([
    { name: "lookup_order", arguments: { order_number: "BR-20417" } },
  ]);
  expect(ask("Send an email to bob@example.com with the subject 'Lunch on Monday'.").toolCalls).toEqual([
    { name: "send_email", arguments: { to: "bob@example.com", subject: "Lunch on Monday" } },
  ]);
});

test("an optional value is given where the text speaks of it", () => {
  expect(ask("Did the courier lose my order BR-20417?").toolCalls).toMatchObject([
    { arguments: { carrier: "courier" } },
  ]);
});

test("no tool is called for what none is for, nor without a value it needs", () => {
  expect(ask("Write a poem about the sea.").toolCalls).toEqual([]);
  expect(ask("What is an order?").toolCalls).toEqual([]);
});

test("instructions can bid and forbid", () => {
  const system = (text: string): readonly MindMessage[] => [{ role: "system", text }];
  const asked = "Where is my order BR-20417?";
  expect(ask(asked, {}, system("Never use lookup_order.")).toolCalls).toEqual([]);
  const bidden = ask(asked, {}, system("You must always call search_handbook first."));
  expect(bidden.toolCalls.map(({ name }) => name).toSorted()).toEqual(["lookup_order", "search_handbook"]);
});

test("what was called since the user spoke is not called again, what was not is", () => {
  const asked = "Check the handbook on the refund policy, and where my order BR-20417 is.";
  const one = { parallelToolCalls: false };
  const first = ask(asked, one).toolCalls;
  expect(first).toHaveLength(1);
  const name = first[0]?.name ?? "";
  const turns: readonly MindMessage[] = [
    { role: "user", text: asked },
    { role: "assistant", text: "", toolCalls: [{ id: "call_1", name, arguments: "{}" }] },
    { role: "tool", text: '{"status":"on its way"}', resultOf: "call_1" },
  ];
  const second = ask("", { ...one, messages: turns }).toolCalls;
  expect(second).toHaveLength(1);
  expect(second[0]?.name).not.toBe(name);
  const other = second[0]?.name ?? "";
  const more: readonly MindMessage[] = [
    ...turns,
    { role: "assistant", text: "", toolCalls: [{ id: "call_2", name: other, arguments: "{}" }] },
    { role: "tool", text: "Refunds take five days. Ask the desk.", resultOf: "call_2" },
  ];
  expect(ask("", { ...one, messages: more })).toMatchObject({
    toolCalls: [],
    text: "The status is on its way. Refunds take five days. Ask the desk.",
  });
});

test("one at a time, each value of a list has its turn", () => {
  const weather: ToolOffer = {
    name: "get_weather",
    description: "The weather of a city",
    schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  };
  const messages: MindMessage[] = [{ role: "user", text: "What is the weather in Paris, Rome and Oslo?" }];
  const asked: unknown[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const { toolCalls } = ask("", { tools: [weather], parallelToolCalls: false, messages });
    if (toolCalls.length === 0) break;
    asked.push(...toolCalls.map((call) => call.arguments.city));
    const calls = toolCalls.map((call) => ({
      ...call,
      id: `call_${turn}`,
      arguments: JSON.stringify(call.arguments),
    }));
    messages.push({ role: "assistant", text: "", toolCalls: calls });
    messages.push({ role: "tool", text: `{"temperature":${turn}}`, resultOf: `call_${turn}` });
  }
  expect(asked.toSorted()).toEqual(["Oslo", "Paris", "Rome"]);
});

test("the results of tools are evidence for a classification too", () => {
  const asked = "Is this gold, silver or unknown? Answer with one word.\n- gold: premium plan";
  const messages: readonly MindMessage[] = [
    { role: "user", text: asked },
    { role: "assistant", text: "", toolCalls: [{ id: "call_1", name: "lookup_order", arguments: "{}" }] },
    { role: "tool", text: '{"plan":"premium"}', resultOf: "call_1" },
  ];
  expect(ask("", { messages }).label).toBe("gold");
});
