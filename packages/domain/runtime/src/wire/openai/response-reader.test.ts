/** Tests the reader of responses. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openaiResponseReader as reader } from "./response-reader.ts";

const usage = {
  input_tokens: 9,
  output_tokens: 3,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
  output_tokens_details: { reasoning_tokens: 1 },
};
const message = (...content: readonly object[]) => ({ type: "message", role: "assistant", content });
const said = (text: string) => ({ type: "output_text", text });
const response = (more: object) => ({
  object: "response",
  model: "gpt-5-mini",
  status: "completed",
  usage,
  ...more,
});

describe("openaiResponseReader", () => {
  it("reads text, tools and tokens of a whole response", () => {
    const output = [
      { type: "reasoning", summary: [] },
      message(said("Hel"), said("lo")),
      message(said("!")),
      { type: "function_call", name: "sort", call_id: "c" },
      { type: "custom_tool_call", name: "note" },
      { type: "mcp_call", name: "search", server_label: "s" },
      { type: "web_search_call" },
      { type: "code_interpreter_call" },
      { type: "function_call_output", call_id: "c" },
    ];
    expect(reader.read(response({ output }))).toEqual({
      text: "Hello!",
      model: "gpt-5-mini",
      systemFingerprint: null,
      usage: { input: 9, output: 3, reasoning: 1, cacheRead: 4, cacheWrite: 2 },
      finishReason: "completed",
      toolCalls: ["sort", "note", "search", "web_search", "code_interpreter"],
      refused: false,
      failure: null,
    });
  });

  it("reads refusals, of the model and of the provider's filter", () => {
    const refusal = message({ type: "refusal", refusal: "No." });
    expect(reader.read(response({ output: [refusal] }))).toMatchObject({ text: "No.", refused: true });
    const filtered = { status: "incomplete", incomplete_details: { reason: "content_filter" }, output: [] };
    expect(reader.read(response(filtered))).toMatchObject({ finishReason: "content_filter", refused: true });
  });

  it("tells responses that failed, and such that have no answer yet", () => {
    const failed = { status: "failed", error: { code: "server_error" }, output: [] };
    expect(reader.read(response(failed))).toMatchObject({ failure: "server_error", finishReason: "failed" });
    const queued = reader.read(response({ status: "queued", usage: null, output: [] }));
    expect(queued).toMatchObject({ toolCalls: null, refused: null, finishReason: "queued", text: null });
    expect(queued.usage.input).toBeNull();
  });

  it("reads the same from a stream, however it is cut, as from the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string({ minLength: 1 })), (pieces, names) => {
        const output = [
          ...(pieces.length === 0 ? [] : [message(said(pieces.join("")))]),
          ...names.map((name) => ({ type: "function_call", name })),
        ];
        const whole = response({ output });
        const events = [
          {
            type: "response.created",
            response: response({ status: "in_progress", usage: null, output: [] }),
          },
          ...pieces.map((delta) => ({ type: "response.output_text.delta", delta })),
          ...names.map((name) => ({
            type: "response.output_item.added",
            item: { type: "function_call", name },
          })),
        ];
        const stream = reader.stream();
        for (const event of events) stream.take(event);
        expect(stream.isWhole?.()).toBe(false);
        const { text, toolCalls } = stream.answer();
        expect([text ?? "", toolCalls]).toEqual([pieces.join(""), names]);
        stream.take({ type: "response.completed", response: whole });
        expect(stream.answer()).toEqual(reader.read(whole));
        expect(stream.isWhole?.()).toBe(true);
      }),
    );
  });

  it("keeps what was streamed where the last event does not repeat it", () => {
    const stream = reader.stream();
    stream.take({ type: "response.output_text.delta", delta: "Hi" });
    stream.take({ type: "response.output_item.added", item: { type: "web_search_call" } });
    stream.take({
      type: "response.incomplete",
      response: response({ status: "incomplete", output: undefined }),
    });
    expect(stream.answer()).toMatchObject({ text: "Hi", toolCalls: ["web_search"], usage: { input: 9 } });
  });

  it("reads errors inside a stream", () => {
    for (const event of [
      { type: "error", code: "rate_limit_exceeded" },
      { type: "error", error: { code: "rate_limit_exceeded" } },
      {
        type: "response.failed",
        response: response({ status: "failed", error: { code: "rate_limit_exceeded" } }),
      },
    ]) {
      const stream = reader.stream();
      stream.take(event);
      expect(stream.answer().failure).toBe("rate_limit_exceeded");
    }
  });

  it.each([
    [{ type: "response.output_text.delta", delta: "a" }, true],
    [{ type: "response.refusal.delta", delta: "a" }, true],
    [{ type: "response.reasoning_summary_text.delta", delta: "a" }, true],
    [{ type: "response.function_call_arguments.delta", delta: "{" }, true],
    [{ type: "response.output_text.delta", delta: "" }, false],
    [{ type: "response.output_item.added", item: { type: "message" } }, false],
    [{ type: "response.in_progress", response: {} }, false],
  ])("counts %j as a token or not", (event, expected) => {
    expect(reader.stream().take(event)).toBe(expected);
  });
});
