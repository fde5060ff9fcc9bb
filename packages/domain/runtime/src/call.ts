/** A resolved call: the decision, and what the application can do with it. */
import { type ExecutionId, HarnessError, type Message, type Part, type WriteReceipt } from "@colophon/kernel";
import { type Answer, NO_ANSWER } from "./answer.ts";
import { checkVariables } from "./check-variables.ts";
import type { BindContext, BoundValue, Declaration, ResolveContext } from "./declaration.ts";
import { observe, type ReadAnswer } from "./observe.ts";
import { PreparedPrompt } from "./prepared-prompt.ts";
import type { RenderCount, RenderStretch } from "./render-count.ts";
import type { Resolution, Resolved } from "./resolve.ts";
import { Run, type RunOptions } from "./run.ts";
import type { RunSpace } from "./run-space.ts";
import { hashPart, type Servable } from "./servable.ts";

/** What a call needs of the runtime that made it. */
export interface CallSpace extends RunSpace {
  /** Counts calls that were rendered, until they are recorded or lost. */
  readonly renders: RenderCount;
  /** Looks for a retry of an earlier execution of the session. */
  asked(
    execution: ExecutionId,
    more: { readonly call: Call<never>; readonly variables: Readonly<Record<string, unknown>> },
  ): void;
}

export interface RecordOptions extends RunOptions {
  /** Reads an answer of a client that is not known here. */
  readonly read?: ReadAnswer;
}

interface RenderedCall {
  readonly prompt: PreparedPrompt;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly parts: readonly Part[];
  readonly servable: Servable;
}

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

/** A resolved call of a prompt whose variables are `Variables`. */
export class Call<Variables> {
  readonly resolution: Resolution;
  readonly context: ResolveContext;
  readonly #declaration: Declaration;
  readonly #servable: Servable | null;
  readonly #space: CallSpace;
  #bound: Readonly<Record<string, BoundValue>> | undefined;
  #executionId: ExecutionId | null = null;
  /** Where this call's render is counted, until it is recorded. */
  #rendered: RenderStretch | undefined;

  constructor(
    resolved: Resolved,
    declaration: Declaration,
    more: { readonly context: ResolveContext; readonly space: CallSpace },
  ) {
    this.resolution = resolved.resolution;
    this.#servable = resolved.servable;
    this.#declaration = declaration;
    this.context = more.context;
    this.#space = more.space;
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

  /** What to store with a conversation, and to give back as `pin`, so that it keeps this version. */
  get pin(): string {
    const { key, version, hash } = this.resolution;
    return version === null ? `${key}@${hash}` : `${key}@v${version}`;
  }

  /** The execution begun last with this call; null before the first. */
  get executionId(): ExecutionId | null {
    return this.#executionId;
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
    const entries = Object.entries(this.#declaration.binders).map(async ([name, binder]) => {
      const bound = await binder(context);
      return [name, typeof bound === "object" && bound !== null ? bound : { value: bound }] as const;
    });
    this.#bound = Object.fromEntries(await Promise.all(entries));
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
    const { prompt } = this.#render(variables, options);
    this.#rendered ??= this.#space.renders.rendered(this.key);
    return prompt;
  }

  /** Begins an execution by hand: call the model, then `finish`, `fail` or `abort` it. */
  start(variables: Variables, options: RunOptions = {}): StartedCall {
    const rendered = this.#render(variables, options);
    const run = this.#begin(rendered, options);
    return {
      id: run.id,
      prompt: rendered.prompt,
      finish: (answer) => run.finish(answer),
      fail: (error) => run.fail(error),
      abort: () => run.abort(NO_ANSWER),
    };
  }

  /**
   * Renders, hands `send` the prompt, and returns exactly what `send` returned. The row is written
   * when the call ends.
   *
   * @example
   * const answer = await call.record({ ticket }, (p) => client.chat.completions.create(p.openai()));
   */
  record<R>(variables: Variables, send: (prompt: PreparedPrompt) => R, options: RecordOptions = {}): R {
    const rendered = this.#render(variables, options);
    const run = this.#begin(rendered, options);
    let result: R;
    try {
      result = send(rendered.prompt);
    } catch (error) {
      run.fail(error);
      throw error;
    }
    return observe(result, { run, readers: this.#space.readers, read: options.read });
  }

  #begin(rendered: RenderedCall, options: RunOptions): Run {
    if (this.#rendered !== undefined) {
      this.#space.renders.claimed(this.#rendered, this.key);
      this.#rendered = undefined;
    }
    const run = new Run({
      space: this.#space,
      declaration: this.#declaration,
      resolution: this.resolution,
      context: this.context,
      options,
      variables: rendered.variables,
      messages: rendered.prompt.messages,
      parts: rendered.parts,
      locale: rendered.prompt.locale,
      output: rendered.servable.text.output,
    });
    this.#executionId = run.id;
    if (isFirstTry(options)) {
      this.#space.asked(run.id, { call: this as Call<never>, variables: rendered.variables });
    }
    return run;
  }

  #render(given: Variables, options: Pick<RunOptions, "history">): RenderedCall {
    const servable = this.#servable;
    if (servable === null) throw this.#unservable();
    const bound = this.#bound;
    const merged = bound === undefined ? given : { ...given, ...mapValues(bound, (value) => value.value) };
    const variables = checkVariables(this.#declaration, merged as Readonly<Record<string, unknown>>);
    const { compiled, locale } = servable.body(this.context.locale);
    const messages: readonly Message[] = compiled.render(
      variables as Record<string, unknown>,
      options.history === undefined ? undefined : { history: options.history },
    );
    const { version, hash, model } = this.resolution;
    const prompt = new PreparedPrompt({ messages, model, text: servable.text, version, hash, locale });
    return { prompt, variables, parts: partsOf(servable, bound), servable };
  }

  #unservable(): HarnessError {
    const { key, considered, errorCode } = this.resolution;
    const why = considered
      .filter(({ outcome }) => outcome !== "not-asked" && outcome !== "absent")
      .map(({ tier, version, outcome, reason }) =>
        [tier, version && `v${version}`, outcome, reason].filter(Boolean).join(" "),
      )
      .join("; ");
    return new HarnessError(
      errorCode ?? "version-unknown",
      `${key} has no text to serve here (${why || "nothing is known of it"}); release a version that fits or declare a default.`,
    );
  }
}

/** Repeats, fallbacks and shadows are the application's doing: nobody asked again. */
function isFirstTry({ purpose = "serve", attempt = 1, fallbackOf }: RunOptions): boolean {
  return purpose === "serve" && attempt === 1 && fallbackOf === undefined;
}

function partsOf(
  servable: Servable,
  bound: Readonly<Record<string, BoundValue>> | undefined,
): readonly Part[] {
  if (bound === undefined) return servable.parts;
  const values = Object.entries(bound).map(([name, { value, choice }]): Part => {
    const hash = hashPart(typeof value === "string" ? value : jsonOf(value));
    return {
      kind: "bound",
      name,
      version: null,
      hash,
      ...(choice === undefined ? {} : { choice: choice.toWellFormed() }),
    };
  });
  return [...servable.parts, ...values];
}

/** What cannot be written as JSON was refused by the render already, unless the body never reads it. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
