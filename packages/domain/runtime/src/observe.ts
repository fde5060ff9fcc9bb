/** Watches what the application's own call returns, without changing it. */
import {
  type Answer,
  type AnswerReader,
  completeAnswer,
  isRecord,
  NO_ANSWER,
  type StreamReader,
} from "./answer.ts";
import type { Run } from "./run.ts";

/** Reads answers that no reader knows, for clients of the application's own. */
export type ReadAnswer = (answer: unknown) => Partial<Answer>;

export interface Watch {
  readonly run: Run;
  readonly readers: readonly AnswerReader[];
  readonly read: ReadAnswer | undefined;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && typeof value.then === "function";
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return (
    isRecord(value) &&
    typeof (value as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator] === "function"
  );
}

/**
 * Attaches to the value and returns it, the same object: a promise settles as before, a stream is
 * read only as the application reads it. Never throws.
 */
export function observe<R>(value: R, watch: Watch): R {
  guarded(watch.run, () => {
    if (isThenable(value)) watchPromise(value, watch);
    else settle(value, watch);
  });
  return value;
}

/** A value that cannot be looked at, or watched because it is frozen, is a row without an answer. */
function guarded(run: Run, look: () => void): void {
  try {
    look();
  } catch {
    run.end("ok", NO_ANSWER);
  }
}

function settle(value: unknown, watch: Watch): void {
  guarded(watch.run, () => {
    const answer = unwrapped(value);
    if (isStream(answer)) watchStream(answer, watch);
    else watch.run.end("ok", readAnswer(answer, watch));
  });
}

/** What `withResponse()` of the OpenAI and Anthropic clients resolves to has the answer in `data`. */
function unwrapped(value: unknown): unknown {
  return isRecord(value) && "data" in value && "response" in value && "request_id" in value
    ? value.data
    : value;
}

function readAnswer(value: unknown, watch: Watch): Answer {
  try {
    if (watch.read !== undefined) return completeAnswer(watch.read(value));
    const reader = watch.readers.find((candidate) => candidate.matches(value));
    if (reader !== undefined) return reader.read(value);
  } catch {
    // An answer that cannot be read is a row without numbers, never an error of the caller's.
  }
  return typeof value === "string" ? { ...NO_ANSWER, text: value } : NO_ANSWER;
}

/** A promise or stream that is dropped unread is an aborted call, once the collector finds it. */
const dropped = new FinalizationRegistry<Run>((run) => run.abort());

function watchPromise(promise: PromiseLike<unknown>, watch: Watch): void {
  const onSettled = (settled: unknown): void => settle(settled, watch);
  const onFailed = (error: unknown): void => {
    watch.run.fail(error);
  };
  // Attached before the application can await it, so the row is written before its next line runs.
  if (promise.then === Promise.prototype.then) promise.then(onSettled, onFailed);
  else watchLazy(promise, { onSettled, onFailed, run: watch.run });
}

interface Settling {
  readonly onSettled: (settled: unknown) => void;
  readonly onFailed: (error: unknown) => void;
  readonly run: Run;
}

/**
 * A promise of a client's own may send its request, or use up its response, only when it is asked to:
 * it is watched from the moment when the application asks.
 */
function watchLazy(promise: PromiseLike<unknown>, settling: Settling): void {
  const { onSettled, onFailed, run } = settling;
  const client = promise as ClientPromise;
  let watched = false;
  const observed = (asked: PromiseLike<unknown>): void => {
    if (watched) return;
    watched = true;
    dropped.unregister(run);
    asked.then(onSettled, onFailed);
  };
  dropped.register(promise, run, run);
  if (typeof client.parse === "function" && typeof client.asResponse === "function") {
    const { parse, asResponse } = client;
    // Everything but asResponse goes through parse, which uses up the response's body.
    define(client, "parse", () => {
      const parsed = parse.call(client);
      observed(parsed);
      return parsed;
    });
    define(client, "asResponse", () => {
      const response = asResponse.call(client);
      if (!watched) observed(response.then(() => undefined));
      return response;
    });
    return;
  }
  const { then } = promise;
  define(promise, "then", (...handlers: Parameters<PromiseLike<unknown>["then"]>) => {
    if (watched) return then.apply(promise, handlers);
    watched = true;
    dropped.unregister(run);
    const [onValue, onError] = handlers;
    return then.call(
      promise,
      (value) => {
        onSettled(value);
        return onValue ? onValue(value) : value;
      },
      (error: unknown) => {
        onFailed(error);
        if (onError) return onError(error);
        throw error;
      },
    );
  });
}

/** The promise of a Stainless client, such as OpenAI's: parses its response on demand, or hands it out raw. */
interface ClientPromise extends PromiseLike<unknown> {
  parse?(): PromiseLike<unknown>;
  asResponse?(): PromiseLike<unknown>;
}

function define(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

/**
 * Observes a stream through methods of the very object, so that its class, methods and identity
 * stay as the client made them.
 */
function watchStream(stream: AsyncIterable<unknown>, watch: Watch): void {
  dropped.register(stream, watch.run);
  const own = stream as OwnIteration;
  if (typeof own.next === "function") {
    watchSteps(own, watch);
  } else if (typeof own.iterator === "function" && typeof own.tee === "function") {
    // OpenAI's and Anthropic's streams also split and convert themselves, all through `iterator`.
    const { iterator } = own;
    define(own, "iterator", () => new WatchedIterator(iterator.call(own), { ...watch, stream }));
  } else {
    const original = stream[Symbol.asyncIterator];
    const observed = (): AsyncIterator<unknown> =>
      new WatchedIterator(original.call(stream), { ...watch, stream });
    define(stream, Symbol.asyncIterator, observed);
  }
}

interface OwnIteration extends AsyncIterable<unknown>, Partial<AsyncIterator<unknown>> {
  iterator?(): AsyncIterator<unknown>;
  tee?(): unknown;
}

/** A stream that is its own iterator, as generators are, may be stepped by hand. */
function watchSteps(stream: OwnIteration, watch: Watch): void {
  const bound = (name: "next" | "return" | "throw"): never => stream[name]?.bind(stream) as never;
  const inner: AsyncIterator<unknown> = {
    next: bound("next"),
    return: bound("return"),
    throw: bound("throw"),
  };
  const watched = new WatchedIterator(inner, { ...watch, stream });
  define(stream, "next", watched.next.bind(watched));
  if (inner.return !== undefined) define(stream, "return", watched.return.bind(watched));
  if (inner.throw !== undefined) define(stream, "throw", watched.throw.bind(watched));
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
    let result: IteratorResult<unknown>;
    try {
      result = await this.#inner.next(...args);
    } catch (error) {
      run.fail(error, this.#answer());
      throw error;
    }
    if (result.done !== true) this.#take(result.value);
    else if (this.#wasAborted()) run.abort(this.#answer());
    else run.end("ok", this.#answer());
    return result;
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

  /** An aborted stream of OpenAI's ends as if it were complete; only its controller knows better. */
  #wasAborted(): boolean {
    const { stream } = this.#watch;
    const controller = isRecord(stream) ? stream.controller : undefined;
    const signal = isRecord(controller) ? controller.signal : undefined;
    return isRecord(signal) && signal.aborted === true;
  }

  #take(chunk: unknown): void {
    const { run, readers } = this.#watch;
    try {
      if (!this.#seen) {
        this.#seen = true;
        this.#reader = readers.find((candidate) => candidate.matchesChunk(chunk))?.stream();
        if (this.#reader === undefined) run.sawFirstToken();
      }
      if (this.#reader?.take(chunk) === true) run.sawFirstToken();
    } catch {
      // A chunk that cannot be read costs its numbers; the application gets it all the same.
    }
  }

  #answer(): Answer {
    return this.#reader?.answer() ?? NO_ANSWER;
  }
}
