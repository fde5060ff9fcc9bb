/** Tests of promptfoo files with several prompts and several providers. */
import { expect, test } from "vitest";
import { Remarks } from "../imported.ts";
import { convertPromptfoo } from "./convert-promptfoo.ts";

const PROMPTS = [
  { from: "triage.txt", label: "triage", names: ["file://prompts/triage.txt"], text: "Sort {{ticket}}" },
  { from: "chat.txt", label: "chat:short", names: ["chat.txt"], text: "Answer {{ticket}}" },
];

function converted(providers: readonly unknown[]) {
  const remarks = new Remarks();
  const config = { from: "promptfooconfig.yaml", prompts: PROMPTS, providers, model: null };
  const models = convertPromptfoo(config, remarks).map(({ spec }) => [
    spec.key,
    spec.text.model.id,
    Object.keys(spec.metadata.routes ?? {}),
  ]);
  return {
    models,
    changes: remarks.changes.map(({ sentence }) => sentence),
    left: remarks.left.map(({ sentence }) => sentence),
  };
}

test("a provider that lists prompts is a model of those alone, by label, file or group", () => {
  const { models } = converted([
    { id: "openai:chat:gpt-5-mini", prompts: ["file://prompts/triage.txt"] },
    { id: "anthropic:messages:claude-sonnet-4-5", label: "claude", prompts: ["chat"] },
    "openai:gpt-5",
  ]);
  expect(models).toEqual([
    ["triage", "gpt-5-mini", ["openai:gpt-5"]],
    ["chat-short", "claude-sonnet-4-5", ["openai:gpt-5"]],
  ]);
});

test("routes are said once where every provider is for every prompt, and each for itself otherwise", () => {
  const routes = (list: readonly string[]) => list.filter((one) => one.includes("its routes")).length;
  expect(routes(converted(["openai:gpt-5", "openai:gpt-5-mini"]).changes)).toBe(1);
  expect(routes(converted(["openai:gpt-5", { id: "openai:gpt-5-mini", prompts: ["triage"] }]).changes)).toBe(
    1,
  );
  expect(
    routes(converted(["openai:gpt-5", { id: "openai:gpt-5-mini", prompts: ["triage", "chat.txt"] }]).changes),
  ).toBe(2);
});

test("a prompt that no provider is for is left, and so is said what a provider does beside answering", () => {
  const { models, left } = converted([
    { id: "openai:gpt-5", prompts: ["triage"], transform: "output.trim()", delay: 100 },
  ]);
  expect(models).toEqual([["triage", "gpt-5", []]]);
  expect(left).toEqual([
    expect.stringContaining("transform, delay has no counterpart"),
    expect.stringContaining("names no provider"),
  ]);
});
