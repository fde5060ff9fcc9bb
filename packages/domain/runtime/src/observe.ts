/** Watches what the application's own call returns, without changing it. */
import {
  type Answer,
  type AnswerReader,
  completeAnswer,
  hostOf,
  isRecord,
  NO_ANSWER,
  type StreamReader,
} from "./answer.ts";
import { abortWhenDropped, wasUsed } from "./dropped.ts";
import { endAnswer, endStream, failureOf, leaveStream } from "./end-stream.ts";
import { override } from "./override.ts";
import type { Ending, Recording } from "./recording.ts";
import { isReadable, watchReadable } from "./watch-readable.ts";
import type { ResultWatcher } from "./wire/wire.ts";

/** Reads answers that no reader knows, for clients of the application's own. */
export type ReadAnswer = (answer: unknown) => Partial<Answer>;

export interface Watch {
  /** The execution, or the record as a whole. */
  readonly run: Ending;
  /** The record that the execution is part of. */
  readonly recording: Recording;
  readonly readers: readonly AnswerReader[];
  readonly watchers: readonly ResultWatcher[];
  readonly read: ReadAnswer | undefined;
  /** Told when the promise that was sent has settled; must not throw. */
  readonly settled?: (() => void) | undefined;
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
    // A result with a watcher of its own may be a promise or a stream besides.
    if (isRecord(value) && handOver(value, watch)) watch.settled?.();
    else if (isThenable(value)) watchPromise(value, watch);
    // Such a result comes before the calls that it stands for.
    else if (watch.recording.expected && isRecord(value)) abortWhenDropped(value, watch.run);
    else settle(value, watch);
  });
  return value;
}

/** A value that cannot be looked at, or watched because it is frozen, is a row without an answer. */
function guarded(run: Ending, look: () => void): void {
  try {
    look();
  } catch {
    run.end("ok", NO_ANSWER);
  }
}

function handOver(value: object, watch: Watch): boolean {
  const watcher = watch.watchers.find((candidate) => candidate.matches(value));
  watcher?.watch(value, watch);
  return watcher !== undefined;
}

function settle(value: unknown, watch: Watch): void {
  guarded(watch.run, () => {
    const answer = unwrapped(value, watch.run);
    if (isRecord(answer) && handOver(answer, watch)) return;
    if (isStream(answer)) watchStream(answer, watch);
    else if (comesBeforeItsCalls(answer, watch)) {
      if (isRecord(answer)) abortWhenDropped(answer, watch.run);
      else watch.recording.endWithSteps();
    } else if (watch.read === undefined && isFailedResponse(answer)) {
      watch.run.fail(failureOf(String(answer.status)));
    } else endAnswer(watch.run, readAnswer(answer, watch));
  });
}

/** True for what stands for calls that will be seen, such as the HTTP response that a stream will fill. */
function comesBeforeItsCalls(answer: unknown, { recording, readers, read }: Watch): boolean {
  const isAnswer = read !== undefined || readers.some((candidate) => candidate.matches(answer));
  return recording.expected && !recording.stepped && !isAnswer;
}

/** A response of fetch that refuses; the status is all that can be read of it without using up its body. */
function isFailedResponse(answer: unknown): answer is { readonly status: number } {
  if (!isRecord(answer)) return false;
  const { ok, status, arrayBuffer } = answer;
  return ok === false && typeof status === "number" && typeof arrayBuffer === "function";
}

/** What `withResponse()` of the OpenAI and Anthropic clients resolves to has the answer in `data`. */
function unwrapped(value: unknown, run: Ending): unknown {
  if (!isRecord(value) || !("data" in value && "response" in value && "request_id" in value)) return value;
  run.sawHost(isRecord(value.response) ? hostOf(value.response.url) : null);
  return value.data;
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

function watchPromise(promise: PromiseLike<unknown>, watch: Watch): void {
  const { run } = watch;
  whenSettled(promise, {
    onSettled: (settled) => {
      settle(settled, watch);
      watch.settled?.();
    },
    onFailed: (error) => run.fail(error),
    run,
  });
}

/** Hears how a promise settles, without asking one that waits to be asked; one that is dropped is aborted. */
export function whenSettled(promise: PromiseLike<unknown>, settling: Settling): void {
  // Attached before the application can await it, so the row is written before its next line runs.
  if (promise.then === Promise.prototype.then) promise.then(settling.onSettled, settling.onFailed);
  else watchLazy(promise, settling);
}

interface Settling {
  readonly onSettled: (settled: unknown) => void;
  readonly onFailed: (error: unknown) => unknown;
  readonly run: Ending;
}

/**
 * A promise of a client's own may send its request, or use up its response, only when it is asked to:
 * it is watched from the moment when the application asks.
 */
function watchLazy(promise: PromiseLike<unknown>, settling: Settling): void {
  const client = promise as ClientPromise;
  abortWhenDropped(promise, settling.run);
  if (typeof client.parse === "function" && typeof client.asResponse === "function") {
    watchClientPromise(client, settling);
    return;
  }
  const { onSettled, onFailed, run } = settling;
  const { then } = promise;
  let watched = false;
  override(promise, "then", (...handlers: Parameters<PromiseLike<unknown>["then"]>) => {
    if (watched) return then.apply(promise, handlers);
    watched = true;
    wasUsed(run);
    const [onValue, onError] = handlers;
    const seeValue = (value: unknown): unknown => {
      onSettled(value);
      return onValue ? onValue(value) : value;
    };
    const seeError = (error: unknown): unknown => {
      onFailed(error);
      if (onError) return onError(error);
      throw error;
    };
    try {
      return then.call(promise, seeValue, seeError);
    } catch (error) {
      // Who awaits it is told so too.
      onFailed(error);
      throw error;
    }
  });
}

/** The promise of a Stainless client, such as OpenAI's: parses its response on demand, or hands it out raw. */
interface ClientPromise extends PromiseLike<unknown> {
  parse?(): PromiseLike<unknown>;
  asResponse?(): PromiseLike<unknown>;
  readonly responsePromise?: PromiseLike<{ readonly response?: { readonly url?: unknown } }>;
}

function watchClientPromise(client: ClientPromise, { onSettled, onFailed, run }: Settling): void {
  const { parse, asResponse } = client as Required<ClientPromise>;
  let watched = false;
  const isFirstAsked = (): boolean => {
    if (watched) return false;
    watched = true;
    wasUsed(run);
    // Not before the application asks: a promise that nobody asks must still fail unheard.
    client.responsePromise?.then(({ response }) => run.sawHost(hostOf(response?.url)), ignore);
    return true;
  };
  // Everything but asResponse goes through parse, which uses up the response's body.
  override(client, "parse", () => {
    const isFirst = isFirstAsked();
    const parsed = parse.call(client);
    if (isFirst) parsed.then(onSettled, onFailed);
    return parsed;
  });
  override(client, "asResponse", () => {
    const isFirst = isFirstAsked();
    const response = asResponse.call(client);
    if (isFirst) response.then(() => onSettled(undefined), onFailed);
    return response;
  });
}

function ignore(): undefined {
  return undefined;
}

/**
 * Observes a stream through methods of the very object, so that its class, methods and identity
 * stay as the client made them.
 */
function watchStream(stream: AsyncIterable<unknown>, watch: Watch): void {
  abortWhenDropped(stream, watch.run);
  const own = stream as OwnIteration;
  const reading: Reading = { ...watch, stream, by: undefined };
  const watched = (iterator: AsyncIterator<unknown>): WatchedIterator =>
    new WatchedIterator(iterator, reading);
  if (isReadable(stream)) {
    watchReadable(stream, watched);
  } else if (typeof own.next === "function") {
    watchSteps(own, watched);
  } else if (typeof own.iterator === "function" && typeof own.tee === "function") {
    // OpenAI's and Anthropic's streams also split and convert themselves, all through `iterator`.
    const { iterator } = own;
    override(own, "iterator", () => watched(iterator.call(own)));
  } else {
    const original = stream[Symbol.asyncIterator];
    override(stream, Symbol.asyncIterator, () => watched(original.call(stream)));
  }
}

interface OwnIteration extends AsyncIterable<unknown>, Partial<AsyncIterator<unknown>> {
  iterator?(): AsyncIterator<unknown>;
  tee?(): unknown;
}

/** A stream that is its own iterator, as generators are, may be stepped by hand. */
function watchSteps(
  stream: OwnIteration,
  watchedOf: (iterator: AsyncIterator<unknown>) => WatchedIterator,
): void {
  const bound = (name: "next" | "return" | "throw"): never => stream[name]?.bind(stream) as never;
  const inner: AsyncIterator<unknown> = {
    next: bound("next"),
    return: bound("return"),
    throw: bound("throw"),
  };
  const watched = watchedOf(inner);
  override(stream, "next", watched.next.bind(watched));
  if (inner.return !== undefined) override(stream, "return", watched.return.bind(watched));
  if (inner.throw !== undefined) override(stream, "throw", watched.throw.bind(watched));
}

/** What the iterators of one stream share. */
interface Reading extends Watch {
  /** Held too, for it must not be collected while it is read. */
  readonly stream: unknown;
  /** Whoever reads first tells how the call went: a second reader of most streams gets nothing but an error. */
  by: WatchedIterator | undefined;
}

class WatchedIterator implements AsyncIterator<unknown> {
  readonly #inner: AsyncIterator<unknown>;
  readonly #watch: Reading;
  #reader: StreamReader | undefined;

  constructor(inner: AsyncIterator<unknown>, watch: Reading) {
    this.#inner = inner;
    this.#watch = watch;
  }

  /** False for whoever reads a stream that another one reads already. */
  #tells(): boolean {
    this.#watch.by ??= this;
    return this.#watch.by === this;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this;
  }

  async next(...args: [] | [undefined]): Promise<IteratorResult<unknown>> {
    if (!this.#tells()) return this.#inner.next(...args);
    let result: IteratorResult<unknown>;
    try {
      result = await this.#inner.next(...args);
    } catch (error) {
      this.#watch.run.fail(error, this.#answer());
      throw error;
    }
    if (result.done === true) this.#over();
    else this.#take(result.value);
    return result;
  }

  async return(value?: unknown): Promise<IteratorResult<unknown>> {
    if (this.#tells()) leaveStream(this.#watch.run, this.#reader);
    return (await this.#inner.return?.(value)) ?? { done: true, value };
  }

  async throw(error?: unknown): Promise<IteratorResult<unknown>> {
    if (this.#tells()) this.#watch.run.fail(error, this.#answer());
    if (this.#inner.throw === undefined) throw error;
    return this.#inner.throw(error);
  }

  #over(): void {
    const { run, stream } = this.#watch;
    // An aborted stream of OpenAI's ends as if it were complete; only its controller knows better.
    if (wasAborted(stream)) leaveStream(run, this.#reader);
    else endStream(run, this.#reader);
  }

  #take(chunk: unknown): void {
    const { run, readers } = this.#watch;
    try {
      // Some endpoints send something of their own ahead of the answer.
      this.#reader ??= readers.find((candidate) => candidate.matchesChunk(chunk))?.stream();
      if (this.#reader === undefined) run.sawFirstToken();
      if (this.#reader?.take(chunk) === true) run.sawFirstToken();
    } catch {
      // A chunk that cannot be read costs its numbers; the application gets it all the same.
    }
  }

  #answer(): Answer {
    return this.#reader?.answer() ?? NO_ANSWER;
  }
}

function wasAborted(stream: unknown): boolean {
  const controller = isRecord(stream) ? stream.controller : undefined;
  const signal = isRecord(controller) ? controller.signal : undefined;
  return isRecord(signal) && signal.aborted === true;
}
