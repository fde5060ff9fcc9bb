/** An execution begun by hand, to be ended by the application. */
import type { ExecutionId, WriteReceipt } from "@colophon/kernel";
import type { Answer } from "./answer.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";

/** An execution begun by hand. */
export interface StartedCall {
  readonly id: ExecutionId;
  readonly prompt: PreparedPrompt;
  /** Ends it with an answer; says what became of the row. */
  finish(answer?: Partial<Answer>): WriteReceipt;
  /** Ends it with the error of the call; an abort is told apart. */
  fail(error: unknown): WriteReceipt;
  /** Ends it as aborted. */
  abort(): WriteReceipt;
}
