/** Says what a reply carries that goes out in one piece. */

import type { SimulatorReply } from "../serve/answer-machine.ts";
import type { Carried } from "../serve/served-call.ts";

/** All of a whole answer, with the provider's word for its end. */
export function carriedBy(reply: SimulatorReply, finishWord: string): Carried {
  const { text, refusal, toolCalls, finishReason, usage, reasoning } = reply;
  return {
    text,
    reasoning,
    toolCalls,
    finishReason,
    finishWord,
    usage,
    ...(refusal !== undefined && { refusal }),
  };
}
