/** Marks where OpenAI's prompt cache may end, for the models that can be told. */
import type { ModelChoice } from "@colophon/kernel";

/** On the last piece of a message. */
export interface CacheMark {
  prompt_cache_breakpoint?: { mode: "explicit" };
}

/** From GPT-5.6 on; models before cache by themselves and refuse to be told. */
const TOLD = /^gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)/;

export function cacheMark(model: ModelChoice, isPoint: boolean): CacheMark {
  return isPoint && TOLD.test(model.id) ? { prompt_cache_breakpoint: { mode: "explicit" } } : {};
}
