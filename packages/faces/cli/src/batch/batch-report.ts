/** Tells how a batch went: what is finished, what went wrong on the way, what it took. */
import { formatAmount, formatFigure, type Spending } from "@colophon/harness";
import { callCount } from "../cost-table.ts";
import type { BatchOutput } from "./batch-output.ts";
import type { BatchRequest } from "./batch-request.ts";
import type { Barred } from "./run-batch.ts";
import type { Trouble, TroubleKind } from "./trouble.ts";

/** Counts the troubles that passed, by kind. */
export class TroubleCount {
  readonly #counts = new Map<TroubleKind, number>();

  add(trouble: Trouble): void {
    if (trouble.end !== "passing") return;
    this.#counts.set(trouble.kind, (this.#counts.get(trouble.kind) ?? 0) + 1);
  }

  get byKind(): Readonly<Partial<Record<TroubleKind, number>>> {
    return Object.fromEntries([...this.#counts].sort(([, a], [, b]) => b - a));
  }
}

export interface BatchReport {
  readonly key: string;
  readonly environment: string;
  /** Null where each version's own was called. */
  readonly model: string | null;
  readonly lines: number;
  readonly finished: number;
  /** Of the finished ones. */
  readonly errors: number;
  /** Finished by earlier runs. */
  readonly resumed: number;
  readonly out: string;
  /** Why it stopped before its end; null where nothing but a person stopped it. */
  readonly barred: Barred;
  /** Errors that another try was made after, by kind; this run's, as all below. */
  readonly troubles: TroubleCount["byKind"];
  readonly spending: Spending;
}

export interface ReportParts {
  readonly request: BatchRequest;
  readonly total: number;
  readonly before: number;
  readonly output: BatchOutput;
  readonly barred: Barred;
  readonly troubles: TroubleCount;
  readonly spending: Spending;
}

export function batchReport({ request, total, before, output, ...rest }: ReportParts): BatchReport {
  const { key, environment, model, out } = request;
  const { count, errors } = output.finished;
  return {
    ...{ key, environment, model: model?.id ?? null, out },
    ...{ lines: total, finished: count, errors, resumed: before },
    barred: rest.barred,
    troubles: rest.troubles.byKind,
    spending: rest.spending,
  };
}

/** Whether every line was answered. */
export function isAnswered({ lines, finished, errors }: BatchReport): boolean {
  return finished >= lines && errors === 0;
}

export function reportText(report: BatchReport): string {
  const { lines, finished, errors, out, barred } = report;
  return [
    `${finished} of ${lines} lines are finished in ${out}, ${errors} of them with an error.`,
    ...usedLines(report),
    ...(errors > 0
      ? ["Lines with an error stay as they are; remove them from the output and run the same command again."]
      : []),
    ...(barred === null ? [] : [`${barred}; nothing more was sent.`]),
    ...(finished < lines
      ? [`${barred === null ? "Interrupted; run" : "Run"} the same command again to go on.`]
      : []),
  ].join("\n");
}

function usedLines({ spending, troubles }: BatchReport): readonly string[] {
  const { calls, retries, tokens, amounts, unpriced } = spending;
  if (calls === 0) return [];
  const kinds = Object.entries(troubles).map(([kind, count]) => `${kind} ${formatFigure(count)}`);
  const met = kinds.length === 0 ? "" : ` (errors on the way: ${kinds.join(", ")})`;
  const used =
    tokens === null
      ? "tokens unknown"
      : `${formatFigure(tokens.input)} input and ${formatFigure(tokens.output)} output tokens`;
  const cost = amounts.map(({ amount, currency }) => formatAmount(amount, { currency })).join(" + ");
  const without = unpriced.calls === 0 ? "" : ` (without ${callCount(unpriced.calls)} of unknown cost)`;
  return [
    `${callCount(calls)}, ${formatFigure(retries)} of them retries${met}.`,
    `${used}, ${cost === "" ? "cost unknown" : `cost ${cost}`}${cost === "" ? "" : without}.`,
  ];
}
