/** Scores one call of production, or a pair of them, by all raters, and gives the outcomes. */
import { type CostOf, priceExecution } from "@colophon/delivery";
import {
  type AnswerPair,
  contentsNeeded,
  isFields,
  type OnlineRater,
  outcomeValueOf,
  raterOutcomeId,
  type ScoreInput,
  type Scorers,
} from "@colophon/evaluation";
import type { Execution, OutcomeDraft, PriceBook, StoredContents } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { SampledCall } from "./sampled-calls.ts";

/** What one rater found of one call. */
export type RaterFinding =
  | {
      readonly kind: "scored";
      readonly rater: OnlineRater;
      readonly score: number;
      readonly draft: OutcomeDraft;
    }
  | { readonly kind: "known"; readonly rater: OnlineRater }
  | { readonly kind: "failed"; readonly rater: OnlineRater; readonly error: string };

export interface ScoredCall {
  readonly findings: readonly RaterFinding[];
  /** Calls whose contents a rater would have needed. */
  readonly notCaptured: number;
}

export interface CallScorerParts {
  readonly raters: readonly OnlineRater[];
  readonly scorers: Scorers;
  readonly book: PriceBook;
}

/** A call with what was captured of it. */
interface ReadCall {
  readonly row: Execution;
  readonly answer: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly said: ReadonlySet<string>;
}

export async function scoreCall(
  harness: Harness,
  { call, repeat }: SampledCall,
  parts: CallScorerParts,
): Promise<ScoredCall> {
  const own = await readCall(harness, call);
  const other = repeat === null ? null : await readCall(harness, repeat);
  const sides = other === null ? [own] : [own, other];
  const answers = other === null ? null : pairOf(own, other);
  const costOf: CostOf = (row) => priceExecution(row, parts.book);
  const lacking = new Set<ReadCall>();
  const findings = await Promise.all(
    sides.flatMap((side) =>
      parts.raters.map(async (rater): Promise<readonly RaterFinding[]> => {
        if (rater.compares && answers === null) return [];
        const id = raterOutcomeId(side.row.id, rater);
        if (side.said.has(id)) return [{ kind: "known", rater }];
        // Two answers are compared where both were captured.
        const asked = rater.compares ? sides : [side];
        const missing = asked.filter((one) => lacksContents(one, rater));
        for (const one of missing) lacking.add(one);
        if (missing.length > 0) return [];
        const as = side === own ? ("opponent" as const) : ("challenger" as const);
        const pair = answers === null ? {} : { pair: { answers, as } };
        const input = { ...inputOf(side, costOf(side.row)?.amount ?? null), ...pair };
        const outcome = await parts.scorers.score(rater.spec, input);
        if (!outcome.ok) return [{ kind: "failed", rater, error: outcome.error }];
        const { metric: name, source, by } = rater;
        const value = outcomeValueOf(name, outcome.value);
        const draft = { id, execution: side.row.id, name, value, source, by };
        return [{ kind: "scored", rater, score: outcome.value, draft }];
      }),
    ),
  );
  return { findings: findings.flat(), notCaptured: lacking.size };
}

async function readCall({ ledger }: Harness, row: Execution): Promise<ReadCall> {
  const contents = await ledger.findContents(row.id);
  const said = new Set<string>((await ledger.listOutcomes([row.id])).map(({ id }) => id));
  return { row, answer: contents?.output ?? null, variables: variablesOf(contents), said };
}

/** Null where they were not captured, are gone, or were redacted to something else. */
function variablesOf(contents: StoredContents | undefined): ReadCall["variables"] {
  if (contents?.variables == null) return null;
  try {
    const value = JSON.parse(contents.variables) as unknown;
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function lacksContents({ answer, variables }: ReadCall, { spec }: OnlineRater): boolean {
  const needed = contentsNeeded(spec);
  return (needed !== "none" && answer === null) || (needed === "all" && variables === null);
}

function pairOf(live: ReadCall, repeat: ReadCall): AnswerPair {
  return { challenger: answerOf(repeat), opponent: answerOf(live) };
}

function answerOf({ row, answer }: ReadCall): Pick<ScoreInput, "text" | "toolCalls"> {
  return { text: answer, toolCalls: (row.toolCalls ?? []).map((name) => ({ name, arguments: {} })) };
}

function inputOf(read: ReadCall, cost: number | null): ScoreInput {
  const { row, variables } = read;
  const { refused, latency } = row;
  const told = { variables: variables ?? {}, expected: { kind: "none" } } as const;
  return { ...told, ...answerOf(read), refused: refused === true, latency, cost };
}
