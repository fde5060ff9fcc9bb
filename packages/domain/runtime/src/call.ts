/** A resolved call: the decision, and what the application can do with it. */
import { type ExecutionId, HarnessError, say } from "@colophon/kernel";
import type { Attempt } from "./attempts.ts";
import type { CallModel } from "./call-models.ts";
import type { CallSpace } from "./call-space.ts";
import type { BindContext, Declaration, ResolveContext } from "./declaration.ts";
import type { Fallback, TriedCall } from "./fallback.ts";
import type { AttemptPolicy } from "./fallback-policy.ts";
import { howToPass } from "./how-to-pass.ts";
import type { Beginning, CallInHand, Placed } from "./open-recorder.ts";
import { PreparedPrompt, type Recorded } from "./prepared-prompt.ts";
import type { FallbackOptions, RecordOptions } from "./record-options.ts";
import { type RenderedCall, renderCall } from "./render-call.ts";
import type { Resolution, Resolved } from "./resolution.ts";
import type { RunOptions } from "./run.ts";
import type { StartedCall } from "./started-call.ts";

/** What was resolved, and what the call needs of its runtime. */
interface CallParts {
  readonly declaration: Declaration;
  readonly context: ResolveContext;
  readonly space: CallSpace;
}

/** A resolved call of a prompt whose variables are `Variables`. */
export class Call<Variables> {
  readonly resolution: Resolution;
  readonly context: ResolveContext;
  readonly #space: CallSpace;
  readonly #hand: CallInHand;

  constructor(resolved: Resolved, { declaration, context, space }: CallParts) {
    this.resolution = resolved.resolution;
    this.context = context;
    this.#space = space;
    this.#hand = {
      resolved,
      declaration,
      context,
      bound: undefined,
      executionId: null,
      counted: undefined,
    };
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
    return this.#fallback.models(this.#hand);
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
    const { user, tenant, document, documentType, session, locale } = this.context;
    const { key, version } = this.resolution;
    const context: BindContext = { key, version, user, tenant, document, documentType, session, locale };
    const entries = Object.entries(this.#hand.declaration.binders).map(async ([name, binder]) => {
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
    return this.#render(variables, { options });
  }

  /** Begins an execution by hand: call the model, then `finish`, `fail` or `abort` it. */
  start(variables: Variables, options: RunOptions = {}): StartedCall {
    return this.#space.recorder.start(this.#beginning(variables, { options }));
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
      ? this.#fallback.record(this.#tried, { variables, send, options })
      : this.#space.recorder.record(this.#beginning(variables, { options }), send);
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
    return this.#fallback.attempts(this.#tried, policy);
  }

  get #fallback(): Fallback {
    const { fallback } = this.#space;
    if (fallback !== undefined) return fallback;
    throw new HarnessError(
      "usage",
      say`Other models are tried only where open() was told so; ${howToPass("modelFallback", "fallback", "fallback: modelFallback()")}.`,
    );
  }

  get #tried(): TriedCall<Variables> {
    const { clock, recorder } = this.#space;
    return {
      hand: this.#hand,
      clock,
      record: (variables, send, placed) => recorder.record(this.#beginning(variables, placed), send),
      render: (variables, placed) => this.#render(variables, placed),
      start: (variables, placed) => recorder.start(this.#beginning(variables, placed)),
    };
  }

  #render(variables: Variables, placed: Placed<RenderOptions>): PreparedPrompt {
    const rendered = renderCall(this.#hand, variables, placed.options.history);
    this.#space.recorder.rendered(this.#hand);
    return this.#prepared(rendered, placed, null);
  }

  /** Renders what is to be sent. */
  #beginning<O extends RenderOptions>(variables: Variables, placed: Placed<O>): Beginning<O> {
    const { options, place } = placed;
    const call = this.#hand;
    const rendered = renderCall(call, variables, options.history);
    const prepare = (recorded: Recorded | null) => this.#prepared(rendered, placed, recorded);
    return { options, place, call, rendered, prepare };
  }

  #prepared(
    { messages, locale, servable }: RenderedCall,
    { options, place }: Placed<RenderOptions>,
    recorded: Recorded | null,
  ): PreparedPrompt {
    const { version, hash, model } = this.resolution;
    return new PreparedPrompt({
      messages,
      model: place?.model ?? model,
      version,
      hash,
      locale,
      signal: place?.limit?.signal ?? options.signal,
      text: servable.text,
      writers: this.#space.writers,
      recorded,
    });
  }
}

type RenderOptions = Pick<RecordOptions, "history" | "signal">;
