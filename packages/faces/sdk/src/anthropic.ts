/** `colophon/anthropic`: the wire of the official `@anthropic-ai/sdk` client, for places where `open` is given its wires. */
export { type AnthropicArguments, type AnthropicOptions, anthropic } from "@colophon/runtime";
