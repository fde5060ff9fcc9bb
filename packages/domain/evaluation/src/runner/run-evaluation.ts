/** Runs an evaluation: all sides answer each case in the same run, interleaved, and every answer is scored. */
import { HarnessError, unitDraw, type VersionText } from "@colophon/kernel";
import type { EvalCase } from "../eval-case.ts";
import type { ScoreLine } from "../score-line.ts";
import type { ScoreInput } from "../scorer.ts";
import { type AnswerPairs, answerPairs } from "./answer-pairs.ts";
import type { AskedCall, PaidCalls, PaidResult } from "./paid-calls.ts";
import type { Contender, RunEnd, RunPlan, RunSide } from "./run-plan.ts";
import type { CaseScorer, RunJournal, RunProgress } from "./run-ports.ts";

export interface RunPorts {
  readonly calls: PaidCalls;
  readonly scorer: CaseScorer;
  readonly journal: RunJournal;
  /** Monotone milliseconds. */
  readonly elapsed: () => number;
  readonly onProgress?: (progress: RunProgress) => void;
}

export interface RunOutcome {
  readonly end: RunEnd;
  /** Groups that were finished before this start, out of the journal. */
  readonly resumed: number;
  readonly progress: RunProgress;
}

/** A repeat of a case. */
interface Job {
  readonly evalCase: EvalCase;
  readonly repeat: number;
}

/**
 * Asks every contender for every repeat of every case that the journal does not have, and appends each
 * group of lines when all its sides are scored. Holds no more cases than are being worked on. A run that
 * ended early goes on where it was when it is started again with the same plan, cache and journal.
 *
 * @throws HarnessError `usage` for a plan without contenders or repeats, `variable-missing` or
 * `variable-type` for a case that a body cannot be rendered with, and what the calls throw.
 */
export async function runEvaluation(plan: RunPlan, ports: RunPorts): Promise<RunOutcome> {
  checkPlan(plan);
  const state = new RunState(plan, ports);
  const hands = new Hands(plan.workers);
  try {
    for await (const evalCase of plan.cases) {
      for (let repeat = 0; repeat < plan.repeats && !state.isOver; repeat++) {
        if (state.isFinished({ evalCase, repeat })) continue;
        await hands.free();
        if (!state.isOver) hands.take(state.work({ evalCase, repeat }));
      }
      if (state.isOver) break;
    }
  } finally {
    await hands.rest();
  }
  return state.outcome();
}

/** So many pieces of work at once, and what the first of them that failed threw. */
class Hands {
  readonly #count: number;
  #busy = 0;
  #failure: { readonly error: unknown } | null = null;
  #waiting: (() => void) | null = null;

  constructor(count: number) {
    this.#count = count;
  }

  /** Resolves when one is free. */
  async free(): Promise<void> {
    while (this.#busy >= this.#count) await this.#change();
  }

  take(work: Promise<void>): void {
    this.#busy += 1;
    work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#busy -= 1;
        this.#waiting?.();
      });
  }

  /** Resolves when all are free. @throws what the first that failed threw. */
  async rest(): Promise<void> {
    while (this.#busy > 0) await this.#change();
    if (this.#failure !== null) throw this.#failure.error;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

function checkPlan({ contenders, repeats, workers }: RunPlan): void {
  const sides = new Set(contenders.map(({ side }) => side));
  if (contenders.length > 0 && sides.size === contenders.length && repeats >= 1 && workers >= 1) return;
  throw new HarnessError(
    "usage",
    "A run needs at least one version, each side once, one repeat and one worker; correct the plan.",
  );
}

/** One side's answer to a repeat of a case, and the text that was asked for it. */
interface AnsweredJob extends Job {
  readonly text: VersionText;
  readonly result: PaidResult;
}

const NO_PAIRS: AnswerPairs = { own: {}, anchor: undefined };

class RunState {
  readonly #plan: RunPlan;
  readonly #ports: RunPorts;
  readonly #since: number;
  readonly #resumed: number;
  #done = 0;
  #errors = 0;
  #failed = false;

  constructor(plan: RunPlan, ports: RunPorts) {
    this.#plan = plan;
    this.#ports = ports;
    this.#since = ports.elapsed();
    // All of them, also those that a start which ends early does not come to.
    this.#resumed = ports.journal.finished;
  }

  /** Whether nothing further is begun. */
  get isOver(): boolean {
    return this.#failed || this.#ports.calls.ended !== null;
  }

  isFinished({ evalCase, repeat }: Job): boolean {
    return this.#ports.journal.has(evalCase.id, repeat);
  }

  async work(job: Job): Promise<void> {
    const { journal, onProgress } = this.#ports;
    try {
      const lines = await this.#scoreAll(job);
      if (lines === null) return;
      journal.append({ case: job.evalCase.id, repeat: job.repeat, lines });
      this.#done += 1;
      if (Object.values(lines).some(({ score }) => score === null)) this.#errors += 1;
      onProgress?.(this.#progress());
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  /** Null where the run ended before all sides were scored. */
  async #scoreAll({ evalCase, repeat }: Job): Promise<Readonly<Partial<Record<RunSide, ScoreLine>>> | null> {
    const sides = inOrder(this.#plan, evalCase.id, repeat);
    const results = await this.#ports.calls.callAll(
      sides.map((contender) => callOf(contender, evalCase, repeat)),
    );
    if (results.some(({ kind }) => kind === "left")) return null;
    const answered = new Map(sides.map(({ side }, at) => [side, results[at] as PaidResult]));
    const pairs = this.#ports.scorer.compares === true ? answerPairs(answered) : NO_PAIRS;
    const scored = await Promise.all(
      sides.map(async ({ side, text }) => {
        const result = answered.get(side) as PaidResult;
        const job = { evalCase, repeat, text, result };
        const line = await this.#score(job, pairs.own[side]);
        if (side !== "challenger" || pairs.anchor === undefined || result.kind !== "answered") {
          return [side, line] as const;
        }
        const { score } = await this.#score(job, pairs.anchor);
        return [side, { ...line, towardsAnchor: score }] as const;
      }),
    );
    // A judge that the end of the run kept from answering is no error of the judge.
    const cut = this.#ports.calls.ended !== null && scored.some(([, line]) => hasGap(line));
    return cut ? null : Object.fromEntries(scored);
  }

  async #score(
    { evalCase, repeat, text: asked, result }: AnsweredJob,
    pair: ScoreInput["pair"],
  ): Promise<ScoreLine> {
    const { id, cluster, tags } = evalCase;
    const about = { case: id, cluster, repeat };
    if (result.kind !== "answered") {
      const error = result.kind === "failed" ? result.error : "The run ended.";
      return { ...about, score: null, error, slice: tags };
    }
    const { answer, cost } = result;
    const { text, toolCalls, refused, latency } = answer;
    const { variables, expected } = evalCase;
    const amount = cost?.amount ?? null;
    const seen = { variables, expected, text, toolCalls, refused, latency, cost: amount };
    const input: ScoreInput = pair === undefined ? seen : { ...seen, pair };
    const scores = await this.#ports.scorer.score({ evalCase, text: asked, input });
    const guards = { cost: amount, latency, length: text?.length ?? 0, refused };
    return { ...about, ...scores, slice: tags, guards };
  }

  #progress(): RunProgress {
    const { count, repeats } = this.#plan;
    const { calls, elapsed } = this.#ports;
    const seconds = (elapsed() - this.#since) / 1000;
    const rate = this.#done > 0 && seconds > 0 ? this.#done / seconds : null;
    const done = this.#resumed + this.#done;
    const planned = count === null ? null : count * repeats;
    const left = rate === null || planned === null ? null : ((planned - done) / rate) * 1000;
    return { done, planned, rate, left, errors: this.#errors, spent: calls.spent, pace: calls.pace };
  }

  outcome(): RunOutcome {
    const end: RunEnd = this.#ports.calls.ended ?? { kind: "complete" };
    return { end, resumed: this.#resumed, progress: this.#progress() };
  }
}

function hasGap({ score, towardsAnchor, metrics }: ScoreLine): boolean {
  return score === null || towardsAnchor === null || Object.values(metrics ?? {}).includes(null);
}

/** The sides in an order drawn for this repeat, so that none is always asked first. */
function inOrder({ contenders, seed }: RunPlan, caseId: string, repeat: number): readonly Contender[] {
  if (contenders.length === 1) return contenders;
  return contenders
    .map((contender) => ({ contender, draw: unitDraw(`${seed}:${caseId}:${repeat}:${contender.side}`) }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ contender }) => contender);
}

/** What a contender is asked for one repeat of a case. */
export function callOf(contender: Contender, evalCase: EvalCase, repeat: number): AskedCall {
  const { key, version, hash, text, model, drawOffset } = contender;
  const request = { text, model, messages: contender.render(evalCase.variables) };
  return { key, version, hash, purpose: "eval", request, draw: drawOffset + repeat };
}
