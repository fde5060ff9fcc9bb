/** The attempts of one call, each on one of its models. */
import type { ExecutionId, ModelChoice } from "@colophon/kernel";
import { errorKind } from "./error-kind.ts";
import { type AttemptPolicy, fallsBackOn, triesOf } from "./fallback-policy.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import type { RecordOptions } from "./record-options.ts";
import type { RunOptions } from "./run.ts";
import type { StartedCall } from "./started-call.ts";
import type { TimeLimit } from "./time-limit.ts";

/** What an attempt's row says of its place is the attempt's own affair. */
type WithoutPlace<O> = Omit<O, "attempt" | "fallbackOf">;

/** What a call does on the model of one attempt. */
export interface CallOnModel<Variables> {
  /** As `call.record`. */
  record<R>(
    variables: Variables,
    send: (prompt: PreparedPrompt) => R,
    options?: WithoutPlace<RecordOptions>,
  ): R;
  /** As `call.render`. */
  render(variables: Variables, options?: Pick<RunOptions, "history">): PreparedPrompt;
  /** As `call.start`. */
  start(variables: Variables, options?: WithoutPlace<RunOptions>): StartedCall;
}

/** One attempt of several. */
export interface Attempt<Variables> extends CallOnModel<Variables> {
  /** 1, 2, 3, … through all models; the `attempt` of its row. */
  readonly number: number;
  readonly model: ModelChoice;
  /** Whether another attempt follows, and the error is of a kind that it may help against. */
  mayFallBack(error: unknown): boolean;
}

/** An attempt as the walk over the models sees it. */
export interface WalkedAttempt<Variables> extends Attempt<Variables> {
  /** Whether the next attempt is on the same model. */
  readonly repeats: boolean;
}

/** Where among the attempts an execution is begun. */
export interface AttemptPlace {
  readonly model: ModelChoice;
  readonly number: number;
  readonly limit: TimeLimit | undefined;
  /** The execution that one begun now stands in for. */
  fallbackOf(): ExecutionId | undefined;
  /** Told of each execution that is begun here. */
  begun(execution: ExecutionId): void;
}

/** Hands out attempts: each model as often as the policy says, in order. */
export class Attempts<Variables> implements Iterable<Attempt<Variables>> {
  readonly #at: (place: AttemptPlace) => CallOnModel<Variables>;
  readonly #models: readonly ModelChoice[];
  readonly #policy: AttemptPolicy;
  #last: { readonly execution: ExecutionId; readonly model: ModelChoice } | undefined;
  #number = 0;
  #index = 0;
  #tried = 0;

  constructor(
    at: (place: AttemptPlace) => CallOnModel<Variables>,
    models: readonly ModelChoice[],
    policy: AttemptPolicy,
  ) {
    this.#at = at;
    this.#models = models;
    this.#policy = policy;
  }

  *[Symbol.iterator](): Iterator<Attempt<Variables>, undefined> {
    for (let attempt = this.next(); attempt !== undefined; attempt = this.next()) yield attempt;
  }

  /** The next attempt; undefined after the last. */
  next(limit?: TimeLimit): WalkedAttempt<Variables> | undefined {
    const tries = triesOf(this.#policy);
    if (this.#tried === tries) this.leaveModel();
    const model = this.#models[this.#index];
    if (model === undefined) return undefined;
    this.#tried += 1;
    this.#number += 1;
    const repeats = this.#tried < tries;
    const isLast = !repeats && this.#index === this.#models.length - 1;
    const number = this.#number;
    const place: AttemptPlace = {
      model,
      number,
      limit,
      fallbackOf: () => (this.#last?.model === model ? undefined : this.#last?.execution),
      begun: (execution) => {
        this.#last = { execution, model };
      },
    };
    const mayFallBack = (error: unknown): boolean => !isLast && fallsBackOn(this.#policy, errorKind(error));
    return { number, model, repeats, mayFallBack, ...this.#at(place) };
  }

  /** Tries the current model no more. */
  leaveModel(): void {
    this.#index += 1;
    this.#tried = 0;
  }
}
