/** Makes the prompts that writers write from. */
import { buildText, type Media, type MediaSource, type Message, type TextParts } from "@colophon/kernel";
import type { WirePrompt } from "./wire.ts";

/** A prompt of these messages; `more` are the parts of its text. */
export function wirePromptOf(messages: readonly Message[], more: Partial<TextParts> = {}): WirePrompt {
  const body = messages.map(({ role, content }) => ({ role, content }));
  const input = { type: "object", properties: {} };
  const text = buildText({ body, model: "gpt-5-mini", input, ...more });
  return { messages, model: text.model, text, recording: null };
}

export function mediumOf(source: MediaSource, more: Partial<Media> = {}): Media {
  return { name: "photo", source, mediaType: null, filename: null, ...more };
}

/** A message that holds a medium between texts. */
export function messageWith(media: Media, role: Message["role"] = "user"): Message {
  return {
    role,
    content: `What is in [${media.name}]?`,
    parts: [
      { type: "text", text: "What is in " },
      { type: "media", media },
      { type: "text", text: "?" },
    ],
  };
}

export const SYSTEM: Message = { role: "system", content: "Be brief." };
export const USER: Message = { role: "user", content: "Hello" };
export const ASSISTANT: Message = { role: "assistant", content: "Hi" };

/** A contract that strict modes take. */
export const CLOSED = {
  type: "object",
  properties: { label: { type: "string" } },
  required: ["label"],
  additionalProperties: false,
};
