/** Runs the planned cells of the matrix, each on its own. */
import {
  type MatrixCell,
  type Money,
  NO_BUDGET,
  type PlannedCell,
  type RunBudget,
} from "@colophon/evaluation";
import { errorCodeOf } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { EvaluationParts } from "../runs/evaluation-parts.ts";
import { gateChallenger } from "../runs/gate-challenger.ts";
import type { GateAnswer } from "../runs/gate-request.ts";
import { type MatrixPlanQuery, planCells } from "./plan-cells.ts";

export interface RunCellsRequest extends Omit<MatrixPlanQuery, "budget"> {
  /** Money decides what is planned too; primary models are begun whatever is planned, and held to what is left. */
  readonly budget?: RunBudget | undefined;
  /** The most calls at once; 16 unless given. */
  readonly concurrency?: number | undefined;
}

/** What came of a cell; one that could not be asked says why. */
export interface RanCell {
  readonly key: string;
  readonly version: number;
  readonly model: MatrixCell["model"];
  readonly effort: PlannedCell["effort"];
  readonly verdict: GateAnswer["verdict"];
  readonly evidenceId: string | null;
  readonly reasons: readonly string[];
}

export interface RanMatrix {
  readonly environment: string;
  readonly ran: readonly RanCell[];
  /** Cells that were planned and not begun, since the budget or a person ended the run. */
  readonly left: number;
  readonly money: readonly Money[];
}

/**
 * Holds each cell to its required rules and to the threshold of its prompt's risk; a smoke run asks the dev split.
 * Evidence is recorded for each.
 *
 * @throws HarnessError as `gateChallenger` does for what concerns the run as a whole.
 */
export async function runCells(
  harness: Harness,
  request: RunCellsRequest,
  parts: EvaluationParts,
): Promise<RanMatrix> {
  const { environment, budget = NO_BUDGET, concurrency } = request;
  const { run } = await planCells(harness, { ...request, budget: budget.money });
  const purse = new Purse(budget, () => harness.clock.elapsed());
  const ran: RanCell[] = [];
  for (const planned of run) {
    if (purse.isEmpty || parts.signal?.aborted === true) break;
    const answer = await askCell(harness, planned, {
      parts,
      request: { environment, budget: purse.rest(), concurrency },
    });
    purse.spend(answer);
    ran.push(answer.cell);
    if (answer.stopped) break;
  }
  return { environment, ran, left: run.length - ran.length, money: purse.money };
}

interface Asked {
  readonly cell: RanCell;
  readonly progress: GateAnswer["progress"];
  readonly stopped: boolean;
}

async function askCell(
  harness: Harness,
  { cell, effort, cases }: PlannedCell,
  {
    parts,
    request,
  }: {
    readonly parts: EvaluationParts;
    readonly request: {
      readonly environment: string;
      readonly budget: RunBudget;
      readonly concurrency: number | undefined;
    };
  },
): Promise<Asked> {
  const { key, version, model } = cell;
  const smoke = effort === "smoke" ? ({ split: "dev", take: cases } as const) : {};
  const about = { key, version, model, effort };
  try {
    const answer = await gateChallenger(
      harness,
      { ...request, ...smoke, key, version, model, against: null },
      parts,
    );
    const { verdict, evidenceId, reasons, progress, end } = answer;
    return {
      cell: { ...about, verdict, evidenceId, reasons },
      progress,
      stopped: end.kind === "stopped" && progress !== null,
    };
  } catch (error) {
    // A cell that cannot be asked is no reason to leave the others unasked.
    if (errorCodeOf(error) === undefined) throw error;
    const reasons = [(error as Error).message];
    return {
      cell: { ...about, verdict: "invalid", evidenceId: null, reasons },
      progress: null,
      stopped: false,
    };
  }
}

/** What is left of a budget, cell after cell. */
export class Purse {
  readonly #budget: RunBudget;
  readonly #elapsed: () => number;
  readonly #since: number;
  readonly #money = new Map<string, number>();
  #tokens = 0;

  constructor(budget: RunBudget, elapsed: () => number) {
    this.#budget = budget;
    this.#elapsed = elapsed;
    this.#since = elapsed();
  }

  spend({ progress }: Pick<GateAnswer, "progress">): void {
    if (progress === null) return;
    const { money, inputTokens, outputTokens } = progress.spent;
    this.#tokens += inputTokens + outputTokens;
    for (const { amount, currency } of money) {
      this.#money.set(currency, (this.#money.get(currency) ?? 0) + amount);
    }
  }

  get money(): readonly Money[] {
    return [...this.#money].map(([currency, amount]) => ({ amount, currency }));
  }

  rest(): RunBudget {
    const { money, tokens, milliseconds } = this.#budget;
    const left = (all: number, used: number): number => Math.max(0, all - used);
    return {
      money:
        money === null
          ? null
          : { ...money, amount: left(money.amount, this.#money.get(money.currency) ?? 0) },
      tokens: tokens === null ? null : left(tokens, this.#tokens),
      milliseconds: milliseconds === null ? null : left(milliseconds, this.#elapsed() - this.#since),
    };
  }

  get isEmpty(): boolean {
    const { money, tokens, milliseconds } = this.rest();
    return money?.amount === 0 || tokens === 0 || milliseconds === 0;
  }
}
