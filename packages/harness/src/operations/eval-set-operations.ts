/** Operations on eval sets. */
import { z } from "zod";
import { type AddExecutionRequest, addExecution } from "../evaluation/eval-sets/add-execution.ts";
import { auditSet } from "../evaluation/eval-sets/audit-set.ts";
import {
  EVAL_SET_FORMATS,
  type EvalSetFormat,
  type EvalSetText,
} from "../evaluation/eval-sets/eval-set-file.ts";
import { exportEvalSet } from "../evaluation/eval-sets/export-eval-set.ts";
import { type ImportEvalSetRequest, importEvalSet } from "../evaluation/eval-sets/import-eval-set.ts";
import { listEvalSets, showEvalSet } from "../evaluation/eval-sets/list-eval-sets.ts";
import { CASE_QUERIES, proposeCases } from "../evaluation/eval-sets/propose-cases.ts";
import type { Harness } from "../harness.ts";
import { names, nameText, scorerSpec, setReference, split } from "./evaluation-shapes.ts";
import { operation } from "./operation.ts";
import { environmentName, promptKey, time, words } from "./shapes.ts";

/** Bytes of an eval set's file that a server takes in at once; as JSON they may be twice as many. */
export const LARGEST_EVAL_SET = 15_000_000;
const MOST_PROPOSALS = 10_000;
const MOST_DAYS = 36_500;

const counts = z.object({ dev: z.int(), test: z.int() });
const count = z.int();

const evalSetRow = z
  .object({
    name: z.string(),
    version: count,
    hash: z.string(),
    dev: count,
    test: count,
    owner: z.string().nullable(),
    refreshDays: count.nullable(),
    at: z.string(),
    by: z.string(),
    days: count,
    due: z.string().nullable(),
    overdue: z.boolean(),
    prompts: z.array(z.string()),
  })
  .meta({ id: "EvalSet" });

const expectation = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("label"), value: z.string() }),
  z.object({ kind: z.literal("json"), value: z.unknown() }),
  z.object({ kind: z.literal("reference"), value: z.string() }),
  z.object({ kind: z.literal("rubric"), value: z.string() }),
]);

const evalCase = z
  .object({
    id: z.string(),
    variables: z.record(z.string(), z.unknown()),
    expected: expectation,
    split,
    tags: z.array(z.string()),
    cluster: z.string().nullable(),
    provenance: z.object({
      source: z.enum(["import", "human", "execution", "generated"]),
      ref: z.string().nullable(),
    }),
    scorers: z.array(scorerSpec),
  })
  .meta({ id: "EvalCase" });

const changedEvalSet = z.object({
  name: z.string(),
  version: count,
  hash: z.string(),
  cases: counts,
  owner: z.string().nullable(),
  refreshDays: count.nullable(),
  created: z.boolean(),
  unchanged: z.boolean(),
  change: z.object({
    added: z.array(z.string()),
    changed: z.array(z.string()),
    removed: z.array(z.string()),
    movedToTest: z.array(z.string()),
  }),
  folded: z.array(z.object({ place: z.string(), sameAs: z.string() })),
  filledScorers: z.array(z.string()),
  contracts: z.array(z.string()),
});

export const listEvalSetsOperation = operation({
  name: "eval-set.list",
  method: "GET",
  path: "/eval-sets",
  tag: "eval sets",
  summary: "The newest version of each eval set.",
  scope: "read",
  where: "registry",
  input: z.object({}),
  output: z.array(evalSetRow),
  run: listEvalSets,
});

export const showEvalSetOperation = operation({
  name: "eval-set.show",
  method: "GET",
  path: "/eval-sets/{set}",
  tag: "eval sets",
  summary: "A version of an eval set with its cases and history: `triage@v3`, or the newest.",
  scope: "read",
  where: "registry",
  targetOf: ({ set }) => set,
  input: z.object({ set: setReference }),
  output: evalSetRow.extend({
    scorers: z.array(scorerSpec),
    slices: z.array(counts.extend({ tag: z.string() })),
    clusters: count,
    cases: z.array(evalCase),
    versions: z.array(evalSetRow),
  }),
  run: async (harness: Harness, { set }: { readonly set: string }) => showEvalSet(harness, set),
});

export const exportEvalSetOperation = operation({
  name: "eval-set.export",
  method: "GET",
  path: "/eval-sets/{set}/file",
  tag: "eval sets",
  summary: "A version of an eval set as the text of a file that can be imported again.",
  scope: "read",
  where: "registry",
  targetOf: ({ set }) => set,
  input: z.object({ set: setReference, format: z.enum(EVAL_SET_FORMATS) }),
  output: z.object({
    name: z.string(),
    version: count,
    cases: count,
    text: z.string(),
    without: z.string().nullable(),
  }),
  run: async (harness: Harness, { set, format }: { readonly set: string; readonly format: EvalSetFormat }) =>
    exportEvalSet(harness, set, format),
});

/** A path of a server's own disk is nothing that anybody may name. */
export interface ImportEvalSetContent extends Omit<ImportEvalSetRequest, "file" | "checkerOf"> {
  readonly file: EvalSetText;
}

export const importEvalSetOperation = operation({
  name: "eval-set.import",
  method: "POST",
  path: "/eval-sets",
  tag: "eval sets",
  summary: "Record a version of an eval set from the text of a file, or nothing at all.",
  scope: "author",
  takesFiles: true,
  targetOf: ({ name, file }) => name ?? file.file,
  input: z.object({
    file: z.object({
      file: nameText,
      text: z.string().max(LARGEST_EVAL_SET),
      format: z.enum(EVAL_SET_FORMATS),
    }),
    name: nameText.optional(),
    owner: nameText.optional(),
    refreshDays: z.int().min(1).max(MOST_DAYS).optional(),
    scorers: z.array(words).max(100).optional(),
    split: z.object({ mode: z.enum(["auto", "given"]), testShare: z.number().positive().max(1) }).optional(),
    add: z.boolean().optional(),
    prompt: promptKey.optional(),
    keepContents: z.boolean().optional(),
  }),
  output: changedEvalSet.extend({
    unmapped: z.array(
      z.object({
        test: z.string(),
        assertion: z.string().nullable(),
        why: z.string(),
        instead: z.string().nullable(),
      }),
    ),
    added: z.boolean(),
  }),
  run: async (harness: Harness, input: ImportEvalSetContent) => importEvalSet(harness, input),
});

export const addExecutionOperation = operation({
  name: "eval-set.add",
  method: "POST",
  path: "/eval-sets/{name}/cases",
  tag: "eval sets",
  summary: "Make an execution of the ledger a case of an eval set.",
  scope: "author",
  targetOf: ({ name }) => name,
  input: z.object({
    name: nameText,
    execution: nameText,
    expected: words.optional(),
    split: split.optional(),
    tags: names.optional(),
    keepContents: z.boolean().optional(),
  }),
  output: z.discriminatedUnion("state", [
    changedEvalSet.extend({ state: z.literal("added"), execution: z.string() }),
    z.object({ state: z.literal("insufficient"), reason: z.string(), execution: z.string() }),
  ]),
  run: async (harness: Harness, input: Omit<AddExecutionRequest, "checkerOf">) =>
    addExecution(harness, input),
});

export const proposeCasesOperation = operation({
  name: "eval-set.propose",
  method: "POST",
  path: "/eval-sets/{name}/proposals",
  tag: "eval sets",
  summary: "Cases that a query over the ledger proposes, for somebody to review and import.",
  scope: "read",
  where: ({ environment }) => environment ?? null,
  isRead: true,
  targetOf: ({ name }) => name,
  input: z.object({
    name: nameText,
    where: z.enum(CASE_QUERIES),
    prompt: promptKey.optional(),
    environment: environmentName.optional(),
    since: time,
    below: z.number().positive().max(1),
    limit: z.int().min(1).max(MOST_PROPOSALS),
  }),
  output: z.object({
    name: z.string(),
    where: z.enum(CASE_QUERIES),
    found: count,
    proposals: z.array(z.record(z.string(), z.unknown())),
    left: z.record(z.string(), count),
    insufficient: z.string().nullable(),
  }),
  run: proposeCases,
});

export const auditSetOperation = operation({
  name: "eval-set.audit",
  method: "GET",
  path: "/eval-sets/{set}/audit",
  tag: "eval sets",
  summary: "Age, size, power, shared and leaked cases of an eval set, and traffic that no case covers.",
  scope: "read",
  targetOf: ({ set }) => set,
  input: z.object({ set: setReference, prompt: promptKey.optional(), since: time }),
  output: evalSetRow.extend({
    devClusters: count,
    testClusters: count,
    bodies: z.array(z.string()),
    power: z.array(
      z.object({
        margin: z.number(),
        needed: z.object({ passFail: z.number(), graded: z.number() }),
        enough: z.object({ passFail: z.boolean(), graded: z.boolean() }),
      }),
    ),
    nearDuplicates: z.array(z.object({ dev: z.string(), test: z.string(), similarity: z.number() })),
    leaks: z.array(z.object({ case: z.string(), split, version: z.string(), span: z.string() })),
    coverage: z.discriminatedUnion("state", [
      z.object({ state: z.literal("insufficient"), reason: z.string(), calls: count }),
      z.object({
        state: z.literal("known"),
        calls: count,
        captured: count,
        covered: count,
        uncovered: z.array(z.object({ calls: count, share: z.number(), example: z.string() })),
        scattered: count,
      }),
    ]),
    erased: z.array(z.string()),
    ok: z.boolean(),
  }),
  run: auditSet,
});

export const EVAL_SET_OPERATIONS = [
  listEvalSetsOperation,
  showEvalSetOperation,
  exportEvalSetOperation,
  importEvalSetOperation,
  addExecutionOperation,
  proposeCasesOperation,
  auditSetOperation,
] as const;
