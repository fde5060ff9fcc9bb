/** Tests the reader of chat completions beyond what the tests of `observe` read with it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_USAGE, type StreamReader } from "../../answer.ts";
import { openaiChatReader as reader } from "./chat-reader.ts";

const usage = {
  prompt_tokens: 9,
  completion_tokens: 3,
  prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 1 },
};
const head = { model: "gpt-5-mini", system_fingerprint: "fp" };

function streamed(deltas: readonly object[], finish: string): StreamReader {
  const stream = reader.stream();
  for (const delta of deltas) stream.take({ ...head, choices: [{ index: 0, delta, finish_reason: null }] });
  stream.take({ ...head, choices: [{ index: 0, delta: {}, finish_reason: finish }] });
  stream.take({ ...head, choices: [], usage });
  return stream;
}

/** A text in pieces. */
const pieces = fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 });

/** The tools of a stream that names the tool in every piece. */
function toolsOf(pieces: readonly object[]): readonly string[] | null {
  const stream = reader.stream();
  for (const piece of pieces) {
    const call = { ...piece, function: { name: "lookup", arguments: "{" } };
    stream.take({ choices: [{ index: 0, delta: { tool_calls: [call] } }] });
  }
  return stream.answer().toolCalls;
}

describe("openaiChatReader", () => {
  it("reads the same from a stream, however it is cut, as from the whole", () => {
    const call = (name: string) => ({ function: { name, arguments: "{}" } });
    fc.assert(
      fc.property(
        pieces,
        fc.option(pieces),
        fc.array(fc.string({ minLength: 1 })),
        (text, refusal, names) => {
          const message = {
            content: text.join(""),
            refusal: refusal?.join("") ?? null,
            tool_calls: names.map(call),
          };
          const whole = { ...head, choices: [{ index: 0, message, finish_reason: "stop" }], usage };
          const deltas = [
            ...text.map((content) => ({ content })),
            ...(refusal ?? []).map((piece) => ({ refusal: piece })),
            ...names.flatMap((name, index) => [
              { tool_calls: [{ index, ...call(name) }] },
              { tool_calls: [{ index, function: { arguments: "}" } }] },
            ]),
          ];
          expect(streamed(deltas, "stop").answer()).toEqual(reader.read(whole));
        },
      ),
    );
  });

  it("reads all kinds of tokens", () => {
    expect(streamed([], "stop").answer().usage).toEqual({
      input: 9,
      output: 3,
      reasoning: 1,
      cacheRead: 4,
      cacheWrite: 2,
    });
    expect(reader.read({ ...head, choices: [] }).usage).toBe(NO_USAGE);
  });

  it.each([
    ["text", { content: "a" }, true],
    ["a refusal", { refusal: "a" }, true],
    ["a tool call", { tool_calls: [{ index: 0, function: { name: "a", arguments: "" } }] }, true],
    ["reasoning of another provider", { reasoning_content: "a" }, true],
    ["its role alone", { role: "assistant", content: "" }, false],
    ["nothing", {}, false],
  ])("counts %s as a token or not", (_, delta, expected) => {
    expect(reader.stream().take({ choices: [{ index: 0, delta }] })).toBe(expected);
  });

  it("knows when an answer is whole", () => {
    const stream = reader.stream();
    expect(stream.isWhole?.()).toBe(false);
    stream.take({ choices: [{ index: 0, delta: { content: "a" } }] });
    expect(stream.isWhole?.()).toBe(false);
    stream.take({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    expect(stream.isWhole?.()).toBe(true);
  });

  it.each<readonly [string, readonly object[]]>([
    ["whose name comes with each piece", [{ index: 0, id: "a" }, { index: 0, id: "a" }, { index: 0 }]],
    [
      "whose id comes with the first piece alone",
      [
        { index: 0, id: "a" },
        { index: 0, id: "" },
      ],
    ],
  ])("counts a tool call once %s", (_, pieces) => {
    expect(toolsOf(pieces)).toEqual(["lookup"]);
  });

  it("counts tool calls apart by their index, or by their id where all have the same index", () => {
    expect(toolsOf([{ index: 0 }, { index: 1 }])).toHaveLength(2);
    expect(
      toolsOf([
        { index: 0, id: "a" },
        { index: 0, id: "b" },
      ]),
    ).toHaveLength(2);
  });

  it("knows chunks and answers that have lost their name", () => {
    const ahead = { object: "", model: "", choices: [], prompt_filter_results: [] };
    expect(reader.matchesChunk(ahead)).toBe(true);
    expect(reader.matches({ choices: [{ message: { content: "a" } }] })).toBe(true);
    expect(reader.matches({ object: "text_completion", choices: [] })).toBe(false);
    const stream = reader.stream();
    expect(stream.take(ahead)).toBe(false);
    expect(stream.isWhole?.()).toBe(false);
  });

  it("takes the model from the first chunk that names one", () => {
    const stream = reader.stream();
    for (const model of ["", "gpt-5-mini"]) stream.take({ model, choices: [] });
    expect(stream.answer().model).toBe("gpt-5-mini");
  });
});
