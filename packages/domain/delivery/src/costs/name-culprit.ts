/** Says in one sentence what made a cost change, with the figures that show it. */
import type { CostPart, ExplainedChange } from "./cost-change.ts";
import { topPlace } from "./cost-places.ts";
import { formatAmount, formatFigure, formatShare } from "./format-amount.ts";
import { modelMixWords, promptMixWords } from "./mix-words.ts";
import { placeWords } from "./place-words.ts";
import { priceWords } from "./price-words.ts";
import type { CellFactors, CellSplit, CostFactor } from "./split-cells.ts";

export interface ChangeToName {
  /** Whose cost: a key, or `all prompts`. */
  readonly subject: string;
  /** Rounded as it is printed. */
  readonly change: Omit<ExplainedChange, "headline">;
  readonly decimals: number;
  readonly cells: readonly CellSplit[];
}

const NAMES: Readonly<Record<CostFactor, string>> = {
  volume: "volume",
  callsPerTrace: "calls per trace",
  retries: "retries",
  promptMix: "the mix of prompts and versions",
  modelMix: "the mix of models",
  inputTokens: "input tokens",
  outputTokens: "output tokens",
  reasoningTokens: "reasoning tokens",
  cacheHits: "cache hits",
  price: "price",
};

/**
 * A factor in words.
 *
 * @example
 * factorName("cacheHits"); // "cache hits"
 */
export function factorName(factor: CostFactor): string {
  return NAMES[factor];
}

export function nameCulprit(named: ChangeToName): string {
  const { subject, change, decimals, cells } = named;
  const [first, second] = change.parts;
  const money = (amount: number): string => formatAmount(amount, { currency: change.currency, decimals });
  if (first === undefined || change.change === 0) return unchanged(named);
  const direction = Math.sign(change.change);
  const share = change.share === null ? "" : ` (${signed(change.share, formatShare)})`;
  const what = `Cost of ${subject} ${direction > 0 ? "rose" : "fell"} by ${money(Math.abs(change.change))}${share}`;
  const words = factorWords(cells, { factor: first.factor, direction, currency: change.currency });
  if (direction * first.amount >= Math.abs(change.change) / 2) return `${what}: mostly ${words}.`;
  const then =
    second === undefined || direction * second.amount <= 0
      ? ""
      : `; then ${factorName(second.factor)} (${signed(second.amount, money)})`;
  return `${what}: first of all ${words} (${signed(first.amount, money)})${then}.`;
}

function unchanged({ subject, change, decimals }: ChangeToName): string {
  const money = (amount: number): string => formatAmount(amount, { currency: change.currency, decimals });
  const { amount } = change.before;
  const [most, least] = [change.parts[0], change.parts.at(-1)];
  const said = (part: CostPart): string => `${factorName(part.factor)} (${signed(part.amount, money)})`;
  const balance =
    most === undefined || least === undefined || most.amount === 0
      ? ""
      : `: ${said(most)} and ${said(least)} balance out`;
  return `Cost of ${subject} stayed at ${money(amount)}${balance}.`;
}

function signed(value: number, format: (value: number) => string): string {
  return value > 0 ? `+${format(value)}` : format(value);
}

interface WordsQuestion {
  readonly factor: CostFactor;
  readonly direction: number;
  readonly currency: string;
}

function factorWords(cells: readonly CellSplit[], { factor, direction, currency }: WordsQuestion): string {
  const top = topPlace(cells, { factor, direction });
  const cell = top?.cells[0];
  if (top === undefined || cell === undefined) return factorName(factor);
  const { before, after } = cell;
  const where = placeWords(cells, top);
  switch (factor) {
    case "volume": {
      const most = where === "" ? "" : `, most of it${where}`;
      return `volume, which ${moved(before.volume, after.volume)} traces${most}`;
    }
    case "callsPerTrace":
      return `calls per trace, which ${moved(before.callsPerTrace, after.callsPerTrace)}${where}`;
    case "retries":
      return `retries: ${attempts(before, after)}${where}`;
    case "promptMix":
      return promptMixWords(cells, top);
    case "modelMix":
      return `${modelMixWords(cells, top)}${placeWords(cells, { work: top.work, worker: null })}`;
    case "inputTokens":
      return `input tokens, which ${moved(before.input, after.input)} per call${where}`;
    case "outputTokens":
      return `output tokens, which ${moved(before.visible, after.visible)} per call${where}`;
    case "reasoningTokens":
      return `reasoning tokens, which ${moved(before.reasoning, after.reasoning)} per call${where}`;
    case "cacheHits":
      return `${cacheWords(before, after)} of input tokens${where}`;
    case "price":
      return `${priceWords(cell, currency)}${placeWords(cells, { work: top.work, worker: null })}`;
  }
}

function moved(before: number, after: number, format: (value: number) => string = formatFigure): string {
  return `${after >= before ? "rose" : "fell"} from ${format(before)} to ${format(after)}`;
}

function attempts(before: CellFactors, after: CellFactors): string {
  // Calls that failed for good are not paid for, so that there can be fewer than one to a call.
  const paid = Math.min(before.attempts, after.attempts) < 1 ? "paid attempts" : "attempts";
  return `${formatFigure(after.attempts)} ${paid} per call against ${formatFigure(before.attempts)}`;
}

/** Reads or writes of the cache, whichever moved the cost more. */
function cacheWords(before: CellFactors, after: CellFactors): string {
  const { prices } = after;
  const reads = (after.cacheRead - before.cacheRead) * (prices.cacheRead - prices.fresh);
  const writes = (after.cacheWrite - before.cacheWrite) * (prices.cacheWrite - prices.fresh);
  return Math.abs(reads) >= Math.abs(writes)
    ? `cache hits, which ${moved(before.cacheRead, after.cacheRead, formatShare)}`
    : `cache writes, which ${moved(before.cacheWrite, after.cacheWrite, formatShare)}`;
}
