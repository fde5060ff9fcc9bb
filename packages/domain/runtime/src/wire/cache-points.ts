/** Finds the rendered messages after which a provider's prompt cache may end. */
import { type Body, scanTemplate } from "@colophon/kernel";
import type { WirePrompt } from "./wire.ts";

/** Indexes into the rendered messages; a breakpoint counts the parts of the body, of which the history is one. */
export function cachePoints({ messages, text }: Pick<WirePrompt, "messages" | "text">): ReadonlySet<number> {
  const { cache = [], body } = text;
  const points = new Set<number>();
  if (cache.length === 0) return points;
  const slot = cache.some((point) => point !== "system") ? historySlot(body) : undefined;
  for (const point of cache) {
    const index =
      point === "system"
        ? messages.findLastIndex(({ role }) => role === "system")
        : slot === undefined || point < slot.at
          ? point
          : // Behind the history, whose length is the call's, messages are counted from the end.
            messages.length - slot.parts + point;
    // Parts that turned out blank are no messages: then the cache ends a little elsewhere, and nothing else changes.
    if (index >= 0 && index < messages.length) points.add(index);
  }
  return points;
}

/** Where the history stands among the parts of a body, and how many parts there are. */
function historySlot(body: Body): { readonly at: number; readonly parts: number } | undefined {
  const kinds = typeof body === "string" ? kindsOf(body) : body;
  const at = kinds.indexOf("history");
  return at < 0 ? undefined : { at, parts: kinds.length };
}

/**
 * The parts of a text, which marks them itself and may say something before its first mark. It was rendered, so it
 * is a template: what a tag is can be told by how it begins, and a wire need not carry the parser.
 */
function kindsOf(body: string): readonly string[] {
  if (!body.includes("history")) return [];
  const kinds: string[] = [];
  for (const { tag, text } of scanTemplate(body)) {
    const mark = /^\{\{\s*(role(?=\s)|history(?=\s*\}))/.exec(tag ?? "")?.[1];
    if (mark) kinds.push(mark);
    else if (kinds.length === 0 && text?.trim() !== "") kinds.push("user");
  }
  return kinds;
}
