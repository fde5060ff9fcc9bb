/** Says what a run would cost before it is started. */
import { declaredLimit } from "./call-bounds.ts";
import type { PaidCalls } from "./paid-calls.ts";
import { callOf } from "./run-evaluation.ts";
import type { Money, RunPlan } from "./run-plan.ts";
import type { CallPrices, RunJournal } from "./run-ports.ts";

/** What a run asks and costs at most; judges, whose calls depend on the answers, are not in it. */
export interface RunEstimate {
  /** Calls that have to be paid for. */
  readonly calls: number;
  /** Answers that are kept from before. */
  readonly kept: number;
  /** Repeats of cases that are finished already. */
  readonly finished: number;
  /** About, by four characters a token. */
  readonly inputTokens: number;
  /** At most, where every version declares a limit for its answers; null where one does not. */
  readonly outputTokens: number | null;
  /** In each currency: the input about, and the output at its limit; null where output has none. */
  readonly money: readonly Money[] | null;
  /** Calls on models that nobody named a price for. */
  readonly unpriced: number;
}

const CHARACTERS_PER_TOKEN = 4;

/**
 * Goes through all cases without calling anything.
 *
 * @throws HarnessError `variable-missing` or `variable-type` for a case that a body cannot be rendered with;
 * `usage` where the calls' budget is in money and a model has no price.
 */
export async function estimateRun(
  plan: RunPlan,
  ports: {
    readonly calls: PaidCalls;
    readonly journal: Pick<RunJournal, "has">;
    readonly prices: CallPrices;
  },
): Promise<RunEstimate> {
  const money = new Map<string, number>();
  let [calls, kept, finished, inputTokens, outputTokens, unpriced] = [0, 0, 0, 0, 0, 0];
  const unlimited = plan.contenders.some(({ model }) => declaredLimit({ model }) === null);
  for await (const evalCase of plan.cases) {
    for (let repeat = 0; repeat < plan.repeats; repeat++) {
      const isFinished = ports.journal.has(evalCase.id, repeat);
      if (isFinished) finished += 1;
      for (const contender of plan.contenders) {
        const asked = callOf(contender, evalCase, repeat);
        // Refuses what the budget cannot be kept with, before anything is paid for.
        ports.calls.most(asked);
        if (isFinished) continue;
        if (ports.calls.isKept(asked)) {
          kept += 1;
          continue;
        }
        calls += 1;
        const characters = asked.request.messages.reduce((sum, { content }) => sum + content.length, 0);
        const input = Math.ceil(characters / CHARACTERS_PER_TOKEN);
        const output = declaredLimit(contender) ?? 0;
        inputTokens += input;
        outputTokens += output;
        const tokens = { input, output, reasoning: 0, cacheRead: 0, cacheWrite: 0 };
        const place = { model: contender.model, answeringModel: null, host: null };
        const cost = ports.prices.costOf({ ...place, tokens });
        if (cost === null) unpriced += 1;
        else money.set(cost.currency, (money.get(cost.currency) ?? 0) + cost.amount);
      }
    }
  }
  return {
    calls,
    kept,
    finished,
    inputTokens,
    outputTokens: unlimited ? null : outputTokens,
    money: unlimited ? null : [...money].map(([currency, amount]) => ({ amount, currency })),
    unpriced,
  };
}
