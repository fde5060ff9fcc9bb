/** A resolved call: the decision, and what the application can do with it. */
import { type ExecutionId, words } from "@colophon/kernel";
import type { Attempt } from "./attempts.ts";
import { beginCall } from "./begin-call.ts";
import type { CallModel } from "./call-models.ts";
import type { BindContext, ResolveContext } from "./declaration.ts";
import type { Fallback } from "./fallback.ts";
import type { AttemptPolicy } from "./fallback-policy.ts";
import { notGiven } from "./not-given.ts";
import type { Beginning, CallInHand, OpenRecorder } from "./open-recorder.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import type { FallbackOptions, RecordOptions } from "./record-options.ts";
import type { Resolution } from "./resolution.ts";
import type { RunOptions } from "./run.ts";
import type { StartedCall } from "./started-call.ts";

/** A resolved call of a prompt whose variables are `Variables`. */
export class Call<Variables> {
  readonly resolution: Resolution;
  readonly context: ResolveContext;
  readonly #hand: CallInHand;

  constructor(hand: CallInHand) {
    this.resolution = hand.resolved.resolution;
    this.context = hand.context;
    this.#hand = hand;
  }

  /** The key of the prompt. */
  get key(): string {
    return this.resolution.key;
  }

  /** Null for a text that only the code knows. */
  get version(): number | null {
    return this.resolution.version;
  }

  /** Hash of the text that serves (64 hex digits). */
  get hash(): string {
    return this.resolution.hash;
  }

  /**
   * The models that this call can be made on, in the order in which they are tried.
   *
   * @throws HarnessError `usage` where `open` was not given a fallback.
   */
  get models(): readonly CallModel[] {
    return fallbackOf(this.#hand).models(this.#hand);
  }

  /** What to store with a conversation, and to give back as `pin`, so that it keeps this version. */
  get pin(): string {
    const { key, version, hash } = this.resolution;
    return version === null ? `${key}@${hash}` : `${key}@v${version}`;
  }

  /** The execution begun last with this call; null before the first. */
  get executionId(): ExecutionId | null {
    return this.#hand.executionId;
  }

  /**
   * Awaits the values that the code binds itself, for the synchronous render after it.
   *
   * @returns this call.
   * @throws what a binder throws.
   */
  async bind(): Promise<this> {
    const { key, version } = this.resolution;
    const context: BindContext = { ...this.context, key, version };
    const entries = Object.entries(this.#hand.declaration.binders ?? {}).map(async ([name, binder]) => {
      const bound = await binder(context);
      return [name, typeof bound === "object" && bound !== null ? bound : { value: bound }] as const;
    });
    this.#hand.bound = Object.fromEntries(await Promise.all(entries));
    return this;
  }

  /**
   * Renders the messages. A call that is only rendered leaves no row unless `start` follows; those
   * are counted.
   *
   * @throws HarnessError `variable-missing`, `variable-extra`, `variable-invalid`, `variable-type`,
   *   `history-unexpected`, or `version-unknown` for a pinned version nobody has.
   */
  render(variables: Variables, options: Pick<RunOptions, "history"> = {}): PreparedPrompt {
    return this.#recorder.render(this.#begun(variables, options));
  }

  /** Begins an execution by hand: call the model, then `finish`, `fail` or `abort` it. */
  start(variables: Variables, options: RunOptions = {}): StartedCall {
    return this.#recorder.start(this.#begun(variables, options));
  }

  /**
   * Renders, hands `send` the prompt, and calls it again for the next model (`call.models`) when one
   * fails, each attempt with a row of its own. A stream falls back only until it was handed over. What
   * fails before anything was sent, and what is aborted, never falls back.
   *
   * @returns a promise of the first answer; it rejects with the last error, the very object.
   * @example
   * const answer = await call.record(
   *   { ticket },
   *   (p) => client.chat.completions.create(p.openai(), { signal: p.signal }),
   *   { fallback: { timeoutMs: 20_000 } },
   * );
   */
  record<R>(
    variables: Variables,
    send: (prompt: PreparedPrompt) => R,
    options: FallbackOptions,
  ): Promise<Awaited<R>>;
  /**
   * Renders, hands `send` the prompt, and returns exactly what `send` returned. The row is written
   * when the call ends.
   *
   * @throws what `render` throws, and what `send` throws.
   * @example
   * const answer = await call.record({ ticket }, (p) => client.chat.completions.create(p.openai()));
   */
  record<R>(variables: Variables, send: (prompt: PreparedPrompt) => R, options?: RecordOptions): R;
  record<R>(
    variables: Variables,
    send: (prompt: PreparedPrompt) => R,
    options: RecordOptions | FallbackOptions = {},
  ): R | Promise<Awaited<R>> {
    return options.fallback
      ? fallbackOf(this.#hand).record(this.#hand, { variables, send, options })
      : this.#recorder.record(this.#begun(variables, options), send);
  }

  /**
   * One attempt after the other on the call's models, for an application that goes on to the next by
   * itself. Pauses and time limits are the application's.
   *
   * @param policy what `open` was given when left out.
   * @throws HarnessError `usage` where `open` was not given a fallback.
   * @example
   * async function triaged() {
   *   for (const attempt of call.attempts()) {
   *     try {
   *       return await attempt.record({ ticket }, (p) => client.chat.completions.create(p.openai()));
   *     } catch (error) {
   *       if (!attempt.mayFallBack(error)) throw error;
   *     }
   *   }
   * }
   */
  attempts(policy?: AttemptPolicy): Iterable<Attempt<Variables>> {
    return fallbackOf(this.#hand).attempts(this.#hand, policy);
  }

  get #recorder(): OpenRecorder {
    return this.#hand.space.recorder;
  }

  #begun<O extends RecordOptions | RunOptions>(variables: Variables, options: O): Beginning<O> {
    return beginCall(this.#hand, variables, { options });
  }
}

function fallbackOf({ space: { fallback } }: CallInHand): Fallback {
  if (fallback) return fallback;
  throw notGiven(
    "fallback",
    words(() => "going on to other models"),
  );
}
