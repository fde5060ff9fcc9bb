/** Explains why costs changed between two windows: exact parts by factor, and the culprit in words. */
import type { Rollup } from "@colophon/kernel";
import type { CostChange, CostPart, WindowTotals } from "./cost-change.ts";
import { topPlace } from "./cost-places.ts";
import { type CostWindow, costWindow } from "./cost-window.ts";
import { nameCulprit } from "./name-culprit.ts";
import type { Priced, TokenKind } from "./price-sum.ts";
import { changeDecimals, FINEST_DECIMALS, roundChange } from "./round-change.ts";
import { type CellSplit, COST_FACTORS, type CostFactor, splitCells, tracesOf } from "./split-cells.ts";

export interface CostsToExplain {
  /** Whose cost, in words: a key, or `all prompts`. */
  readonly subject: string;
  readonly before: readonly Priced<Rollup>[];
  readonly after: readonly Priced<Rollup>[];
}

/**
 * One explanation for each currency, the largest change first; at least one. Sums without a price are
 * in none of them. The parts are Shapley values over the ten factors: they add up to the change, and no
 * order of the factors is preferred.
 */
export function explainCosts(costs: CostsToExplain): readonly CostChange[] {
  const known = [...costs.before, ...costs.after].flatMap(({ cost }) =>
    cost.kind === "unpriced" || (cost.kind === "priced" && cost.billed === 0) ? [] : [cost.currency],
  );
  const currencies = [...new Set(known)].sort();
  if (currencies.length === 0) return [nothingPriced(costs)];
  const sizeOf = ({ before, after }: CostChange): number => Math.abs(after.amount - before.amount);
  return currencies.map((currency) => explainCurrency(costs, currency)).sort((a, b) => sizeOf(b) - sizeOf(a));
}

function explainCurrency(costs: CostsToExplain, currency: string): CostChange {
  const { subject } = costs;
  const windows = [costWindow(costs.before, currency), costWindow(costs.after, currency)] as const;
  const [then, now] = windows;
  const [before, after] = [totalsOf(then, now), totalsOf(now, then)];
  if (before.traces === 0 || after.traces === 0) {
    const [lacking, rows] = before.traces === 0 ? ["before", costs.before] : ["after", costs.after];
    const why =
      callsOf(rows as readonly Priced[]) === 0
        ? `the window ${lacking} has no calls`
        : `no call of the window ${lacking} is priced in ${currency}`;
    return { status: "insufficient", currency, headline: tooLittle(subject, why), before, after };
  }
  const cells = splitCells(then, now);
  const change = after.amount - before.amount;
  const direction = change < 0 ? -1 : 1;
  const parts = COST_FACTORS.map((factor) => partOf(cells, { factor, direction, windows })).sort(
    (a, b) => direction * (b.amount - a.amount),
  );
  const share = before.amount > 0 ? change / before.amount : null;
  const unnamed = {
    status: "explained",
    currency,
    headline: "",
    before,
    after,
    change,
    share,
    parts,
  } as const;
  // Rounded as whoever prints it does, so that the words and the table show the same figures.
  const finest = roundChange(unnamed, FINEST_DECIMALS);
  const decimals = changeDecimals(finest);
  const named = { subject, change: roundChange(finest, decimals), decimals, cells };
  return { ...unnamed, headline: nameCulprit(named) };
}

function nothingPriced({ subject, before, after }: CostsToExplain): CostChange {
  const nothing = { amount: 0, traces: 0, calls: 0 };
  const why =
    callsOf([...before, ...after]) === 0 ? "neither window has calls" : "no call of either window is priced";
  const headline = tooLittle(subject, why);
  return { status: "insufficient", currency: null, headline, before: nothing, after: nothing };
}

function tooLittle(subject: string, why: string): string {
  return `There is too little to explain the cost of ${subject}: ${why}.`;
}

function callsOf(rows: readonly Priced[]): number {
  return rows.reduce((all, { sum }) => all + sum.calls, 0);
}

function totalsOf(window: CostWindow, other: CostWindow): WindowTotals {
  return { amount: window.amount, traces: tracesOf(window, other), calls: window.billed };
}

interface PartQuestion {
  readonly factor: CostFactor;
  readonly direction: number;
  readonly windows: readonly [before: CostWindow, after: CostWindow];
}

function partOf(cells: readonly CellSplit[], { factor, direction, windows }: PartQuestion): CostPart {
  const at = COST_FACTORS.indexOf(factor);
  const amount = cells.reduce((sum, { parts }) => sum + (parts[at] ?? 0), 0);
  const [before, after] = windows;
  const top = topPlace(cells, { factor, direction: Math.sign(amount) || direction });
  return {
    factor,
    amount,
    before: figureOf(factor, [before, after]),
    after: figureOf(factor, [after, before]),
    where: amount === 0 || top === undefined ? null : { ...top.work, worker: top.worker },
  };
}

/** The factor over a whole window; null for what is many figures, and for means of nothing. */
function figureOf(factor: CostFactor, [window, other]: PartQuestion["windows"]): number | null {
  const works = [...window.works].filter(
    ([name, { billed }]) => billed > 0 || (other.works.get(name)?.billed ?? 0) > 0,
  );
  const firsts = works.reduce((sum, [, work]) => sum + work.firsts, 0);
  const tokens = (kinds: readonly TokenKind[]): number =>
    [...window.cells.values()].reduce(
      (sum, cell) => sum + kinds.reduce((all, kind) => all + cell.tokens[kind], 0),
      0,
    );
  const input = tokens(["fresh", "cacheRead", "cacheWrite"]);
  switch (factor) {
    case "volume":
      return tracesOf(window, other);
    case "callsPerTrace":
      return meanOf(firsts, tracesOf(window, other));
    case "retries":
      return meanOf(window.billed, firsts);
    case "inputTokens":
      return meanOf(input, window.billed);
    case "outputTokens":
      return meanOf(tokens(["visible"]), window.billed);
    case "reasoningTokens":
      return meanOf(tokens(["reasoning"]), window.billed);
    case "cacheHits":
      return meanOf(tokens(["cacheRead"]), input);
    case "promptMix":
    case "modelMix":
    case "price":
      return null;
  }
}

function meanOf(sum: number, count: number): number | null {
  return count > 0 ? sum / count : null;
}
