/** Chooses which cells of the matrix to run within a budget. */
import type { Money } from "../runner/run-plan.ts";
import type { MatrixCell } from "./matrix-cell.ts";

/** A cell, with what it would cost and how much traffic stands behind it. */
export interface CellToPlan {
  readonly cell: MatrixCell;
  /** The prompt's share of all served calls, in [0, 1]; null where nothing was served at all. */
  readonly traffic: number | null;
  /** Of one case, by earlier runs of the prompt; null where none is known. */
  readonly costPerCase: Money | null;
}

export type CellEffort = "full" | "smoke";

export interface PlannedCell {
  readonly cell: MatrixCell;
  readonly effort: CellEffort;
  /** Cases that are asked. */
  readonly cases: number;
  /** Null where it is not known. */
  readonly cost: Money | null;
  readonly why: string;
  /** Whether no budget cuts it. */
  readonly exempt: boolean;
}

export interface SkippedCell {
  readonly cell: MatrixCell;
  readonly why: "current" | "tail" | "budget" | "no-set";
}

export interface DroppableModel {
  readonly model: string;
  /** Cells that are saved without it. */
  readonly cells: number;
  /** Prompts for which it is a route or was named by hand, and nothing more. */
  readonly prompts: readonly string[];
}

export interface MatrixPlan {
  readonly run: readonly PlannedCell[];
  readonly skipped: readonly SkippedCell[];
  /** Of the cells whose cost is known; null where none is. */
  readonly cost: Money | null;
  /** Planned cells whose cost is not known, which no budget can be held against. */
  readonly unknown: number;
  /** Models that are nobody's primary or backup, the most cells first. */
  readonly droppable: readonly DroppableModel[];
}

/** Cases of a smoke run: enough to see that a model answers at all. */
export const SMOKE_CASES = 20;

/** The prompts that carry this share of all traffic are those with high traffic. */
const HIGH_SHARE = 0.8;

/**
 * Every model for prompts that are high in risk and in traffic; for the others the primary model in full and the
 * backups by a smoke run. The primary models come first, whatever the budget; then risk and traffic decide.
 * Cells that are current are not run again.
 */
export function planMatrix(cells: readonly CellToPlan[], budget: Money | null): MatrixPlan {
  const busy = busyPrompts(cells);
  const skipped: SkippedCell[] = [];
  const wanted: PlannedCell[] = [];
  for (const one of cells) {
    const { cell } = one;
    const effort = effortOf(one, busy);
    if (cell.evalSet === null || cell.cases === 0) skipped.push({ cell, why: "no-set" });
    else if (cell.state === "passed" || cell.state === "failed") skipped.push({ cell, why: "current" });
    else if (effort === null) skipped.push({ cell, why: "tail" });
    else wanted.push(plannedCell(one, effort));
  }
  const traffic = new Map(cells.map((one) => [one.cell.key, one.traffic ?? 0]));
  wanted.sort((a, b) => priority(b, traffic) - priority(a, traffic) || (nameOf(a) < nameOf(b) ? -1 : 1));
  const run: PlannedCell[] = [];
  let spent = 0;
  for (const one of wanted) {
    const cost = budget !== null && one.cost?.currency === budget.currency ? one.cost.amount : 0;
    if (budget !== null && !one.exempt && spent + cost > budget.amount) {
      skipped.push({ cell: one.cell, why: "budget" });
      continue;
    }
    spent += cost;
    run.push(one);
  }
  return {
    run,
    skipped,
    cost: totalOf(run),
    unknown: run.filter(({ cost }) => cost === null).length,
    droppable: droppableModels(cells),
  };
}

/** The fewest prompts that together carry the high share of all traffic. */
function busyPrompts(cells: readonly CellToPlan[]): ReadonlySet<string> {
  const shares = new Map(cells.map(({ cell, traffic }) => [cell.key, traffic ?? 0]));
  const busy = new Set<string>();
  let covered = 0;
  for (const [key, share] of [...shares].sort(([, a], [, b]) => b - a)) {
    if (covered >= HIGH_SHARE || share === 0) break;
    busy.add(key);
    covered += share;
  }
  return busy;
}

/** Null for cells that are not worth a run. */
function effortOf({ cell }: CellToPlan, busy: ReadonlySet<string>): CellEffort | null {
  const whole = cell.role === "primary" || (cell.risk === "high" && busy.has(cell.key));
  if (whole) return "full";
  return cell.role === "backup" ? "smoke" : null;
}

function plannedCell({ cell, costPerCase }: CellToPlan, effort: CellEffort): PlannedCell {
  const cases = effort === "full" ? cell.cases : Math.min(SMOKE_CASES, cell.cases);
  const cost = costPerCase === null ? null : { ...costPerCase, amount: costPerCase.amount * cases };
  return { cell, effort, cases, cost, why: reasonOf(cell, effort), exempt: cell.role === "primary" };
}

function reasonOf({ state, changed, role, risk }: MatrixCell, effort: CellEffort): string {
  const because = { stale: `${changed.join(" and ")} changed`, open: "it was not decided" } as const;
  const why = state === "stale" || state === "open" ? because[state] : "it was never run";
  const whose = role === "primary" ? "primary model" : `${role} of a prompt of ${risk} risk`;
  return `${whose}: ${why}${effort === "smoke" ? ", smoke run" : ""}`;
}

const RISK_WEIGHT = { low: 0, medium: 1, high: 2 } as const;

/** Primary models, then full runs, then risk, then traffic. */
function priority({ cell, effort, exempt }: PlannedCell, traffic: ReadonlyMap<string, number>): number {
  const weight = 100 * Number(exempt) + 10 * Number(effort === "full") + 2 * RISK_WEIGHT[cell.risk];
  return weight + (traffic.get(cell.key) ?? 0);
}

function nameOf({ cell }: PlannedCell): string {
  return `${cell.key} ${modelName(cell)}`;
}

/** `openai/gpt-5-mini`. */
export function modelName({ model }: Pick<MatrixCell, "model">): string {
  return `${model.provider}/${model.id}`;
}

function totalOf(run: readonly PlannedCell[]): Money | null {
  const known = run.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  const [first] = known;
  if (first === undefined) return null;
  const { currency } = first;
  const same = known.filter((cost) => cost.currency === currency);
  return { amount: same.reduce((sum, { amount }) => sum + amount, 0), currency };
}

function droppableModels(cells: readonly CellToPlan[]): readonly DroppableModel[] {
  const byModel = Map.groupBy(cells, ({ cell }) => modelName(cell));
  return [...byModel]
    .filter(([, own]) => own.every(({ cell }) => cell.role === "route" || cell.role === "other"))
    .map(([model, own]) => ({
      model,
      cells: own.length,
      prompts: [...new Set(own.map(({ cell }) => cell.key))].sort(),
    }))
    .sort((a, b) => b.cells - a.cells || (a.model < b.model ? -1 : 1));
}
