/** `colophon/openai`: the wire of the official `openai` client, for places where `open` is given its wires. */
export {
  type OpenAiChatArguments,
  type OpenAiChatOptions,
  type OpenAiResponseArguments,
  type OpenAiResponseOptions,
  openai,
} from "@colophon/runtime";
