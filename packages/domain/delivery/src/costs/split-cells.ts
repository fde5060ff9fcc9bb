/** Splits the change of cost of each work on each model exactly among the factors that it is a product of. */
import { splitByShapley } from "@colophon/methods";
import {
  byKind,
  type CellSums,
  type CostWindow,
  type Work,
  type Worker,
  type WorkSums,
  workName,
} from "./cost-window.ts";
import type { ByKind } from "./price-sum.ts";

/** What a cost is a product of, in the order in which it comes about. */
export const COST_FACTORS = [
  "volume",
  "callsPerTrace",
  "retries",
  "promptMix",
  "modelMix",
  "inputTokens",
  "outputTokens",
  "reasoningTokens",
  "cacheHits",
  "price",
] as const;
export type CostFactor = (typeof COST_FACTORS)[number];

/**
 * The factors of one cell in one window. Its cost is
 * `volume · mix · callsPerTrace · attempts · share · costPerCall`, where a call costs
 * `input · mean price of an input token + visible · price + reasoning · price + price per call`.
 */
export interface CellFactors {
  /** Traces of the whole window. */
  readonly volume: number;
  /** Share of the window's traces that are of this work. */
  readonly mix: number;
  /** First attempts for each trace. */
  readonly callsPerTrace: number;
  /** Paid attempts for each first one. */
  readonly attempts: number;
  /** Share of the work's paid calls that this model answered. */
  readonly share: number;
  /** Tokens per paid call, cached ones included. */
  readonly input: number;
  readonly visible: number;
  readonly reasoning: number;
  /** Shares of the input that were read from and written to a cache. */
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Mean prices per token. */
  readonly prices: ByKind;
  readonly callPrice: number;
}

/** One work on one model in both windows, and its change by factor, in the order of `COST_FACTORS`. */
export interface CellSplit {
  readonly work: Work;
  readonly worker: Worker;
  readonly before: CellFactors;
  readonly after: CellFactors;
  readonly parts: Float64Array;
}

/**
 * Both windows need at least one trace. A work or a model that only one of them has takes what it lacks
 * in the other from there, so that its whole effect is mix. As costs add up over cells and Shapley values
 * over games, the cells' parts add up to those of the whole.
 */
export function splitCells(before: CostWindow, after: CostWindow): readonly CellSplit[] {
  const names = new Set([...before.cells.keys(), ...after.cells.keys()]);
  const [volumeBefore, volumeAfter] = [tracesOf(before, after), tracesOf(after, before)];
  return [...names].flatMap((name) => {
    const cells = [before.cells.get(name), after.cells.get(name)] as const;
    const one = cells[0] ?? cells[1];
    if (one === undefined) return [];
    const works = [before, after].map(({ works }) => works.get(workName(one.work)));
    const [then, now] = [
      factorsOf({ volume: volumeBefore, works: [works[0], works[1]], cells: [cells[0], cells[1]] }),
      factorsOf({ volume: volumeAfter, works: [works[1], works[0]], cells: [cells[1], cells[0]] }),
    ];
    if (then === undefined || now === undefined) return [];
    return [{ work: one.work, worker: one.worker, before: then, after: now, parts: splitProduct(then, now) }];
  });
}

/** Traces of the works that cost something in this window or the other. */
export function tracesOf({ works }: CostWindow, other: CostWindow): number {
  let traces = 0;
  for (const [name, work] of works) {
    if (work.billed > 0 || (other.works.get(name)?.billed ?? 0) > 0) traces += work.traces;
  }
  return traces;
}

/** What a window has, and what the other one has in its place. */
type OwnOrOther<T> = readonly [own: T | undefined, other: T | undefined];

function factorsOf(of: {
  readonly volume: number;
  readonly works: OwnOrOther<WorkSums>;
  readonly cells: OwnOrOther<CellSums>;
}): CellFactors | undefined {
  const { volume } = of;
  const [work, otherWork] = of.works;
  const [cell, otherCell] = of.cells;
  const pattern = work ?? otherWork;
  const means = cell ?? otherCell;
  if (pattern === undefined || means === undefined) return undefined;
  // A work whose calls all failed was not paid for: which model would have answered is not known.
  const shares = work !== undefined && work.billed > 0 ? ([work, cell] as const) : [otherWork, otherCell];
  const input = inputOf(means);
  const cached = input > 0 || otherCell === undefined ? means : otherCell;
  return {
    volume,
    mix: (work?.traces ?? 0) / volume,
    callsPerTrace: pattern.firsts / pattern.traces,
    attempts: pattern.billed / pattern.firsts,
    share: (shares[1]?.billed ?? 0) / (shares[0]?.billed ?? 1),
    input: input / means.billed,
    visible: means.tokens.visible / means.billed,
    reasoning: means.tokens.reasoning / means.billed,
    cacheRead: shareOf(cached, "cacheRead"),
    cacheWrite: shareOf(cached, "cacheWrite"),
    // Without tokens of a kind its listed price stands there, so that a price is not said to have changed.
    prices: byKind((kind) =>
      means.tokens[kind] > 0 ? means.amounts[kind] / means.tokens[kind] : means.prices[kind],
    ),
    callPrice: means.callAmount / means.billed,
  };
}

function inputOf({ tokens }: CellSums): number {
  return tokens.fresh + tokens.cacheRead + tokens.cacheWrite;
}

function shareOf(cell: CellSums, kind: "cacheRead" | "cacheWrite"): number {
  const input = inputOf(cell);
  return input === 0 ? 0 : cell.tokens[kind] / input;
}

/** Five factors say how many calls there are and five what a call costs: 32 values of each make all 1,024. */
function splitProduct(before: CellFactors, after: CellFactors): Float64Array {
  const half = COST_FACTORS.length / 2;
  const masks = 2 ** half;
  const pick = (changed: boolean): CellFactors => (changed ? after : before);
  const calls = Float64Array.from({ length: masks }, (_, mask) => {
    const [volume, trace, attempt, mix, share] = [1, 2, 4, 8, 16].map((bit) => pick((mask & bit) !== 0));
    return callsOf({ volume, trace, attempt, mix, share } as CallSources);
  });
  const costs = Float64Array.from({ length: masks }, (_, mask) => {
    const [input, output, reasoning, cache, price] = [1, 2, 4, 8, 16].map((bit) => pick((mask & bit) !== 0));
    return costOf({ input, output, reasoning, cache, price } as CostSources);
  });
  return splitByShapley(
    COST_FACTORS.length,
    (mask) => (calls[mask & (masks - 1)] ?? 0) * (costs[mask >> half] ?? 0),
  );
}

type CallSources = Readonly<Record<"volume" | "trace" | "attempt" | "mix" | "share", CellFactors>>;
type CostSources = Readonly<Record<"input" | "output" | "reasoning" | "cache" | "price", CellFactors>>;

function callsOf({ volume, trace, attempt, mix, share }: CallSources): number {
  return volume.volume * mix.mix * trace.callsPerTrace * attempt.attempts * share.share;
}

function costOf({ input, output, reasoning, cache, price }: CostSources): number {
  const { prices, callPrice } = price;
  const inputCost = input.input * inputPrice(cache, prices);
  return inputCost + output.visible * prices.visible + reasoning.reasoning * prices.reasoning + callPrice;
}

/** The mean price of an input token, by how much of the input meets a cache. */
function inputPrice({ cacheRead, cacheWrite }: CellFactors, prices: ByKind): number {
  return (
    freshShare({ cacheRead, cacheWrite }) * prices.fresh +
    cacheRead * prices.cacheRead +
    cacheWrite * prices.cacheWrite
  );
}

function freshShare({ cacheRead, cacheWrite }: Pick<CellFactors, "cacheRead" | "cacheWrite">): number {
  return Math.max(0, 1 - cacheRead - cacheWrite);
}

/** What a paid call costs in one window: its input, its output, and all of it with the price per call. */
export function callCosts(factors: CellFactors): {
  readonly input: number;
  readonly output: number;
  readonly all: number;
} {
  const { prices, visible, reasoning, callPrice } = factors;
  const input = factors.input * inputPrice(factors, prices);
  const output = visible * prices.visible + reasoning * prices.reasoning;
  return { input, output, all: input + output + callPrice };
}

/** Tokens of a paid call by kind. */
export function callTokens({ input, cacheRead, cacheWrite, visible, reasoning }: CellFactors): ByKind {
  return {
    fresh: input * freshShare({ cacheRead, cacheWrite }),
    cacheRead: input * cacheRead,
    cacheWrite: input * cacheWrite,
    visible,
    reasoning,
  };
}
