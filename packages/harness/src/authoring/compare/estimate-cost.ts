/** Estimates what a thousand calls of a text cost, before and after a change. */
import type { SizeDiff } from "@colophon/authoring";
import { liveOf } from "@colophon/delivery";
import type { Money } from "@colophon/evaluation";
import type { ModelChoice, PriceBook } from "@colophon/kernel";
import { loadListPrices } from "@colophon/models";
import { openPrices } from "../../costs/house-prices.ts";
import { callPrices } from "../../evaluation/runs/call-pricing.ts";
import type { ComparePlace } from "./compare-prompt.ts";
import type { FoundSide } from "./find-side.ts";

export interface SideCost {
  /** `provider/model`. */
  readonly model: string;
  /** Of a call, about. */
  readonly inputTokens: number;
  /** Of a call; null where no calls say so. */
  readonly outputTokens: number | null;
  /** Of a thousand calls; null where the model has no price. */
  readonly money: Money | null;
}

export interface CostEstimate {
  /**
   * `ledger`: the mean tokens of the calls that `version` answered, after the change moved by the difference of the
   * static words. `text`: there were no such calls, so the static words alone count, without variables and answers.
   */
  readonly basis: "ledger" | "text";
  /** Whose calls; null without any. */
  readonly version: number | null;
  readonly calls: number;
  /** Null for a side that is not there. */
  readonly before: SideCost | null;
  readonly after: SideCost | null;
}

export interface CostQuestion {
  readonly key: string;
  readonly before: FoundSide | null;
  readonly after: FoundSide | null;
  readonly environment: string | null;
  readonly size: SizeDiff;
}

const DAYS = 30;
const DAY_MS = 86_400_000;
const CALLS = 1_000;

/** By the prices of now; answers are taken to stay as long as they are. */
export async function estimateCost(place: ComparePlace, question: CostQuestion): Promise<CostEstimate> {
  const { before, after, size } = question;
  const means = await meansOf(place, question);
  const book = await bookOf(place);
  const at = place.clock.now();
  const costOf = (side: FoundSide | null, staticTokens: number | undefined): SideCost | null => {
    if (side === null || staticTokens === undefined) return null;
    const moved = staticTokens - (size.before?.staticTokens ?? staticTokens);
    const inputTokens = means === null ? staticTokens : Math.max(0, Math.round(means.input + moved));
    const outputTokens = means === null ? null : Math.round(means.output);
    const money = priceOf(side.model, { inputTokens, outputTokens, book, at });
    return { model: `${side.model.provider}/${side.model.id}`, inputTokens, outputTokens, money };
  };
  return {
    basis: means === null ? "text" : "ledger",
    version: means?.version ?? null,
    calls: means?.calls ?? 0,
    before: costOf(before, size.before?.staticTokens),
    after: costOf(after, size.after?.staticTokens),
  };
}

interface Call {
  readonly inputTokens: number;
  readonly outputTokens: number | null;
  readonly book: PriceBook;
  readonly at: number;
}

function priceOf(model: ModelChoice, { inputTokens, outputTokens, book, at }: Call): Money | null {
  const tokens = { input: inputTokens, output: outputTokens ?? 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 };
  const cost = callPrices(book, at).costOf({ model, answeringModel: null, host: null, tokens });
  return cost === null ? null : { amount: cost.amount * CALLS, currency: cost.currency };
}

async function bookOf({ harness }: ComparePlace): Promise<PriceBook> {
  return harness === null ? loadListPrices() : (await openPrices(harness)).book;
}

interface CallMeans {
  readonly version: number;
  readonly calls: number;
  readonly input: number;
  readonly output: number;
}

/** Of the version before; where that is none, or has no calls, of what is live. Null without counted calls. */
async function meansOf(
  { harness, state, clock }: ComparePlace,
  { key, before, environment }: CostQuestion,
): Promise<CallMeans | null> {
  if (harness === null || state === null || before === null) return null;
  const scope = environment === null ? {} : { environment };
  const until = clock.now() + 1;
  // Whole days are kept as sums.
  const since = (Math.floor(until / DAY_MS) - DAYS) * DAY_MS;
  const sums = await harness.ledger.listRollups({ prompt: key, since, until, by: "window", ...scope });
  const live = environment === null ? undefined : liveOf(state, key, environment)?.version;
  for (const version of [before.side.version, live]) {
    if (version === null || version === undefined) continue;
    const own = sums.filter((sum) => sum.version === version && sum.purpose === "serve");
    const total = (pick: (sum: (typeof own)[number]) => number): number =>
      own.reduce((all, sum) => all + pick(sum), 0);
    const calls = total((sum) => sum.calls - sum.uncounted);
    if (calls <= 0) continue;
    const [input, output] = [total((sum) => sum.inputTokens), total((sum) => sum.outputTokens)];
    return { version, calls, input: input / calls, output: output / calls };
  }
  return null;
}
