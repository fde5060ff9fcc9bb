/** The wire of the official `openai` client. */
import type { Wire } from "../wire.ts";
import { openaiChatArguments } from "./chat-arguments.ts";
import { openaiChatReader } from "./chat-reader.ts";
import { openaiHelperWatcher } from "./helper-watcher.ts";
import { openaiResponseArguments } from "./response-arguments.ts";
import { openaiResponseReader } from "./response-reader.ts";

/** Chat completions and responses: whole, streamed, and through the client's helpers. */
export const openai: Wire = {
  writers: { openai: openaiChatArguments, responses: openaiResponseArguments },
  readers: [openaiChatReader, openaiResponseReader],
  watchers: [openaiHelperWatcher],
};
