/** Tests the arguments for Anthropic messages. */
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
import { anthropicArguments } from "./message-arguments.ts";

const bytes = new Uint8Array([1, 2, 3]);
const model = "claude-haiku-4-5";

describe("anthropicArguments", () => {
  it("have all system messages apart, and turns as they come", () => {
    expect(anthropicArguments(wirePromptOf([SYSTEM, ASSISTANT, USER, USER, SYSTEM], { model }))).toEqual({
      model,
      max_tokens: 4096,
      system: [
        { type: "text", text: "Be brief." },
        { type: "text", text: "Be brief." },
      ],
      messages: [ASSISTANT, USER, USER],
    });
    expect(anthropicArguments(wirePromptOf([USER], { model }))).not.toHaveProperty("system");
  });

  it("have the version's parameters, its limit among them, and a stream", () => {
    const prompt = wirePromptOf([USER], { model, parameters: { max_tokens: 9, top_k: 3 } });
    expect(anthropicArguments(prompt, { stream: true })).toEqual({
      model,
      max_tokens: 9,
      top_k: 3,
      stream: true,
      messages: [USER],
    });
  });

  it("have tools, their choice and the contract of the answer in this endpoint's shape", () => {
    const tools = [{ name: "sort", description: "Sorts", input: CLOSED }];
    const parameters = { output_config: { effort: "low" } };
    expect(
      anthropicArguments(
        wirePromptOf([USER], { model, tools, toolChoice: { tool: "sort" }, output: CLOSED, parameters }),
      ),
    ).toMatchObject({
      tools: [{ name: "sort", description: "Sorts", input_schema: CLOSED }],
      tool_choice: { type: "tool", name: "sort" },
      output_config: { effort: "low", format: { type: "json_schema", schema: CLOSED } },
    });
    const choice = (toolChoice: "auto" | "none" | "required"): unknown =>
      anthropicArguments(wirePromptOf([USER], { model, tools, toolChoice })).tool_choice;
    expect(["auto", "none", "required"].map((word) => choice(word as "auto"))).toEqual([
      { type: "auto" },
      { type: "none" },
      { type: "any" },
    ]);
  });

  it("mark where the cache may end", () => {
    const mark = { cache_control: { type: "ephemeral" } };
    const prompt = wirePromptOf([SYSTEM, SYSTEM, USER, ASSISTANT, USER], { model, cache: ["system", 2] });
    expect(anthropicArguments(prompt)).toMatchObject({
      system: [
        { type: "text", text: "Be brief." },
        { type: "text", text: "Be brief.", ...mark },
      ],
      messages: [{ role: "user", content: [{ type: "text", text: "Hello", ...mark }] }, ASSISTANT, USER],
    });
    const blank = wirePromptOf([{ role: "user", content: " " }], { model, cache: [0] });
    expect(anthropicArguments(blank).messages).toEqual([{ role: "user", content: " " }]);
  });

  it.each([
    [
      "an image by its url",
      mediumOf({ url: "https://x/a" }),
      { type: "image", source: { type: "url", url: "https://x/a" } },
    ],
    [
      "an image by its id",
      mediumOf({ fileId: "f" }),
      { type: "image", source: { type: "file", file_id: "f" } },
    ],
    [
      "the bytes of an image",
      mediumOf({ bytes }, { mediaType: "image/png" }),
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AQID" } },
    ],
    [
      "a document by its url",
      mediumOf({ url: "https://x/a.pdf" }),
      { type: "document", source: { type: "url", url: "https://x/a.pdf" } },
    ],
    [
      "a document by its id",
      mediumOf({ fileId: "f" }, { mediaType: "application/pdf" }),
      { type: "document", source: { type: "file", file_id: "f" } },
    ],
    [
      "the bytes of a document",
      mediumOf({ bytes }, { mediaType: "application/pdf" }),
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "AQID" } },
    ],
    [
      "a text as a document",
      mediumOf({ bytes: new TextEncoder().encode("hé") }, { mediaType: "text/markdown" }),
      { type: "document", source: { type: "text", media_type: "text/plain", data: "hé" } },
    ],
  ])("hold %s between its texts", (_, media, block) => {
    expect(anthropicArguments(wirePromptOf([messageWith(media)], { model })).messages[0]?.content).toEqual([
      { type: "text", text: "What is in " },
      block,
      { type: "text", text: "?" },
    ]);
  });

  it("leave out blank texts between media, which the endpoint refuses", () => {
    const media = mediumOf({ url: "https://x/a" });
    const parts = [{ type: "media", media } as const, { type: "text", text: " \n" } as const];
    const { content } = anthropicArguments(
      wirePromptOf([{ role: "user", content: "[photo]", parts }], { model }),
    ).messages[0] as { content: unknown };
    expect(content).toEqual([{ type: "image", source: { type: "url", url: "https://x/a" } }]);
  });

  it.each([
    ["a sound", messageWith(mediumOf({ bytes }, { mediaType: "audio/wav" }))],
    ["a film", messageWith(mediumOf({ url: "https://x/a.mp4" }))],
    ["bytes of nobody knows what", messageWith(mediumOf({ bytes }))],
    ["an archive", messageWith(mediumOf({ bytes }, { mediaType: "application/zip" }))],
    ["an image that the system shows", messageWith(mediumOf({ url: "https://x/a" }), "system")],
  ])("refuse %s", (_, message) => {
    expect(() => anthropicArguments(wirePromptOf([message], { model }))).toThrow(/^\{\{photo\}\} is /);
  });
});
