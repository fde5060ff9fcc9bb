/** `shadowing`: repeats live calls on a challenger, off the caller's path, with answers that nobody sees. */
import type { ExecutionDraft, ShadowPlan } from "@colophon/kernel";
import { type ChallengerCall, challengerBeginning, challengerCall } from "./challenger-call.ts";
import { drain } from "./drain.ts";
import { inScope } from "./in-scope.ts";
import { isVouchedFor, mayRepeat } from "./may-repeat.ts";
import type { CallInHand } from "./open-recorder.ts";
import type { Recording } from "./recording.ts";
import { ShadowBudget } from "./shadow-budget.ts";
import type {
  LiveRecord,
  OpenShadower,
  RecordListener,
  ShadowCounts,
  Shadower,
  ShadowerParts,
} from "./shadower.ts";

/** How live calls are repeated; everything may be left out. */
export interface ShadowingOptions {
  /** Milliseconds after which a repeat is given up; 120,000 when left out. */
  readonly timeoutMs?: number;
  /** The platform's, where functions are frozen once they have answered. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

const DEFAULT_TIMEOUT = 120_000;
/** How long a close waits for what it has aborted. */
const CLOSING = 500;

/** A live call that is to be repeated. */
interface Planned {
  readonly live: LiveRecord;
  readonly plan: ShadowPlan;
  readonly challenger: ChallengerCall;
}

/** What is known of a live call once it has ended. */
interface Ended {
  readonly row: ExecutionDraft;
  readonly sample: number | undefined;
}

class Shadows implements OpenShadower {
  readonly #parts: ShadowerParts;
  readonly #options: ShadowingOptions;
  readonly #budget: ShadowBudget;
  readonly #running = new Map<AbortController, Promise<void>>();
  #isStopped = false;

  constructor(parts: ShadowerParts, options: ShadowingOptions, budget: ShadowBudget) {
    this.#parts = parts;
    this.#options = options;
    this.#budget = budget;
  }

  listen(live: LiveRecord): RecordListener | undefined {
    try {
      const planned = this.#planned(live);
      return planned && new Listener(planned, (ended) => this.#begin(planned, ended));
    } catch {
      // A challenger that cannot be rendered is no reason not to send the live call.
      return undefined;
    }
  }

  #planned(live: LiveRecord): Planned | undefined {
    const { beginning } = live;
    const plan = this.#isStopped || !mayRepeat(beginning) ? undefined : this.#planOf(beginning.call);
    if (plan === undefined || this.#budget.isSpent(plan)) return undefined;
    const { chance = Math.random } = this.#parts;
    if (!(chance() < plan.rate)) return undefined;
    const challenger = challengerCall(beginning, plan, this.#parts);
    if (challenger === undefined) return undefined;
    const texts = [beginning.rendered.servable.text, challenger.rendered.servable.text];
    const hasTools = texts.some(({ tools }) => tools !== undefined && tools.length > 0);
    return hasTools && !isVouchedFor(beginning) ? undefined : { live, plan, challenger };
  }

  /** What is to be repeated of the calls that the live version serves, at this moment. */
  #planOf({ resolved, context }: CallInHand): ShadowPlan | undefined {
    const { key, environment, version, tier } = resolved.resolution;
    const entry = tier === "environment" ? this.#parts.live.snapshot?.prompts.get(key) : undefined;
    const release = entry?.releases.get(environment);
    const { shadow } = release ?? {};
    if (shadow === undefined || release?.version !== version || shadow.version === version) return undefined;
    return inScope(shadow.where, context) ? shadow : undefined;
  }

  #begin(planned: Planned, ended: Ended): void {
    const { plan, live } = planned;
    // The rollout may have been stopped while the live call was under way.
    const now = this.#isStopped ? undefined : this.#planOf(live.beginning.call);
    if (now?.rollout !== plan.rollout || now.version !== plan.version || !this.#budget.take(now)) return;
    const controller = new AbortController();
    const work = this.#repeat(planned, ended, controller).finally(() => {
      this.#budget.giveBack(plan);
      this.#running.delete(controller);
    });
    this.#running.set(controller, work);
    this.#options.waitUntil?.(work);
  }

  /** Never rejects: what becomes of a repeat is in its row and nowhere else. */
  async #repeat(
    { live, challenger }: Planned,
    { row, sample }: Ended,
    ending: AbortController,
  ): Promise<void> {
    // The application goes on with its answer before anything else is done.
    await laterTurn();
    const { signal } = ending;
    if (signal.aborted) return;
    let recording: Recording | undefined;
    const limit = timeLimit(this.#options.timeoutMs ?? DEFAULT_TIMEOUT, (error) => {
      // Before the sender hears of it, who may have an error of its own for that.
      recording?.cut(error);
      ending.abort(error);
    });
    try {
      const { trace, span, id: parent, step } = row;
      const at = { trace, span, parent, step };
      const beginning = challengerBeginning(challenger, { at, signal, sample });
      const repeat = live.recorder.repeat({ beginning, send: live.send });
      recording = repeat.recording;
      await Promise.race([repeat.within(() => drain(repeat.result)), limit.over]);
    } catch (error) {
      recording?.fail(error);
    } finally {
      clearTimeout(limit.timer);
      // What was read to its end has a row; what could not be read has it now.
      recording?.abort();
    }
  }

  counts(): ShadowCounts {
    return this.#budget.counts();
  }

  stop(): void {
    this.#isStopped = true;
    for (const controller of this.#running.keys()) {
      controller.abort(named("AbortError", "Colophon was closed."));
    }
  }

  async stopped(): Promise<void> {
    if (this.#running.size === 0) return;
    let timer: TimerHandle | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSING);
    });
    await Promise.race([Promise.all(this.#running.values()), waited]);
    clearTimeout(timer);
  }
}

/** Waits until a live call is over for the application and has its row. */
class Listener implements RecordListener {
  readonly #planned: Planned;
  readonly #begin: (ended: Ended) => void;
  #row: ExecutionDraft | undefined;
  #recording: Recording | undefined;
  #isOver = false;
  #hasBegun = false;

  constructor(planned: Planned, begin: (ended: Ended) => void) {
    this.#planned = planned;
    this.#begin = begin;
  }

  sent(result: unknown): void {
    // A promise is over when it has settled; what else there is says so by its row alone.
    if (!isPromise(result)) this.settled();
  }

  settled(): void {
    this.#isOver = true;
    this.#look();
  }

  ended(row: ExecutionDraft, recording: Recording): void {
    this.#row = row;
    this.#recording = recording;
    this.#look();
  }

  #look(): void {
    if (this.#row === undefined || !this.#isOver || this.#hasBegun) return;
    this.#hasBegun = true;
    const { beginning } = this.#planned.live;
    const isSafe = isVouchedFor(beginning) || this.#recording?.runsOnce === false;
    if (this.#row.status !== "ok" || !isSafe) return;
    try {
      this.#begin({ row: this.#row, sample: this.#recording?.run.sample });
    } catch {
      // What the platform throws at us is no business of the application's.
    }
  }
}

function isPromise(value: unknown): boolean {
  try {
    return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
  } catch {
    return false;
  }
}

/** A later turn of the event loop, which nothing is kept alive for. */
function laterTurn(): Promise<void> {
  return new Promise((resolve) => {
    unheld(setTimeout(resolve, 0));
  });
}

function unheld(timer: TimerHandle): TimerHandle {
  if (typeof timer === "object") timer.unref?.();
  return timer;
}

/** Ends a repeat when its time is over, whether its sender heeds the signal or not. */
function timeLimit(
  milliseconds: number,
  end: (error: Error) => void,
): { readonly timer: TimerHandle; readonly over: Promise<never> } {
  let timer: TimerHandle = 0;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = named("TimeoutError", `The repeat was not over within ${milliseconds} ms.`);
      end(error);
      reject(error);
    }, milliseconds);
    unheld(timer);
  });
  return { timer, over };
}

/** Named as platforms name theirs, so that the row tells a time limit from an abort. */
function named(name: "TimeoutError" | "AbortError", message: string): Error {
  return Object.assign(new Error(message), { name });
}

/**
 * Repeats live calls while a rollout shadows its challenger: once the application has its answer, its
 * sender is called again with the challenger's prompt, and what that answers leaves a row of its own
 * (purpose and lane `shadow`) that nobody sees. Under Node `open` has it by itself; elsewhere it is
 * passed along with the recorder.
 *
 * @example
 * import { open } from "colophon";
 * import { recorder } from "colophon/recorder";
 * import { shadowing } from "colophon/shadow";
 *
 * const colophon = open({ recorder, shadow: shadowing({ timeoutMs: 30_000 }) });
 */
export function shadowing(options: ShadowingOptions = {}): Shadower {
  const budget = new ShadowBudget();
  return { open: (parts) => new Shadows(parts, options, budget) };
}
