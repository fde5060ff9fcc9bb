/** Operations on the matrix of prompts and models. */
import { CELL_ROLES } from "@colophon/evaluation";
import { RISKS } from "@colophon/kernel";
import { z } from "zod";
import { listMatrix, type Matrix, type MatrixQuery } from "../evaluation/matrix/list-cells.ts";
import { planCells } from "../evaluation/matrix/plan-cells.ts";
import { type RunCellsRequest, runCells } from "../evaluation/matrix/run-cells.ts";
import { type UpgradeRequest, upgradeModel } from "../evaluation/matrix/upgrade-model.ts";
import type { EvaluationParts } from "../evaluation/runs/evaluation-parts.ts";
import { type Embedding, withEmbedder } from "../evaluation/runs/with-embedder.ts";
import type { Harness } from "../harness.ts";
import { gateTerms, models, money, names, runBudget, runQuestion, verdicts } from "./evaluation-shapes.ts";
import { jobOperation, operation } from "./operation.ts";
import { gateAnswer } from "./run-operations.ts";
import { environmentName, modelShape } from "./shapes.ts";

const query = {
  environment: environmentName,
  prompts: names.optional(),
  models: models.optional(),
};

const reading = {
  state: z.enum(["passed", "failed", "stale", "open", "never-run"]),
  changed: z.array(z.enum(["body", "model", "set", "judge"])),
  evidence: z.string().nullable(),
  verdict: z.enum(verdicts).nullable(),
};

const textOnModel = {
  key: z.string(),
  environment: z.string(),
  hash: z.string(),
  model: modelShape,
  evalSet: z.object({ name: z.string(), version: z.int(), hash: z.string() }).nullable(),
  judges: z.array(z.string()),
};

const matrixCell = z.object({
  ...textOnModel,
  ...reading,
  risk: z.enum(RISKS),
  version: z.int(),
  role: z.enum(CELL_ROLES),
  cases: z.int(),
});

const countedCell = matrixCell.extend({ calls: z.int() }).meta({ id: "MatrixCell" });
const cellToRun = matrixCell.extend({ calls: z.int().exactOptional() });

/** What a face shows of the matrix. */
export type ShownMatrix = Omit<Matrix, "runs">;

export const listMatrixOperation = operation({
  name: "matrix.show",
  method: "GET",
  path: "/matrix",
  tag: "matrix",
  summary: "What evidence says of each live prompt on each of its models.",
  scope: "read",
  where: ({ environment }) => environment,
  input: z.object(query),
  output: z.object({
    environment: z.string(),
    cells: z.array(countedCell),
    unlisted: z.array(z.object({ ...textOnModel, ...reading, version: z.int().nullable(), calls: z.int() })),
    models: z.array(z.string()),
  }),
  run: async (harness: Harness, input: MatrixQuery): Promise<ShownMatrix> => {
    const { runs: _runs, ...shown } = await listMatrix(harness, input);
    return shown;
  },
});

const effort = z.enum(["full", "smoke"]);

export const planMatrixOperation = operation({
  name: "matrix.plan",
  method: "GET",
  path: "/matrix/plan",
  tag: "matrix",
  summary: "Which cells to run within a budget, and which models could be dropped.",
  scope: "read",
  where: ({ environment }) => environment,
  input: z.object({ ...query, budget: money.nullable().optional() }),
  output: z.object({
    environment: z.string(),
    budget: money.nullable(),
    run: z.array(
      z.object({
        cell: cellToRun,
        effort,
        cases: z.int(),
        cost: money.nullable(),
        why: z.string(),
        exempt: z.boolean(),
      }),
    ),
    skipped: z.array(z.object({ cell: cellToRun, why: z.enum(["current", "tail", "budget", "no-set"]) })),
    cost: money.nullable(),
    unknown: z.int(),
    droppable: z.array(z.object({ model: z.string(), cells: z.int(), prompts: z.array(z.string()) })),
  }),
  run: planCells,
});

const { budget, concurrency, repeats, embedder: embedderShape } = runQuestion;

export const runMatrixOperation = jobOperation({
  name: "matrix.run",
  method: "POST",
  path: "/matrix/runs",
  tag: "matrix",
  summary: "Run the planned cells, each on its own, and record the evidence.",
  scope: "evaluate",
  where: ({ environment }) => environment,
  input: z.object({ ...query, budget, concurrency, embedder: embedderShape }),
  output: z.object({
    environment: z.string(),
    ran: z.array(
      z.object({
        key: z.string(),
        version: z.int(),
        model: modelShape,
        effort,
        verdict: z.enum(verdicts),
        evidenceId: z.string().nullable(),
        reasons: z.array(z.string()),
      }),
    ),
    left: z.int(),
    money: z.array(money),
  }),
  run: async (
    harness: Harness,
    { embedder, ...asked }: RunCellsRequest & Embedding,
    parts: EvaluationParts,
  ) => runCells(harness, asked, withEmbedder(parts, embedder)),
});

export const upgradeModelOperation = jobOperation({
  name: "matrix.upgrade",
  method: "POST",
  path: "/matrix/upgrades",
  tag: "matrix",
  summary: "Ask whether the prompts on one model may run on another.",
  scope: "evaluate",
  where: ({ environment }) => environment,
  targetOf: ({ to }) => `${to.provider}/${to.id}`,
  input: z.object({
    from: modelShape,
    to: modelShape,
    environment: environmentName,
    repeats,
    budget: runBudget.optional(),
    concurrency,
    terms: z.object(gateTerms).optional(),
    embedder: embedderShape,
  }),
  output: z.object({
    verdict: z.enum(verdicts),
    safe: z.boolean(),
    reasons: z.array(z.string()),
    from: z.string(),
    to: z.string(),
    environment: z.string(),
    prompts: z.array(gateAnswer),
    unasked: z.array(z.object({ key: z.string(), why: z.string() })),
  }),
  run: async (harness: Harness, { embedder, ...asked }: UpgradeRequest & Embedding, parts: EvaluationParts) =>
    upgradeModel(harness, asked, withEmbedder(parts, embedder)),
});

export const MATRIX_OPERATIONS = [
  listMatrixOperation,
  planMatrixOperation,
  runMatrixOperation,
  upgradeModelOperation,
] as const;
