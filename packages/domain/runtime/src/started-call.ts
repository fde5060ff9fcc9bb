/** An execution begun by hand, to be ended by the application. */
import type { ExecutionId, WriteReceipt } from "@colophon/kernel";
import type { Answer } from "./answer.ts";
import { abortWhenDropped } from "./dropped.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import type { Run } from "./run.ts";

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

/** Hands an execution to the application: one that nobody can end any more is aborted, once the collector has found it. */
export function startedCall(run: Run, prompt: PreparedPrompt): StartedCall {
  const ends = new HandEnds(run);
  abortWhenDropped(ends, run);
  const [finish, fail, abort] = [ends.finish.bind(ends), ends.fail.bind(ends), ends.abort.bind(ends)];
  return { id: run.id, prompt, finish, fail, abort };
}

/** Held by each of its methods, which an application may take apart. */
class HandEnds {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  finish(answer?: Partial<Answer>): WriteReceipt {
    return this.#run.finish(answer);
  }

  fail(error: unknown): WriteReceipt {
    return this.#run.fail(error);
  }

  abort(): WriteReceipt {
    return this.#run.abort();
  }
}
