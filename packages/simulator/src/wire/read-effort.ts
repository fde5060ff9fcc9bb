/** Reads how hard a model shall think, in OpenAI's and Anthropic's words. */

import { EFFORTS, type Effort } from "../mind/mind-request.ts";

export const EFFORT_WORDS: readonly string[] = [...EFFORTS, "max"];

/** `max` is the highest effort there is here. */
export function readEffort(value: unknown): Effort | undefined {
  return value === "max" ? "xhigh" : EFFORTS.find((effort) => effort === value);
}
