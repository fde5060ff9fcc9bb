/** One execution on its way: begun when the call starts, written once when it ends. */
import type {
  ExecutionDraft,
  ExecutionId,
  ExecutionStatus,
  JsonSchema,
  Message,
  ModelChoice,
  Part,
  Purpose,
  StatedCost,
  WriteReceipt,
} from "@colophon/kernel";
import { HarnessError } from "@colophon/kernel";
import { type Answer, completeAnswer, NO_ANSWER } from "./answer.ts";
import { type CaptureParts, captureContents } from "./capture.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import { type MediaHash, mediaHash, messagesByHash } from "./rendered-media.ts";
import type { Resolution } from "./resolution.ts";
import type { RunSpace } from "./run-space.ts";
import type { CallSpan } from "./tracing.ts";

/** What the application says of one execution beside its variables. */
export interface RunOptions {
  /** Turns spliced in at the body's history slot. */
  readonly history?: readonly Message[];
  readonly purpose?: Purpose;
  readonly attempt?: number;
  readonly fallbackOf?: ExecutionId;
  /** Of the whole record: where provider calls have rows of their own, the first has it and the others 0. */
  readonly cost?: StatedCost;
  /** Writes a record at the start too, for calls cut off by a crash. */
  readonly durable?: boolean;
}

/** Where an execution stands among others: in its trace, and in the record that it is part of. */
export interface RunPlace {
  readonly trace: string | null;
  readonly span: string | null;
  readonly parent: ExecutionId | null;
  readonly step: number | null;
}

export interface RunParts {
  readonly space: RunSpace;
  readonly place: RunPlace;
  readonly model: ModelChoice;
  readonly declaration: Declaration;
  readonly resolution: Resolution;
  readonly context: ResolveContext;
  readonly options: RunOptions;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly messages: readonly Message[];
  /** Of the call's media, where it has any. */
  readonly mediaHash?: MediaHash | undefined;
  readonly parts: readonly Part[];
  readonly locale: string | null;
  readonly output: JsonSchema | undefined;
  /** The application's own. */
  readonly signal?: AbortSignal | undefined;
  /** The draw in [0, 1) for sampled contents, where it was made elsewhere. */
  readonly sample?: number | undefined;
}

/** A begun execution. `finish`, `fail` and `abort` each end it; only the first counts. */
export class Run {
  readonly id: ExecutionId;
  readonly #parts: RunParts;
  readonly #startedAt: number;
  readonly #span: CallSpan | undefined;
  #step: number | null;
  #host: string | null = null;
  #firstToken: number | null = null;
  #ended = false;
  #failed = false;
  #onEnd: ((row: ExecutionDraft) => void) | undefined;
  #sample: number | undefined;

  constructor(parts: RunParts) {
    const { space, resolution, options, place, model } = parts;
    this.#parts = parts;
    this.#sample = parts.sample;
    this.#startedAt = space.clock.elapsed();
    this.id = space.ids.next() as ExecutionId;
    this.#span = space.telemetry?.begin({ id: this.id, resolution, model, place });
    this.#step = place.step ?? this.#firstStep();
    space.inFlight.add(this);
    if (options.durable === true) this.#writeStart();
  }

  #writeStart(): void {
    const { space, resolution } = this.#parts;
    const { key: prompt, version, hash, environment } = resolution;
    try {
      space.sink.writeStart({ id: this.id, prompt, version, hash, environment });
    } catch (failure) {
      this.#dropped(`the start failed: ${errorName(failure)}`);
    }
  }

  /** What cannot be written is counted; the call that it was about goes on. */
  #dropped(reason: string): void {
    const { space, resolution } = this.#parts;
    try {
      space.sink.gap("dropped-row", { prompt: resolution.key, count: 1, reason });
    } catch {
      // A sink that takes neither rows nor gaps has nothing left to be told.
    }
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** True once it ended with an error. */
  get failed(): boolean {
    return this.#failed;
  }

  /** A span that belongs to no other begins a trace. */
  #firstStep(): number | null {
    const { space, resolution, options, place } = this.#parts;
    if (this.#span === undefined || place.trace !== null) return null;
    return space.traceSteps.next(this.#span.trace, resolution.key, options.attempt ?? 1);
  }

  /** The draw that decided whether its contents were sampled; undefined where none was made. */
  get sample(): number | undefined {
    return this.#sample;
  }

  /** Says which step of its record this execution is, where no trace counts them. */
  isStep(step: number): void {
    this.#step ??= step;
  }

  /** Notes the endpoint's host, where the answer does not carry it. */
  sawHost(host: string | null): void {
    this.#host ??= host;
  }

  /** Told of the row once it is written; must not throw. */
  whenEnded(told: (row: ExecutionDraft) => void): void {
    this.#onEnd = told;
  }

  /** Runs a task with this execution's span active, where there is one. */
  within<R>(task: () => R): R {
    return this.#span === undefined ? task() : this.#span.within(task);
  }

  /** Marks the first part of a streamed answer. */
  sawFirstToken(): void {
    this.#firstToken ??= Math.round(this.#parts.space.clock.elapsed() - this.#startedAt);
  }

  /**
   * Ends the execution with an answer.
   *
   * @throws HarnessError `call-finished` when it was ended before.
   */
  finish(answer: Partial<Answer> = {}): WriteReceipt {
    if (this.#ended) {
      throw new HarnessError(
        "call-finished",
        `Execution ${this.id} has ended already; begin another with call.start().`,
      );
    }
    return this.end("ok", completeAnswer(answer));
  }

  /** Ends the execution with the error of the call; an abort is told apart. */
  fail(error: unknown, answer: Answer = NO_ANSWER): WriteReceipt {
    const { signal } = this.#parts;
    return this.end(isAbort(error, signal) ? "aborted" : "error", answer, errorName(error));
  }

  abort(answer: Answer = NO_ANSWER): WriteReceipt {
    return this.end("aborted", answer);
  }

  /** Writes the row; a run that has ended keeps its first row. */
  end(status: ExecutionStatus, answer: Answer, error: string | null = null): WriteReceipt {
    const { space } = this.#parts;
    if (this.#ended) return "stored";
    this.#ended = true;
    this.#failed = status === "error";
    space.inFlight.delete(this);
    const latency = Math.max(0, Math.round(space.clock.elapsed() - this.#startedAt));
    const measured = { id: this.id, latency, firstToken: this.#firstToken, status, answer, error };
    try {
      const row = draftRow(this.#parts, {
        ...measured,
        step: this.#step,
        host: this.#host,
        span: this.#span,
        chance: () => (this.#sample ??= space.chance()),
      });
      const receipt = this.#write(row);
      this.#span?.end(row);
      space.telemetry?.measure(row);
      this.#onEnd?.(row);
      return receipt;
    } catch (failure) {
      this.#dropped(`the row failed: ${errorName(failure)}`);
      return "dropped";
    }
  }

  /** A row that cannot be written leaves its span and its count in the metrics all the same. */
  #write(row: ExecutionDraft): WriteReceipt {
    const { space } = this.#parts;
    try {
      const receipt = space.sink.write(row);
      space.recorded();
      return receipt;
    } catch (failure) {
      this.#dropped(`the row failed: ${errorName(failure)}`);
      return "dropped";
    }
  }
}

/** How an execution ended, as far as it was seen. */
interface Measured {
  readonly id: ExecutionId;
  readonly latency: number;
  readonly firstToken: number | null;
  readonly status: ExecutionStatus;
  readonly answer: Answer;
  readonly error: string | null;
  readonly step: number | null;
  readonly host: string | null;
  readonly span: CallSpan | undefined;
  /** The draw for sampled contents. */
  readonly chance: () => number;
}

function draftRow(parts: RunParts, measured: Measured): ExecutionDraft {
  const { resolution, context, options, declaration, space, place, model } = parts;
  const { id, latency, firstToken, answer, status, error } = measured;
  const policy = space.policyFor(declaration, resolution.environment);
  return {
    id,
    prompt: resolution.key,
    version: resolution.version,
    hash: resolution.hash,
    caller: declaration.callerHash,
    environment: resolution.environment,
    lane: resolution.lane,
    tier: resolution.tier,
    reason: resolution.reason,
    errorCode: resolution.errorCode,
    considered: resolution.considered,
    stale: resolution.stale,
    revision: resolution.revision,
    assignment: resolution.assignment,
    purpose: options.purpose ?? "serve",
    ...spanOf(place, measured.span),
    parent: place.parent,
    step: measured.step,
    attempt: options.attempt ?? 1,
    fallbackOf: options.fallbackOf ?? null,
    requestedModel: model.id,
    answeringModel: wellFormed(answer.model),
    provider: model.provider,
    host: wellFormed(answer.host ?? measured.host),
    systemFingerprint: wellFormed(answer.systemFingerprint),
    tokens: answer.usage,
    latency,
    firstToken,
    status,
    error: wellFormed(error),
    finishReason: wellFormed(answer.finishReason),
    toolCalls: answer.toolCalls?.map((name) => name.toWellFormed()) ?? null,
    schemaOk: status === "ok" ? checkAnswer(parts, answer) : null,
    refused: answer.refused,
    outputLength: answer.text === null ? null : answer.text.length,
    locale: parts.locale,
    parts: parts.parts,
    renderedHash: policy.mode === "none" ? null : renderedHash(parts),
    statedCost: answer.cost ?? options.cost ?? null,
    priceTable: null,
    subjects: {
      user: context.user ?? null,
      tenant: context.tenant ?? null,
      document: context.document ?? null,
      documentType: context.documentType ?? null,
      session: context.session ?? null,
    },
    contents: contentsOf(parts, answer.text, { policy, hash: space.sha256, chance: measured.chance }),
  };
}

/** The execution's own span, unless the application put the execution into another trace. */
function spanOf(place: RunPlace, span: CallSpan | undefined): Pick<RunPlace, "trace" | "span"> {
  const its = span !== undefined && (place.trace === null || place.trace === span.trace) ? span : place;
  return { trace: its.trace, span: its.span };
}

function renderedHash(parts: RunParts): string {
  const { messages, space } = parts;
  const said = messagesByHash(messages, parts.mediaHash ?? mediaHash(space.sha256));
  return space.sha256(JSON.stringify(said)).slice(0, 32);
}

/** Contents never break a call: a redaction that throws costs the contents, and is counted. */
function contentsOf(parts: RunParts, output: string | null, how: CaptureParts): ExecutionDraft["contents"] {
  const { space, resolution, variables } = parts;
  try {
    const contents = { key: resolution.key, variables, output };
    return captureContents(contents, how);
  } catch (error) {
    const reason = `redaction failed: ${errorName(error)}`;
    space.sink.gap("dropped-contents", { prompt: resolution.key, count: 1, reason });
    return null;
  }
}

/** Whether the answer keeps the output contract that the code declares; null where it declares none. */
function checkAnswer(parts: RunParts, answer: Answer): boolean | null {
  const { checkOutput } = parts.declaration;
  if (!checkOutput || answer.refused === true) return null;
  const { text, toolCalls } = answer;
  // An answer that was not read says nothing; one that only calls tools has no output to hold against the contract yet.
  if ((text === null && toolCalls === null) || (!text && toolCalls !== null && toolCalls.length > 0))
    return null;
  const value = text === null ? undefined : parseOutput(text, parts.output);
  if (value === undefined) return false;
  try {
    const result = checkOutput(value);
    return result instanceof Promise ? ignored(result) : result.issues === undefined;
  } catch {
    // The application's own check failed, which is no verdict about the answer.
    return null;
  }
}

/** Nobody waits for an asynchronous check, so nobody may hear of its failure either. */
function ignored(promise: Promise<unknown>): null {
  promise.catch(() => undefined);
  return null;
}

/** A contract of type string takes the text itself, any other takes JSON. */
function parseOutput(text: string, output: JsonSchema | undefined): unknown {
  if (output?.type === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Also told by the reason that the application gave its signal, unless that is a time limit. */
function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  try {
    const isReason = signal?.aborted === true && signal.reason === error;
    if (!(error instanceof Error)) return isReason;
    if (error.name === "AbortError" || error.constructor.name === "APIUserAbortError") return true;
    return isReason && error.name !== "TimeoutError";
  } catch {
    return false;
  }
}

/** Class and status of an error; its message may quote contents and stays out of the ledger. */
function errorName(error: unknown): string {
  try {
    if (!(error instanceof Error)) return typeof error;
    const { status, statusCode, code } = error as Error & Readonly<Record<string, unknown>>;
    const { name: className } = error.constructor;
    const name = className === "Error" ? error.name : className;
    const more = [status ?? statusCode, code].filter((item) => typeof item === "number" || isCode(item));
    return [isCode(name) ? name : "Error", ...more].join(" ");
  } catch {
    // Errors come from anywhere; one that cannot be read is still an error.
    return "unknown";
  }
}

/** One short word: what has blanks in it may be a sentence about contents. */
function isCode(item: unknown): boolean {
  return typeof item === "string" && /^[^\s"'`]{1,59}$/.test(item);
}

/** Words of others: half a surrogate pair would not survive a database, and the row's chain would break. */
function wellFormed(text: string | null): string | null {
  return text === null ? null : text.toWellFormed();
}
