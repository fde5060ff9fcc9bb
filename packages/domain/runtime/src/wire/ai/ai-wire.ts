/** The wire of the AI SDK (`ai`, versions 6 and 7). */
import type { Wire } from "../wire.ts";
import { aiArguments } from "./ai-arguments.ts";
import { aiReaders, streamedResult } from "./ai-results.ts";

/** `generateText`, `streamText`, `generateObject`, `streamObject`, agents and embeddings, through any provider. */
export const ai: Wire = {
  writers: { ai: aiArguments },
  readers: aiReaders,
  watchers: [streamedResult],
};
