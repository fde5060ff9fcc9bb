/** Tests the reader of Anthropic messages. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anthropicReader as reader } from "./message-reader.ts";

const usage = {
  input_tokens: 5,
  cache_read_input_tokens: 30,
  cache_creation_input_tokens: 7,
  output_tokens: 3,
  output_tokens_details: { thinking_tokens: 1 },
};
const message = (more: object) => ({
  type: "message",
  role: "assistant",
  model: "claude-haiku-4-5",
  content: [],
  ...more,
});

describe("anthropicReader", () => {
  it("reads text, tools and tokens of a whole message; input tokens include the cached ones", () => {
    const content = [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "Hel" },
      { type: "text", text: "lo" },
      { type: "tool_use", name: "sort" },
      { type: "server_tool_use", name: "web_search" },
      { type: "web_search_tool_result", content: [] },
      { type: "mcp_tool_use", name: "find" },
    ];
    expect(reader.read(message({ content, usage, stop_reason: "tool_use" }))).toEqual({
      text: "Hello",
      model: "claude-haiku-4-5",
      systemFingerprint: null,
      usage: { input: 42, output: 3, reasoning: 1, cacheRead: 30, cacheWrite: 7 },
      finishReason: "tool_use",
      toolCalls: ["sort", "web_search", "find"],
      refused: false,
    });
  });

  it("does not take what was not said for zero", () => {
    const { usage: read } = reader.read(message({ usage: { input_tokens: 5, output_tokens: 3 } }));
    expect(read).toEqual({ input: 5, output: 3, reasoning: null, cacheRead: null, cacheWrite: null });
    expect(reader.read(message({})).usage).toMatchObject({ input: null, output: null });
  });

  it("reads refusals, with the reason that stands in for an answer", () => {
    const stop = { stop_reason: "refusal", stop_details: { type: "refusal", explanation: "No." } };
    expect(reader.read(message(stop))).toMatchObject({ refused: true, text: "No.", finishReason: "refusal" });
  });

  it("reads the same from a stream, however it is cut, as from the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string())), fc.array(fc.string({ minLength: 1 })), (texts, names) => {
        const tools = names.map((name) => ({ type: "tool_use", name, input: {} }));
        const content = [...texts.map((pieces) => ({ type: "text", text: pieces.join("") })), ...tools];
        const whole = message({ content, usage, stop_reason: "end_turn" });
        const stream = reader.stream();
        const start = message({ usage: { ...usage, output_tokens: 1 }, stop_reason: null });
        stream.take({ type: "message_start", message: start });
        for (const pieces of texts) {
          stream.take({ type: "content_block_start", content_block: { type: "text", text: "" } });
          for (const text of pieces)
            stream.take({ type: "content_block_delta", delta: { type: "text_delta", text } });
          stream.take({ type: "content_block_stop" });
        }
        for (const block of tools) stream.take({ type: "content_block_start", content_block: block });
        expect(stream.isWhole?.()).toBe(false);
        const counts = {
          output_tokens: 3,
          input_tokens: null,
          output_tokens_details: { thinking_tokens: 1 },
        };
        stream.take({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: counts });
        stream.take({ type: "message_stop" });
        expect(stream.answer()).toEqual(reader.read(whole));
        expect(stream.isWhole?.()).toBe(true);
      }),
    );
  });

  it.each([
    [{ type: "content_block_delta", delta: { type: "text_delta", text: "a" } }, true],
    [{ type: "content_block_delta", delta: { type: "thinking_delta", thinking: "a" } }, true],
    [{ type: "content_block_delta", delta: { type: "input_json_delta", partial_json: "" } }, true],
    [{ type: "message_delta", delta: { stop_reason: "refusal" }, usage: {} }, true],
    [{ type: "content_block_delta", delta: { type: "signature_delta", signature: "a" } }, false],
    [{ type: "content_block_start", content_block: { type: "text", text: "" } }, false],
    [{ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: {} }, false],
    [{ type: "ping" }, false],
  ])("counts %j as a token or not", (event, expected) => {
    expect(reader.stream().take(event)).toBe(expected);
  });
});
