/** The one way to a model within a run: cached, paced, retried, within the budget, and each try recorded. */
import {
  type CallFailure,
  type CallFailureKind,
  type Clock,
  canonicalJson,
  type ExecutionId,
  HarnessError,
  type ModelAnswer,
  type ModelCaller,
  type ModelChoice,
  type ModelRequest,
  type TokenUsage,
} from "@colophon/kernel";
import { BudgetBook, type Ended, type Reservation, type Use } from "./budget-book.ts";
import { CallBounds, type TokenBound } from "./call-bounds.ts";
import { CallPace, type PaceSlot } from "./call-pace.ts";
import type { Money, RunBudget } from "./run-plan.ts";
import type { AnswerCache, CallPrices, CallRecorder, Spent } from "./run-ports.ts";
import { SpentSums } from "./spent-sums.ts";

/** A call that somebody wants an answer to, whether it has to be paid for or not. */
export interface AskedCall {
  /** The prompt whose text is asked. */
  readonly key: string;
  readonly version: number | null;
  readonly hash: string;
  readonly purpose: "eval" | "judge";
  readonly request: ModelRequest;
  /** Tells draws of the same request apart: 0, 1, 2, … */
  readonly draw: number;
}

export type PaidResult =
  | {
      readonly kind: "answered";
      readonly answer: ModelAnswer;
      readonly execution: ExecutionId;
      /** What the answer cost when it was paid for; null where that is not known. */
      readonly cost: Money | null;
      readonly cached: boolean;
    }
  /** Every try failed. */
  | { readonly kind: "failed"; readonly error: string }
  /** It was not made, or not made to its end, since the run ended. */
  | { readonly kind: "left"; readonly why: Ended };

export interface PaidCallsParts {
  readonly caller: ModelCaller;
  readonly cache: AnswerCache;
  readonly recorder: CallRecorder;
  readonly prices: CallPrices;
  /** Where a model is asked, as far as it is known before; another address is another answer. */
  readonly endpointOf: (model: ModelChoice) => string;
  readonly digest: (text: string) => string;
  readonly budget: RunBudget;
  /** Calls at once: to begin with, and at most. */
  readonly pace: { readonly start: number; readonly most: number };
  /** Failed tries of one call until it is given up, at least one; being asked to wait counts a quarter. */
  readonly tries: number;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Waits; ends early when the run is stopped. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Ends calls under way. */
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A provider that asks for more patience than this is asked again later by a person. */
const LONGEST_ASKED_MS = 120_000;
/** Being asked to wait says nothing against a call, so it counts as a part of a failed try. */
const CROWDED_WEIGHT = 0.25;
/** After these nobody knows whether the provider charges for the try. */
const PERHAPS_CHARGED: readonly CallFailureKind[] = ["timeout", "cut", "aborted", "unknown"];

interface FreshCall {
  readonly asked: AskedCall;
  readonly name: string;
  readonly most: Use;
}

/** What a try led to: another one after a pause (as the provider asks, else by our own measure), or the end. */
type Next = { readonly pause: number | null; readonly weight: number; readonly error: string } | PaidResult;

/**
 * Calls models and judges alike. The row of a try is recorded before the answer is kept, and both before
 * anybody sees it: whatever was paid for has its row, and is not paid for again.
 */
export class PaidCalls {
  readonly #parts: PaidCallsParts;
  readonly #book: BudgetBook;
  readonly #pace: CallPace;
  readonly #bounds = new CallBounds();
  readonly #sums = new SpentSums();
  /** Calls under way by name, so that two who ask the same share one. */
  readonly #underway = new Map<string, Promise<PaidResult>>();

  constructor(parts: PaidCallsParts) {
    this.#parts = parts;
    this.#book = new BudgetBook({ budget: parts.budget, elapsed: () => parts.clock.elapsed() });
    this.#pace = new CallPace({ ...parts.pace, sleep: parts.sleep });
  }

  /** Why no further call is made; null while calls are made. */
  get ended(): Ended | null {
    return this.#book.ended;
  }

  get spent(): Spent {
    return this.#sums.spent();
  }

  /** What counts against the budget: tries that may have been charged and answers of unknown cost at their most. */
  get used(): Use {
    return this.#book.used;
  }

  /** Calls that may be under way at once, as of now. */
  get pace(): number {
    return this.#pace.limit;
  }

  /** Calls under way are brought to their end, no other is made. */
  stop(): void {
    this.#end({ kind: "stopped" });
  }

  /** Whether the answer is kept, so that it costs nothing. */
  isKept(asked: AskedCall): boolean {
    return this.#parts.cache.find(this.#nameOf(asked)) !== undefined;
  }

  /** @throws HarnessError `usage` where money is limited and no price is known. */
  most(asked: AskedCall): { readonly tokens: TokenBound; readonly cost: Money | null } {
    const tokens = this.#bounds.boundOf(asked.request);
    return { tokens, cost: this.#mostCost(asked.request.model, tokens) };
  }

  /**
   * Answers in the order of the calls. What they may use at most is set aside for all of them before the
   * first is made: either all are made, or none.
   *
   * @throws HarnessError `usage` for a model that cannot be called, or whose price is not known where money is limited.
   */
  async callAll(calls: readonly AskedCall[]): Promise<readonly PaidResult[]> {
    const named = calls.map((asked) => ({ asked, name: this.#nameOf(asked), most: this.#mostUse(asked) }));
    const admitted = Promise.withResolvers<readonly Reservation[] | undefined>();
    const fresh: FreshCall[] = [];
    const answers = named.map((call) => {
      const known = this.#underway.get(call.name) ?? this.#kept(call);
      return known ?? this.#share(call, fresh.push(call) - 1, admitted.promise);
    });
    if (fresh.length > 0) admitted.resolve(this.#book.reserve(fresh.map(({ most }) => most)));
    const ends = await Promise.allSettled(answers);
    return ends.map((end) => {
      if (end.status === "rejected") throw end.reason;
      return end.value;
    });
  }

  #share(
    call: FreshCall,
    place: number,
    admitted: Promise<readonly Reservation[] | undefined>,
  ): Promise<PaidResult> {
    const made = admitted
      .then((reservations) => {
        const reservation = reservations?.[place];
        return reservation === undefined ? this.#left() : this.#make(call, reservation);
      })
      .finally(() => this.#underway.delete(call.name));
    this.#underway.set(call.name, made);
    return made;
  }

  #kept({ asked, name }: FreshCall): Promise<PaidResult> | undefined {
    const kept = this.#parts.cache.find(name);
    if (kept === undefined) return undefined;
    this.#sums.cached();
    const { answer, execution } = kept;
    const cost = this.#costOf(asked.request.model, answer);
    return Promise.resolve({ kind: "answered", answer, execution, cost, cached: true });
  }

  /** Tries until there is an answer, a failure that lasts, or the end of the run. */
  async #make(call: FreshCall, first: Reservation): Promise<PaidResult> {
    let reservation: Reservation | undefined = first;
    let weight = 0;
    try {
      for (let attempt = 1; ; attempt++) {
        const slot = await this.#pace.enter();
        if (slot === undefined || reservation === undefined) return this.#left();
        let next: Next;
        try {
          next = await this.#try(call, { attempt, reservation, slot });
        } finally {
          slot.leave();
        }
        if ("kind" in next) return next;
        weight += next.weight;
        if (weight >= this.#parts.tries) return { kind: "failed", error: next.error };
        this.#sums.retried();
        await this.#parts.sleep(next.pause ?? this.#backoff(attempt));
        // A try that may have been charged has used up what was set aside for it.
        if (reservation.isSettled) reservation = (await this.#book.reserve([call.most]))?.[0];
      }
    } finally {
      reservation?.settle({ money: 0, tokens: 0 });
    }
  }

  async #try(
    { asked, name, most }: FreshCall,
    more: {
      readonly attempt: number;
      readonly reservation: Reservation;
      readonly slot: PaceSlot;
    },
  ): Promise<Next> {
    const { caller, clock, recorder, cache, signal } = this.#parts;
    const { attempt, reservation, slot } = more;
    const { key, version, hash, purpose, request } = asked;
    const started = clock.now();
    const result = await caller.call(signal === undefined ? request : { ...request, signal });
    const { model } = request;
    const execution = recorder.record({ key, version, hash, model, purpose, attempt, started, result });
    if (!result.ok) {
      if (PERHAPS_CHARGED.includes(result.failure.kind)) reservation.settle(most);
      return this.#afterFailure(result.failure, slot);
    }
    const { answer } = result;
    cache.keep(name, { answer, execution });
    slot.answered();
    const cost = this.#costOf(model, answer);
    reservation.settle(this.#usedBy(answer, cost, most));
    this.#book.took(answer.latency);
    this.#bounds.observe(request, answer.tokens);
    this.#sums.answered(answer.tokens, cost);
    return { kind: "answered", answer, execution, cost, cached: false };
  }

  #afterFailure({ kind, reach, retryAfter, message }: CallFailure, slot: Pick<PaceSlot, "crowded">): Next {
    if (kind === "aborted") {
      this.#end(this.#book.overTime() ?? { kind: "stopped" });
      return this.#left();
    }
    if (reach === "barring") return this.#bar(message);
    if (retryAfter !== null && retryAfter > LONGEST_ASKED_MS) {
      return this.#bar(`The provider asks to wait ${Math.ceil(retryAfter / 1000)} s.`);
    }
    if (reach === "lasting") return { kind: "failed", error: message };
    const isCrowded = kind === "rate-limit" || kind === "overloaded";
    if (isCrowded) slot.crowded(retryAfter);
    return { pause: retryAfter, weight: isCrowded ? CROWDED_WEIGHT : 1, error: message };
  }

  /** Never less than half, so that calls neither wait for nothing nor come back all at once. */
  #backoff(attempt: number): number {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
    return longest * (0.5 + this.#parts.chance() / 2);
  }

  #bar(why: string): PaidResult {
    this.#end({ kind: "barred", why });
    return this.#left();
  }

  #end(why: Ended): void {
    this.#book.end(why);
    this.#pace.close();
  }

  #left(): PaidResult {
    return { kind: "left", why: this.#book.ended ?? { kind: "stopped" } };
  }

  #nameOf({ hash, request, draw }: AskedCall): string {
    const { model, messages } = request;
    const place = this.#parts.endpointOf(model);
    return this.#parts.digest(canonicalJson([1, hash, model, place, draw, messages]));
  }

  #costOf(model: ModelChoice, answer: ModelAnswer): Money | null {
    const { model: answeringModel, host, tokens } = answer;
    return this.#parts.prices.costOf({ model, answeringModel, host, tokens });
  }

  #mostUse(asked: AskedCall): Use {
    const { tokens, cost } = this.most(asked);
    return { money: cost?.amount ?? 0, tokens: tokens.input + tokens.output };
  }

  /** The dearest way in which so many tokens can be charged. */
  #mostCost(model: ModelChoice, { input, output }: TokenBound): Money | null {
    const { prices, budget } = this.#parts;
    const plain = { input, output, reasoning: 0, cacheRead: 0, cacheWrite: 0 };
    const ways: readonly TokenUsage[] = [
      plain,
      { ...plain, cacheWrite: input },
      { ...plain, reasoning: output },
      { ...plain, cacheWrite: input, reasoning: output },
    ];
    const costs = ways.map((tokens) => prices.costOf({ model, answeringModel: null, host: null, tokens }));
    const known = costs.filter((cost): cost is Money => cost !== null);
    const dearest = known.reduce<Money | null>(
      (most, cost) => (most === null || cost.amount > most.amount ? cost : most),
      null,
    );
    if (budget.money === null || dearest?.currency === budget.money.currency) return dearest;
    const why = dearest === null ? "no price of it is known" : `it is priced in ${dearest.currency}`;
    throw new HarnessError(
      "usage",
      `A budget in ${budget.money.currency} cannot be kept with ${model.provider}/${model.id}: ${why}; name its price in prices.yaml, or limit tokens instead.`,
    );
  }

  /** What is not known counts as all that was set aside. */
  #usedBy({ tokens: { input, output } }: ModelAnswer, cost: Money | null, most: Use): Use {
    const tokens = input === null && output === null ? most.tokens : (input ?? 0) + (output ?? 0);
    return { money: cost?.amount ?? most.money, tokens };
  }
}
