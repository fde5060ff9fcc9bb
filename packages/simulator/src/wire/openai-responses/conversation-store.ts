/** Keeps responses for as long as the process lives, so that later ones can go on from them. */

import type { MindMessage } from "../../mind/mind-request.ts";

export interface StoredResponse {
  /** The whole conversation up to and with this response; instructions are not handed on. */
  readonly messages: readonly MindMessage[];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ConversationStore {
  keep(id: string, response: StoredResponse): void;
  find(id: string): StoredResponse | undefined;
  /** Output items can be referred to by their id alone; `null` for one that holds nothing to read. */
  keepItem(id: string, message: MindMessage | null): void;
  findItem(id: string): MindMessage | null | undefined;
}

/** Beyond it the oldest are forgotten. */
const MOST = 10_000;

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > MOST && !oldest.done) map.delete(oldest.value);
}

export function createConversationStore(): ConversationStore {
  const responses = new Map<string, StoredResponse>();
  const items = new Map<string, MindMessage | null>();
  return {
    keep: (id, response) => put(responses, id, response),
    find: (id) => responses.get(id),
    keepItem: (id, message) => put(items, id, message),
    findItem: (id) => items.get(id),
  };
}
