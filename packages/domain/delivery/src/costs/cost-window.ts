/** What one window of a comparison holds, by the work that was done and the model that did it. */
import type { Purpose, Rollup } from "@colophon/kernel";
import { type ByKind, type Priced, TOKEN_KINDS, tokensByKind } from "./price-sum.ts";

/** A text at work. Eval runs and another environment are other work than serving the same text. */
export interface Work {
  readonly prompt: string;
  readonly version: number | null;
  readonly hash: string;
  readonly environment: string;
  readonly purpose: Purpose;
}

export interface Worker {
  readonly provider: string;
  readonly model: string;
  /** Whether the application states what these calls cost. */
  readonly stated: boolean;
}

export interface WorkSums {
  readonly work: Work;
  /** Traces, first attempts, and calls that are paid for. */
  readonly traces: number;
  readonly firsts: number;
  readonly billed: number;
}

/** Sums of the calls of one work on one model that are paid for. */
export interface CellSums {
  readonly work: Work;
  readonly worker: Worker;
  readonly billed: number;
  readonly tokens: ByKind;
  readonly amounts: ByKind;
  /** Amounts that do not follow from tokens: stated costs, and prices per call. */
  readonly callAmount: number;
  /** Mean price per token, also of kinds that no token was seen of. */
  readonly prices: ByKind;
}

export interface CostWindow {
  readonly billed: number;
  readonly amount: number;
  readonly works: ReadonlyMap<string, WorkSums>;
  readonly cells: ReadonlyMap<string, CellSums>;
}

/** The name under which `works` has a work; those of `cells` begin with it. */
export function workName({ prompt, hash, version, environment, purpose }: Work): string {
  return JSON.stringify([prompt, version, hash, environment, purpose]);
}

function cellName(work: Work, { provider, model, stated }: Worker): string {
  return `${workName(work)} ${JSON.stringify([provider, model, stated])}`;
}

/** The sums in one currency; sums that have no price are not part of it. */
export function costWindow(priced: readonly Priced<Rollup>[], currency: string): CostWindow {
  const works = new Map<string, WorkSums>();
  const cells = new Map<string, CellSums>();
  for (const { sum, cost } of priced) {
    if (cost.kind === "unpriced" || cost.currency !== currency) continue;
    const calls = paidCalls({ sum, cost });
    const work = workOf(sum);
    const name = workName(work);
    works.set(name, addWork(works.get(name) ?? { work, traces: 0, firsts: 0, billed: 0 }, calls));
    if (calls.billed === 0) continue;
    const worker = workerOf({ sum, cost });
    const cell = cellName(work, worker);
    cells.set(cell, addCell(cells.get(cell) ?? emptyCell(work, worker), { sum, cost }));
  }
  for (const [name, sums] of works) {
    const whole = begun(sums);
    if (whole.traces > 0) works.set(name, whole);
    else works.delete(name);
  }
  const all = [...works.values()];
  return {
    billed: all.reduce((sum, { billed }) => sum + billed, 0),
    amount: [...cells.values()].reduce((sum, cell) => sum + amountOf(cell), 0),
    works,
    cells,
  };
}

function amountOf({ amounts, callAmount }: CellSums): number {
  return TOKEN_KINDS.reduce((sum, kind) => sum + amounts[kind], callAmount);
}

type KnownCost = Exclude<Priced["cost"], { readonly kind: "unpriced" }>;

interface Known {
  readonly sum: Rollup;
  readonly cost: KnownCost;
}

type Counts = Pick<WorkSums, "traces" | "firsts" | "billed">;

/**
 * Calls that failed without tokens cost nothing, and are attempts that were not paid for. What other
 * uncounted calls cost is not known: they are left out, together with their share of traces and attempts.
 */
function paidCalls({ sum, cost }: Known): Counts {
  const { calls, uncounted, errors, retries, traces } = sum;
  const unknown = cost.kind === "stated" ? 0 : Math.max(0, uncounted - errors);
  const known = calls === 0 ? 0 : (calls - unknown) / calls;
  const billed = cost.kind === "stated" ? calls : cost.billed;
  return { traces: traces * known, firsts: (calls - retries) * known, billed };
}

function addWork(sums: WorkSums, { traces, firsts, billed }: Counts): WorkSums {
  return {
    work: sums.work,
    traces: sums.traces + traces,
    firsts: sums.firsts + firsts,
    billed: sums.billed + billed,
  };
}

/** A window may cut a trace or a call off from its beginning; what is left counts as one that begins there. */
function begun({ work, traces, firsts, billed }: WorkSums): WorkSums {
  const attempted = firsts > 0 ? firsts : billed;
  return { work, traces: traces > 0 ? traces : attempted, firsts: attempted, billed };
}

const NONE: ByKind = { fresh: 0, cacheRead: 0, cacheWrite: 0, visible: 0, reasoning: 0 };

function emptyCell(work: Work, worker: Worker): CellSums {
  return { work, worker, billed: 0, tokens: NONE, amounts: NONE, callAmount: 0, prices: NONE };
}

function addCell(cell: CellSums, { sum, cost }: Known): CellSums {
  const tokens = tokensByKind(sum);
  const [prices, billed] = cost.kind === "stated" ? [NONE, sum.calls] : [cost.prices, cost.billed];
  const all = cell.billed + billed;
  return {
    work: cell.work,
    worker: cell.worker,
    billed: all,
    tokens: byKind((kind) => cell.tokens[kind] + tokens[kind]),
    amounts: byKind((kind) => cell.amounts[kind] + tokens[kind] * prices[kind]),
    callAmount: cell.callAmount + (cost.kind === "stated" ? cost.amount : billed * cost.callPrice),
    prices: byKind((kind) => (cell.prices[kind] * cell.billed + prices[kind] * billed) / all),
  };
}

export function byKind(value: (kind: (typeof TOKEN_KINDS)[number]) => number): ByKind {
  return {
    fresh: value("fresh"),
    cacheRead: value("cacheRead"),
    cacheWrite: value("cacheWrite"),
    visible: value("visible"),
    reasoning: value("reasoning"),
  };
}

function workOf({ prompt, version, hash, environment, purpose }: Rollup): Work {
  return { prompt, version, hash, environment, purpose };
}

function workerOf({ sum, cost }: Known): Worker {
  const { provider, requestedModel, answeringModel } = sum;
  return { provider, model: answeringModel ?? requestedModel, stated: cost.kind === "stated" };
}
