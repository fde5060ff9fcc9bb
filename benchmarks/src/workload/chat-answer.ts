/** An answer in the format of OpenAI's chat completions, as the client parses it. */
export interface ChatAnswer {
  readonly id: string;
  readonly object: "chat.completion";
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
  readonly choices: readonly {
    readonly index: number;
    readonly message: { readonly role: "assistant"; readonly content: string; readonly refusal: null };
    readonly finish_reason: "stop";
  }[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
    readonly completion_tokens_details: { readonly reasoning_tokens: number };
  };
}

const CONTENT = '{"class":"billing","confidence":0.93}';

/** Answers differ from call to call, as those of a model do. */
export function chatAnswer(index: number): ChatAnswer {
  const input = 820 + (index % 97);
  const output = 12 + (index % 31);
  return {
    id: `chatcmpl-${index}`,
    object: "chat.completion",
    created: 1_790_000_000 + index,
    model: "gpt-5-mini-2025-08-07",
    system_fingerprint: "fp_44709d6fcb",
    choices: [
      { index: 0, message: { role: "assistant", content: CONTENT, refusal: null }, finish_reason: "stop" },
    ],
    usage: {
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      prompt_tokens_details: { cached_tokens: 768 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
  };
}
