/** Watches what `beta.messages.toolRunner` of the `@anthropic-ai/sdk` client returns: a loop that goes on as it is iterated. */
import { hostOf, isRecord, NO_ANSWER } from "../../answer.ts";
import { abortWhenDropped } from "../../dropped.ts";
import { override } from "../../override.ts";
import type { Ending } from "../../recording.ts";
import type { ResultWatcher, WatchedResult } from "../wire.ts";
import { anthropicReader } from "./message-reader.ts";
import { isMessageStream, watchMessageStream } from "./message-stream-watcher.ts";

interface ToolRunner extends AsyncIterable<unknown> {
  runUntilDone(): Promise<unknown>;
  readonly params: { readonly max_iterations?: number | null };
  /** The version before 1 keeps its client here. */
  readonly client?: { readonly baseURL?: unknown };
}

function isToolRunner(result: object): result is ToolRunner {
  const runner = result as Partial<ToolRunner>;
  return typeof runner.runUntilDone === "function" && typeof runner[Symbol.asyncIterator] === "function";
}

export const toolRunnerWatcher: ResultWatcher = {
  matches: isToolRunner,
  watch: (result, watched) => {
    const runner = result as ToolRunner;
    watched.recording.mustRunOnce();
    abortWhenDropped(runner, watched.run);
    // All ways of running it come through here: `await`, `runUntilDone` and `for await`.
    const iterate = runner[Symbol.asyncIterator];
    override(runner, Symbol.asyncIterator, () => new WatchedLoop(runner, iterate.call(runner), watched));
  },
};

/** Reasons to stop after which the loop sends again: with the tools' results, or to let the model go on. */
const GOES_ON: ReadonlySet<unknown> = new Set(["tool_use", "pause_turn", "compaction"]);

class WatchedLoop implements AsyncIterator<unknown> {
  readonly #runner: ToolRunner;
  readonly #inner: AsyncIterator<unknown>;
  readonly #watched: WatchedResult;
  #calls = 0;
  /** The provider call under way. */
  #run: Ending | undefined;
  /** Whether another request is expected: a whole message comes without a word of when it was asked for. */
  #goesOn = true;

  constructor(runner: ToolRunner, inner: AsyncIterator<unknown>, watched: WatchedResult) {
    this.#runner = runner;
    this.#inner = inner;
    this.#watched = watched;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this;
  }

  async next(): Promise<IteratorResult<unknown>> {
    this.#expect();
    let result: IteratorResult<unknown>;
    try {
      result = await this.#inner.next();
    } catch (error) {
      (this.#run ?? this.#watched.run).fail(error);
      throw error;
    }
    if (result.done === true) (this.#run ?? this.#watched.run).abort();
    else this.#see(result.value);
    return result;
  }

  #expect(): void {
    const goesOn = this.#goesOn;
    this.#goesOn = false;
    try {
      if (goesOn) this.#begin();
    } catch {
      // A row that cannot be begun is no reason to stop.
    }
  }

  async return(value?: unknown): Promise<IteratorResult<unknown>> {
    (this.#run ?? this.#watched.run).abort();
    return (await this.#inner.return?.(value)) ?? { done: true, value };
  }

  #see(item: unknown): void {
    try {
      const run = this.#run ?? this.#begin();
      this.#run = undefined;
      // A streamed turn is handed over as soon as it is sent, and the next one begins with its stream.
      if (isMessageStream(item)) watchMessageStream(item, run);
      else {
        run.end("ok", anthropicReader.read(item));
        this.#goesOn = isRecord(item) && GOES_ON.has(item.stop_reason) && !this.#isLast();
      }
    } catch {
      // What cannot be read costs its numbers; the application gets it all the same.
      this.#watched.run.end("ok", NO_ANSWER);
    }
  }

  #isLast(): boolean {
    const { max_iterations: limit } = this.#runner.params;
    return Boolean(limit) && this.#calls >= (limit as number);
  }

  #begin(): Ending {
    const { run, recording } = this.#watched;
    this.#calls += 1;
    this.#run = this.#calls === 1 && run !== recording ? run : recording.step();
    this.#run.sawHost(hostOf(this.#runner.client?.baseURL));
    return this.#run;
  }
}
