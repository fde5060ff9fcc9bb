/** A process that never looks at the errors of its calls, with Colophon or without, and prints which of them went unhandled. */
import Anthropic from "@anthropic-ai/sdk";
import { startSimulator } from "@colophon/simulator";
import OpenAI from "openai";
import type { PreparedPrompt } from "../prepared-prompt.ts";
import { declarationOf, documentOf, openStage, textOf } from "../runtime.fixture.ts";
import { anthropic } from "./anthropic/anthropic-wire.ts";
import { openai } from "./openai/openai-wire.ts";

const unhandled: string[] = [];
process.on("unhandledRejection", (error) => {
  unhandled.push(error instanceof Error ? error.constructor.name : String(error));
});

const isRecorded = process.argv[2] === "recorded";
const simulator = await startSimulator({ latencyMs: 0, faults: { rate429: 1 } });
const gpt = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "any", maxRetries: 0 });
const claude = new Anthropic({ baseURL: simulator.anthropicBaseUrl, apiKey: "any", maxRetries: 0 });
const stage = openStage(documentOf({}), { wires: [openai, anthropic] });
const claudeText = textOf("{{ticket}}", { model: "claude-haiku-4-5" });
const calls: readonly (readonly [string, (p: PreparedPrompt) => unknown])[] = [
  ["gpt", (p) => gpt.chat.completions.create(p.openai())],
  ["gpt", (p) => gpt.chat.completions.create(p.openai({ stream: true }))],
  ["gpt", (p) => gpt.chat.completions.stream(p.openai({ stream: true }))],
  ["gpt", (p) => gpt.responses.create(p.responses())],
  ["gpt", (p) => gpt.responses.stream(p.responses({ stream: true }))],
  ["claude", (p) => claude.messages.create(p.anthropic())],
  ["claude", (p) => claude.messages.stream(p.anthropic())],
];
for (const [maker, send] of calls) {
  const declaration = declarationOf(maker, maker === "gpt" ? textOf("{{ticket}}") : claudeText);
  const call = stage.runtime.resolve<{ ticket: string }>(declaration);
  if (isRecorded) call.record({ ticket: "T" }, send);
  else send(call.render({ ticket: "T" }));
}
const asked = (): number => simulator.served().length;
while (asked() < calls.length) await new Promise((resolve) => setTimeout(resolve, 5));
// The clients read an error's body before they throw it.
for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
await simulator.close();
const errors = stage.sink.rows.filter(({ status }) => status === "error").length;
console.log(JSON.stringify({ unhandled: unhandled.toSorted(), errors }));
