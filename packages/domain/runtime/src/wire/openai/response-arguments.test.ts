/** Tests the arguments for responses. */
import { describe, expect, it } from "vitest";
import {
  ASSISTANT,
  CLOSED,
  mediumOf,
  messageWith,
  SYSTEM,
  USER,
  wirePromptOf,
} from "../wire-prompt.fixture.ts";
import { openaiResponseArguments } from "./response-arguments.ts";

const bytes = new Uint8Array([1, 2, 3]);

describe("openaiResponseArguments", () => {
  it("give the system messages that come first as instructions, and all others as input", () => {
    const prompt = wirePromptOf([SYSTEM, SYSTEM, USER, ASSISTANT, SYSTEM, USER]);
    expect(openaiResponseArguments(prompt)).toEqual({
      model: "gpt-5-mini",
      instructions: "Be brief.\n\nBe brief.",
      input: [USER, ASSISTANT, SYSTEM, USER],
    });
    expect(openaiResponseArguments(wirePromptOf([USER]))).toEqual({ model: "gpt-5-mini", input: [USER] });
  });

  it("keep system messages as input where nothing follows them", () => {
    expect(openaiResponseArguments(wirePromptOf([SYSTEM]))).toEqual({ model: "gpt-5-mini", input: [SYSTEM] });
  });

  it("ask for a stream", () => {
    expect(openaiResponseArguments(wirePromptOf([USER]), { stream: true })).toMatchObject({ stream: true });
  });

  it("say in this endpoint's words what the version says in those of chat completions", () => {
    const said = (parameters: object): object => {
      const { model, input, ...rest } = openaiResponseArguments(
        wirePromptOf([USER], { parameters: { ...parameters } }),
      );
      return rest;
    };
    expect(said({ max_completion_tokens: 5 })).toEqual({ max_output_tokens: 5 });
    expect(said({ max_tokens: 6 })).toEqual({ max_output_tokens: 6 });
    expect(said({ max_output_tokens: 7, max_tokens: 6 })).toEqual({ max_output_tokens: 7 });
    expect(said({ reasoning_effort: "low", verbosity: "high", seed: 1 })).toEqual({
      reasoning: { effort: "low" },
      text: { verbosity: "high" },
      seed: 1,
    });
    expect(said({ reasoning_effort: "low", reasoning: { summary: "auto" } })).toEqual({
      reasoning: { effort: "low", summary: "auto" },
    });
  });

  it("have tools, their choice and the contract of the answer in this endpoint's shape", () => {
    const tools = [{ name: "sort", description: "Sorts", input: CLOSED }];
    const prompt = wirePromptOf([USER], {
      tools,
      toolChoice: { tool: "sort" },
      output: CLOSED,
      parameters: { verbosity: "low" },
    });
    expect(openaiResponseArguments(prompt)).toMatchObject({
      tools: [{ type: "function", name: "sort", description: "Sorts", parameters: CLOSED, strict: true }],
      tool_choice: { type: "function", name: "sort" },
      text: {
        verbosity: "low",
        format: { type: "json_schema", name: "answer", schema: CLOSED, strict: true },
      },
    });
    expect(openaiResponseArguments(wirePromptOf([USER], { tools, toolChoice: "required" })).tool_choice).toBe(
      "required",
    );
  });

  it.each([
    [
      "an image by its url",
      mediumOf({ url: "https://x/a" }),
      { type: "input_image", image_url: "https://x/a" },
    ],
    ["an image by its id", mediumOf({ fileId: "f" }), { type: "input_image", file_id: "f" }],
    [
      "the bytes of an image",
      mediumOf({ bytes }, { mediaType: "image/png" }),
      { type: "input_image", image_url: "data:image/png;base64,AQID" },
    ],
    [
      "a document by its url",
      mediumOf({ url: "https://x/a.pdf" }),
      { type: "input_file", file_url: "https://x/a.pdf" },
    ],
    [
      "a document by its id",
      mediumOf({ fileId: "f" }, { mediaType: "application/pdf" }),
      { type: "input_file", file_id: "f" },
    ],
    [
      "the bytes of a document",
      mediumOf({ bytes }, { mediaType: "application/pdf", filename: "a.pdf" }),
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AQID" },
    ],
  ])("hold %s between its texts", (_, media, part) => {
    expect(openaiResponseArguments(wirePromptOf([messageWith(media)])).input[0]?.content).toMatchObject([
      { type: "input_text", text: "What is in " },
      part,
      { type: "input_text", text: "?" },
    ]);
  });

  it.each([
    ["a film", messageWith(mediumOf({ bytes }, { mediaType: "video/mp4" }))],
    ["bytes of nobody knows what", messageWith(mediumOf({ bytes }))],
    ["an image that the assistant shows", messageWith(mediumOf({ url: "https://x/a" }), "assistant")],
  ])("refuse %s", (_, message) => {
    expect(() => openaiResponseArguments(wirePromptOf([message]))).toThrow(/^\{\{photo\}\} is /);
  });

  it("mark where the cache may end, for models that can be told; then system messages are input", () => {
    const cache = ["system"] as const;
    const mark = { prompt_cache_breakpoint: { mode: "explicit" } };
    const told = openaiResponseArguments(wirePromptOf([SYSTEM, USER], { cache, model: "gpt-6-astra" }));
    expect(told).toEqual({
      model: "gpt-6-astra",
      input: [{ role: "system", content: [{ type: "input_text", text: "Be brief.", ...mark }] }, USER],
    });
    expect(openaiResponseArguments(wirePromptOf([SYSTEM, USER], { cache })).instructions).toBe("Be brief.");
  });
});
