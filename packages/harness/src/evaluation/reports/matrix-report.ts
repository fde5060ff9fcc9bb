/** Brings the matrix, its plan, its runs and a model's upgrade into the form of reports. */
import { type CellReading, type CellState, type MatrixCell, modelName } from "@colophon/evaluation";
import { SERVED_DAYS } from "../matrix/count-calls.ts";
import type { CountedCell, Matrix, UnlistedCell } from "../matrix/list-cells.ts";
import type { PlannedMatrix } from "../matrix/plan-cells.ts";
import type { RanMatrix } from "../matrix/run-cells.ts";
import type { ModelUpgrade } from "../matrix/upgrade-model.ts";
import { type Check, type HeatCell, moneyText, type Report, reportTable, signedPoints } from "./report.ts";

const TONES: Readonly<Record<CellState, HeatCell["tone"]>> = {
  passed: "good",
  failed: "bad",
  stale: "stale",
  open: "open",
  "never-run": "none",
};

const CHECKS: Readonly<Record<CellState, Check["state"]>> = {
  passed: "passed",
  failed: "failed",
  stale: "skipped",
  open: "skipped",
  "never-run": "skipped",
};

/**
 * What is known of each cell.
 *
 * @example
 * import { listMatrix } from "@colophon/harness";
 * const report = matrixReport(await listMatrix(harness, { environment: "production" }));
 */
export function matrixReport({ environment, cells, unlisted, models }: Omit<Matrix, "runs">): Report {
  const served = [...cells, ...unlisted].filter(({ calls }) => calls > 0);
  const rows = [...Map.groupBy(cells, ({ key }) => key)];
  const cellOf = (own: readonly MatrixCell[], model: string): MatrixCell | undefined =>
    own.find((cell) => modelName(cell) === model);
  const heat = (cell: MatrixCell | undefined): HeatCell =>
    cell === undefined ? { label: "", tone: "none" } : { label: cellText(cell), tone: TONES[cell.state] };
  const count = (state: CellState): number => cells.filter((cell) => cell.state === state).length;
  return {
    title: `Prompts and models in ${environment}`,
    state: cells.some(({ state }) => state !== "passed") ? "unfinished" : "done",
    facts: [
      ...(["passed", "failed", "stale", "open", "never-run"] as const).map((name) => ({
        name,
        value: String(count(name)),
      })),
      { name: "calls that had not passed", value: unpassedText(served) },
    ],
    reasons: cells.length === 0 ? [`No prompt is live in ${environment}.`] : [],
    tables: [
      reportTable(
        "Cells",
        [{ title: "prompt" }, ...models.map((title) => ({ title }))],
        rows.map(([key, own]) => [
          `${key}@v${own[0]?.version}`,
          ...models.map((model) => {
            const cell = cellOf(own, model);
            return cell === undefined ? "" : cellText(cell);
          }),
        ]),
      ),
      reportTable(
        `Calls of the last ${SERVED_DAYS} days`,
        [{ title: "prompt" }, { title: "model" }, { title: "state" }, { title: "calls", align: "right" }],
        served.map((cell) => [
          `${cell.key}@${textName(cell)}`,
          modelName(cell),
          cellText(cell),
          String(cell.calls),
        ]),
      ),
    ].filter(({ rows: lines }) => lines.length > 0),
    pictures: [
      {
        kind: "heat-map",
        title: "Prompts and models",
        columns: models,
        rows: rows.map(([key, own]) => ({
          name: key,
          cells: models.map((model) => heat(cellOf(own, model))),
        })),
      },
    ],
    checks: cells.map((cell) => ({
      name: `${cell.key}@v${cell.version} on ${modelName(cell)}`,
      state: CHECKS[cell.state],
      message: cellText(cell),
    })),
  };
}

type ServedCell = CountedCell | UnlistedCell;

/** How many of the served calls were on cells that have not passed. */
function unpassedText(served: readonly ServedCell[]): string {
  const sum = (cells: readonly ServedCell[]): number => cells.reduce((all, { calls }) => all + calls, 0);
  const unpassed = sum(served.filter(({ state }) => state !== "passed"));
  return `${unpassed} of ${sum(served)} in the last ${SERVED_DAYS} days`;
}

/** `v7`, or the beginning of the hash of a text without a number. */
export function textName({ version, hash }: Pick<ServedCell, "version" | "hash">): string {
  return version === null ? hash.slice(0, 12) : `v${version}`;
}

/** `passed`, `never run`, `stale: body`. */
export function cellText({ state, changed }: Pick<CellReading, "state" | "changed">): string {
  return state === "stale" ? `stale: ${changed.join(", ")}` : state.replace("-", " ");
}

/**
 * What is to be run, and what is not.
 *
 * @example
 * import { planCells } from "@colophon/harness";
 * const report = planReport(await planCells(harness, { environment: "production" }));
 */
export function planReport({
  environment,
  run,
  skipped,
  cost,
  budget,
  unknown,
  droppable,
}: PlannedMatrix): Report {
  const count = (why: string): number => skipped.filter((one) => one.why === why).length;
  return {
    title: `Plan of the matrix in ${environment}`,
    state: "done",
    facts: [
      { name: "cells to run", value: String(run.length) },
      {
        name: "cost",
        value: `${cost === null ? "unknown" : `about ${moneyText(cost)}`}${unknown > 0 ? `, ${unknown} cells unknown` : ""}`,
      },
      ...(budget === null ? [] : [{ name: "budget", value: moneyText(budget) }]),
      { name: "current", value: String(count("current")) },
      { name: "left to the tail", value: String(count("tail")) },
      { name: "cut by the budget", value: String(count("budget")) },
      { name: "without an eval set", value: String(count("no-set")) },
    ],
    reasons: droppable.map(
      ({ model, cells, prompts }) =>
        `Without ${model}, which is nobody's primary or backup, there would be ${cells} cells less (${prompts.slice(0, 5).join(", ")}${prompts.length > 5 ? ", …" : ""}).`,
    ),
    tables: [
      reportTable(
        "Cells to run, the weightiest first",
        [
          { title: "prompt" },
          { title: "model" },
          { title: "effort" },
          { title: "cases", align: "right" },
          { title: "cost", align: "right" },
          { title: "why" },
        ],
        run.map(({ cell, effort, cases, cost: one, why }) => [
          `${cell.key}@v${cell.version}`,
          modelName(cell),
          effort,
          String(cases),
          moneyText(one),
          why,
        ]),
      ),
    ].filter(({ rows }) => rows.length > 0),
    pictures: [],
    checks: run.map(({ cell, why }) => ({
      name: `${cell.key}@v${cell.version} on ${modelName(cell)}`,
      state: "skipped",
      message: why,
    })),
  };
}

const VERDICT_CHECKS = {
  ship: "passed",
  block: "failed",
  inconclusive: "skipped",
  invalid: "error",
} as const;

/**
 * What came of the cells that were run.
 *
 * @example
 * import { runCells } from "@colophon/harness";
 * const report = ranReport(await runCells(harness, { environment: "production" }, parts));
 */
export function ranReport({ environment, ran, left, money }: RanMatrix): Report {
  return {
    title: `Run of the matrix in ${environment}`,
    state: left === 0 ? "done" : "unfinished",
    facts: [
      { name: "cells", value: `${ran.length} run, ${left} left` },
      {
        name: "spent",
        value: money.length === 0 ? "nothing that has a price" : money.map(moneyText).join(" and "),
      },
    ],
    reasons: left === 0 ? [] : [`${left} cells were not begun; run the same command again to go on.`],
    tables: [
      reportTable(
        "Cells",
        [
          { title: "prompt" },
          { title: "model" },
          { title: "effort" },
          { title: "verdict" },
          { title: "why" },
        ],
        ran.map(({ key, version, model, effort, verdict, reasons }) => [
          `${key}@v${version}`,
          modelName({ model }),
          effort,
          verdict,
          reasons.at(1) ?? reasons[0] ?? "",
        ]),
      ),
    ].filter(({ rows }) => rows.length > 0),
    pictures: [],
    checks: ran.map(({ key, version, model, verdict, reasons }) => ({
      name: `${key}@v${version} on ${modelName({ model })}`,
      state: VERDICT_CHECKS[verdict],
      message: reasons[0] ?? verdict,
    })),
  };
}

/**
 * What the gate said of each prompt on the new model.
 *
 * @example
 * import { upgradeModel } from "@colophon/harness";
 * const [from, to] = [{ provider: "openai", id: "gpt-5-mini" }, { provider: "openai", id: "gpt-6-mini" }];
 * const report = upgradeReport(await upgradeModel(harness, { from, to, environment: "production" }, parts));
 */
export function upgradeReport({
  from,
  to,
  environment,
  verdict,
  reasons,
  prompts,
  unasked,
}: ModelUpgrade): Report {
  return {
    title: `From ${from} to ${to} in ${environment}`,
    state: verdict,
    facts: [{ name: "prompts", value: `${prompts.length} asked, ${unasked.length} not` }],
    reasons,
    tables: [
      reportTable(
        "Prompts",
        [
          { title: "prompt" },
          { title: "verdict" },
          { title: "difference", align: "right" },
          { title: "from", align: "right" },
          { title: "to", align: "right" },
          { title: "why" },
        ],
        prompts.map((one) => [
          `${one.key}@${one.challenger}`,
          one.verdict,
          signedPoints(one.difference),
          signedPoints(one.lower),
          signedPoints(one.upper),
          one.reasons[0] ?? "",
        ]),
      ),
    ].filter(({ rows }) => rows.length > 0),
    pictures: [
      {
        kind: "intervals",
        title: "Difference of the new model to the old one",
        limit: null,
        rows: prompts.flatMap(({ key, difference, lower, upper }) =>
          difference === null ? [] : [{ name: key, value: difference, lower, upper }],
        ),
      },
    ],
    checks: [
      ...prompts.map(
        ({ key, challenger, verdict: own, reasons: why }): Check => ({
          name: `${key}@${challenger}`,
          state: VERDICT_CHECKS[own],
          message: `${own}: ${why[0] ?? ""}`,
        }),
      ),
      ...unasked.map(({ key, why }): Check => ({ name: key, state: "error", message: why })),
    ],
  };
}
