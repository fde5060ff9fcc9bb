/** Streamed answers in the formats of OpenAI and Anthropic, chunk by chunk as their clients parse them. */

/** The words of an answer, each a chunk of its own. */
const WORDS = [
  "The ",
  "export ",
  "hangs ",
  "whenever ",
  "the ",
  "file ",
  "has ",
  "more ",
  "rows ",
  "in it. ",
];

function pieces(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => WORDS[index % WORDS.length] as string);
}

/** Chunks of a chat completion. */
export function chatChunks(count: number): readonly object[] {
  const chunk = (choices: readonly object[], usage: object | null): object => ({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "gpt-5-mini-2025-08-07",
    service_tier: "default",
    system_fingerprint: "fp_44709d6fcb",
    choices,
    usage,
  });
  const choice = (delta: object, finish_reason: string | null): object => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason,
  });
  return [
    chunk([choice({ role: "assistant", content: "", refusal: null }, null)], null),
    ...pieces(count - 3).map((content) => chunk([choice({ content }, null)], null)),
    chunk([choice({}, "stop")], null),
    chunk([], {
      prompt_tokens: 820,
      completion_tokens: count,
      total_tokens: 820 + count,
      prompt_tokens_details: { cached_tokens: 768 },
      completion_tokens_details: { reasoning_tokens: 0 },
    }),
  ];
}

/** Events of a response. */
export function responseEvents(count: number): readonly object[] {
  const response = { id: "resp_1", object: "response", model: "gpt-5-mini-2025-08-07" };
  const texts = pieces(count - 2);
  return [
    {
      type: "response.created",
      sequence_number: 0,
      response: { ...response, status: "in_progress", output: [] },
    },
    ...texts.map((delta, index) => ({
      type: "response.output_text.delta",
      sequence_number: index + 1,
      item_id: "msg_1",
      output_index: 0,
      content_index: 0,
      delta,
      logprobs: [],
    })),
    {
      type: "response.completed",
      sequence_number: count,
      response: {
        ...response,
        status: "completed",
        output: [
          { type: "message", role: "assistant", content: [{ type: "output_text", text: texts.join("") }] },
        ],
        usage: { input_tokens: 820, output_tokens: count },
      },
    },
  ];
}

/** Events of an Anthropic message. */
export function messageEvents(count: number): readonly object[] {
  const message = { id: "msg_1", type: "message", role: "assistant", model: "claude-haiku-4-5", content: [] };
  const usage = { input_tokens: 820, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  return [
    {
      type: "message_start",
      message: { ...message, stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "", citations: null } },
    ...pieces(count - 5).map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    })),
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { ...usage, output_tokens: count },
    },
    { type: "message_stop" },
  ];
}
