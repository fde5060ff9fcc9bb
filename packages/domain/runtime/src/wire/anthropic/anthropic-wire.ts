/** The wire of the official `@anthropic-ai/sdk` client. */
import type { Wire } from "../wire.ts";
import { anthropicArguments } from "./message-arguments.ts";
import { anthropicReader } from "./message-reader.ts";
import { messageStreamWatcher } from "./message-stream-watcher.ts";
import { toolRunnerWatcher } from "./tool-runner-watcher.ts";

/** Messages: whole, streamed, and through the client's helpers. */
export const anthropic: Wire = {
  writers: { anthropic: anthropicArguments },
  readers: [anthropicReader],
  watchers: [toolRunnerWatcher, messageStreamWatcher],
};
