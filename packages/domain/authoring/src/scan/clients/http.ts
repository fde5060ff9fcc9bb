/** Providers' addresses and the bodies of their requests, for calls over plain HTTP. */
import { messages, type PromptSlot, text } from "./client-call.ts";

/** Calls that send a request, by their last step. */
export const HTTP_CALLS: ReadonlySet<string> = new Set([
  ...[
    "fetch",
    "$fetch",
    "ofetch",
    "post",
    "request",
    "Request",
    "axios",
    "got",
    "ky",
    "needle",
    "fetchWithRetry",
  ],
  ...["stream", "apost", "fetchEventSource", "proxyFetch", "fetchJson"],
]);

/** Options of such a call in which the body stands; then positions. */
export const BODY_OPTIONS: readonly string[] = ["json", "body", "data", "payload", "content", "1", "2"];

/** What part of an address says which client it stands for; the first that fits counts. */
export const ADDRESSES: readonly (readonly [part: RegExp, client: string])[] = [
  [/api\.anthropic\.com/, "anthropic.messages"],
  [/generativelanguage\.googleapis|aiplatform\.googleapis/, "google.generateContent"],
  [/api\.mistral\.ai/, "mistral.chat"],
  [/api\.cohere\.(?:ai|com)/, "cohere.chat"],
  [/api\.groq\.com/, "groq.chat"],
  [/api\.together\.(?:ai|xyz)/, "together.chat"],
  [/openrouter\.ai/, "openrouter.chat"],
  [/api\.perplexity\.ai/, "perplexity.chat"],
  [/api\.deepseek\.com/, "deepseek.chat"],
  [/api\.x\.ai/, "xai.chat"],
  [/huggingface\.co/, "huggingface.textGeneration"],
  [/api\.replicate\.com/, "replicate.run"],
  [/openai\.azure\.com/, "azure-openai.chat"],
  [/api\.openai\.com.*\/images/, "openai.images"],
  [/api\.openai\.com.*\/responses/, "openai.responses"],
  [/api\.openai\.com/, "openai.chat"],
  [/:11434.*\/api\/generate|\/api\/generate\b/, "ollama.generate"],
  [/:11434/, "ollama.chat"],
  // An address of one's own that has the shape of a provider's.
  [/\/chat\/completions/, "openai.chat"],
  [/\/v1\/responses\b/, "openai.responses"],
  [/\/v1\/messages\b/, "anthropic.messages"],
  [/:(?:streamG|g)enerateContent/, "google.generateContent"],
  [/\/completions?\b/, "openai.completions"],
  [/\/api\/chat\b/, "ollama.chat"],
];

/** What is no prompt, whatever its body is called. */
export const OTHER_ADDRESSES =
  /\/embeddings\b|\/embed\b|\/moderations\b|\/rerank\b|:embedContent|\/audio\/speech/;

/** Where the prompts stand in a body. */
export const BODY_PROMPTS: readonly PromptSlot[] = [
  text(
    "system",
    ...[
      "system",
      "instructions",
      "systemInstruction",
      "system_instruction",
      "preamble",
      "input.system_prompt",
    ],
  ),
  messages("messages", "contents", "input.messages"),
  text("user", "prompt", "inputText", "inputs", "message", "input.prompt"),
  messages("input"),
];
