/** Tests the arguments for chat completions. */
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
import { openaiChatArguments } from "./chat-arguments.ts";

const bytes = new Uint8Array([1, 2, 3]);
const partOf = (media: Parameters<typeof messageWith>[0]): unknown => {
  const { content } = openaiChatArguments(wirePromptOf([messageWith(media)])).messages[0] ?? {};
  return Array.isArray(content) ? content[1] : undefined;
};

describe("openaiChatArguments", () => {
  it("are model, messages and the version's parameters", () => {
    const prompt = wirePromptOf([SYSTEM, USER, ASSISTANT], {
      parameters: { temperature: 0, service_tier: "flex" },
    });
    expect(openaiChatArguments(prompt)).toEqual({
      model: "gpt-5-mini",
      temperature: 0,
      service_tier: "flex",
      messages: [SYSTEM, USER, ASSISTANT],
    });
  });

  it("ask for the usage of a stream", () => {
    expect(openaiChatArguments(wirePromptOf([USER]), { stream: true })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(openaiChatArguments(wirePromptOf([USER]), { stream: false })).not.toHaveProperty("stream");
  });

  it("limit the answer in this endpoint's word, whichever the version has", () => {
    const limited = (parameters: object): object =>
      openaiChatArguments(wirePromptOf([USER], { parameters: { ...parameters } }));
    expect(limited({ max_output_tokens: 5 })).toMatchObject({ max_completion_tokens: 5 });
    expect(limited({ max_output_tokens: 5 })).not.toHaveProperty("max_output_tokens");
    expect(limited({ max_tokens: 5 })).toMatchObject({ max_tokens: 5 });
  });

  it("hold the model to contracts that strict mode takes, and send others as they are", () => {
    const open = { type: "object", properties: { label: { type: "string" } } };
    const toolsOf = (schema: object) => [{ name: "sort", input: { ...schema } }];
    const strictly = openaiChatArguments(wirePromptOf([USER], { output: CLOSED, tools: toolsOf(CLOSED) }));
    expect(strictly.response_format?.json_schema).toEqual({ name: "answer", schema: CLOSED, strict: true });
    expect(strictly.tools?.[0]?.function).toEqual({ name: "sort", parameters: CLOSED, strict: true });
    const loosely = openaiChatArguments(wirePromptOf([USER], { output: open, tools: toolsOf(open) }));
    expect(loosely.response_format?.json_schema).toEqual({ name: "answer", schema: open, strict: false });
    expect(loosely.tools?.[0]?.function.strict).toBe(false);
  });

  it("are the caller's own to change", () => {
    const prompt = wirePromptOf([USER], { output: CLOSED });
    const first = openaiChatArguments(prompt);
    first.messages.push({ role: "user", content: "more" });
    Object.assign(first.response_format?.json_schema.schema ?? {}, { title: "changed" });
    expect(openaiChatArguments(prompt).messages).toEqual([USER]);
    expect(prompt.text.output).toEqual(CLOSED);
  });

  it.each([
    [
      "an image by its url",
      mediumOf({ url: "https://x/a.png" }),
      { type: "image_url", image_url: { url: "https://x/a.png" } },
    ],
    [
      "the bytes of an image",
      mediumOf({ bytes }, { mediaType: "image/png" }),
      { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
    ],
    [
      "the bytes of a sound",
      mediumOf({ bytes }, { mediaType: "audio/mpeg" }),
      { type: "input_audio", input_audio: { data: "AQID", format: "mp3" } },
    ],
    [
      "the bytes of a document",
      mediumOf({ bytes }, { mediaType: "application/pdf" }),
      { type: "file", file: { filename: "photo", file_data: "data:application/pdf;base64,AQID" } },
    ],
    [
      "a file by its id",
      mediumOf({ fileId: "file-1" }, { filename: "a.pdf" }),
      { type: "file", file: { file_id: "file-1", filename: "a.pdf" } },
    ],
  ])("hold %s between its texts", (_, media, part) => {
    expect(partOf(media)).toEqual(part);
    const { content } = openaiChatArguments(wirePromptOf([messageWith(media)])).messages[0] ?? {};
    expect(content).toMatchObject([{ text: "What is in " }, {}, { text: "?" }]);
  });

  it.each([
    ["a document by its url", messageWith(mediumOf({ url: "https://x/a.pdf" }))],
    ["a film", messageWith(mediumOf({ bytes }, { mediaType: "video/mp4" }))],
    ["a sound in another format", messageWith(mediumOf({ bytes }, { mediaType: "audio/ogg" }))],
    ["bytes of nobody knows what", messageWith(mediumOf({ bytes }))],
    ["an image that the system shows", messageWith(mediumOf({ url: "https://x/a.png" }), "system")],
  ])("refuse %s, naming the variable", (_, message) => {
    expect(() => openaiChatArguments(wirePromptOf([message]))).toThrow(/^\{\{photo\}\} is /);
  });

  it("mark where the cache may end, for models that can be told", () => {
    const cache = ["system", 1] as const;
    const mark = { prompt_cache_breakpoint: { mode: "explicit" } };
    expect(openaiChatArguments(wirePromptOf([SYSTEM, USER], { cache, model: "gpt-5.6" })).messages).toEqual([
      { role: "system", content: [{ type: "text", text: "Be brief.", ...mark }] },
      { role: "user", content: [{ type: "text", text: "Hello", ...mark }] },
    ]);
    for (const model of ["gpt-5-mini", "gpt-5.5", "o3"]) {
      expect(openaiChatArguments(wirePromptOf([SYSTEM, USER], { cache, model })).messages).toEqual([
        SYSTEM,
        USER,
      ]);
    }
  });
});
