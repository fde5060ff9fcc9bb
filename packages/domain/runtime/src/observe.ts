/** Watches what the application's own call returns, without changing it. */
import { type Answer, type AnswerReader, NO_ANSWER, type StreamReader } from "./answer.ts";
import type { Run } from "./run.ts";

/** Reads answers that no reader knows, for clients of the application's own. */
export type ReadAnswer = (answer: unknown) => Partial<Answer>;

export interface Watch {
  readonly run: Run;
  readonly readers: readonly AnswerReader[];
  readonly read: ReadAnswer | undefined;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/**
 * Attaches to the value and returns it, the same object: a promise settles as before, a stream is
 * read only as the application reads it.
 */
export function observe<R>(value: R, watch: Watch): R {
  if (isThenable(value)) {
    // Attached before the application can await it, so the row is written before its next line runs.
    value.then(
      (settled) => settle(settled, watch),
      (error: unknown) => watch.run.fail(error),
    );
    return value;
  }
  settle(value, watch);
  return value;
}

function settle(value: unknown, watch: Watch): void {
  if (isStream(value)) {
    watchStream(value, watch);
    return;
  }
  watch.run.finish(readAnswer(value, watch));
}

function readAnswer(value: unknown, watch: Watch): Answer {
  try {
    if (watch.read !== undefined) return { ...NO_ANSWER, ...watch.read(value) };
    const reader = watch.readers.find((candidate) => candidate.matches(value));
    if (reader !== undefined) return reader.read(value);
  } catch {
    // An answer that cannot be read is a row without numbers, never an error of the caller's.
  }
  return typeof value === "string" ? { ...NO_ANSWER, text: value } : NO_ANSWER;
}

/** A stream that is dropped unread is an aborted call, once the collector finds it. */
const dropped = new FinalizationRegistry<Run>((run) => run.abort());

/**
 * Observes a stream through an own `Symbol.asyncIterator` on the very object, so that its class,
 * methods and identity stay as the client made them.
 */
function watchStream(stream: AsyncIterable<unknown>, watch: Watch): void {
  const original = stream[Symbol.asyncIterator];
  const observed = (): AsyncIterator<unknown> =>
    new WatchedIterator(original.call(stream), { ...watch, stream });
  dropped.register(stream, watch.run);
  try {
    Object.defineProperty(stream, Symbol.asyncIterator, {
      value: observed,
      configurable: true,
      writable: true,
    });
  } catch {
    // A frozen stream cannot be watched; its call is still a row.
    watch.run.finish(NO_ANSWER);
  }
}

class WatchedIterator implements AsyncIterator<unknown> {
  readonly #inner: AsyncIterator<unknown>;
  /** Holds the stream too, which must not be collected while it is read. */
  readonly #watch: Watch & { readonly stream: unknown };
  #reader: StreamReader | undefined;
  #seen = false;

  constructor(inner: AsyncIterator<unknown>, watch: Watch & { readonly stream: unknown }) {
    this.#inner = inner;
    this.#watch = watch;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this;
  }

  async next(...args: [] | [undefined]): Promise<IteratorResult<unknown>> {
    const { run } = this.#watch;
    try {
      const result = await this.#inner.next(...args);
      if (result.done === true) run.end({ status: "ok", answer: this.#answer(), error: null });
      else this.#take(result.value);
      return result;
    } catch (error) {
      run.fail(error, this.#answer());
      throw error;
    }
  }

  async return(value?: unknown): Promise<IteratorResult<unknown>> {
    this.#watch.run.abort(this.#answer());
    return (await this.#inner.return?.(value)) ?? { done: true, value };
  }

  async throw(error?: unknown): Promise<IteratorResult<unknown>> {
    this.#watch.run.fail(error, this.#answer());
    if (this.#inner.throw === undefined) throw error;
    return this.#inner.throw(error);
  }

  #take(chunk: unknown): void {
    const { run, readers } = this.#watch;
    if (!this.#seen) {
      this.#seen = true;
      this.#reader = readers.find((candidate) => candidate.matchesChunk(chunk))?.stream();
      if (this.#reader === undefined) run.sawFirstToken();
    }
    if (this.#reader?.take(chunk) === true) run.sawFirstToken();
  }

  #answer(): Answer {
    return this.#reader?.answer() ?? NO_ANSWER;
  }
}
