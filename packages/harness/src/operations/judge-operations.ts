/** Operations on judges. */
import { z } from "zod";
import { listJudges } from "../evaluation/judges/list-judges.ts";
import { runCalibration } from "../evaluation/judges/run-calibration.ts";
import { estimate, runBudget, runEnd } from "./evaluation-shapes.ts";
import { jobOperation, operation } from "./operation.ts";
import { environmentName, modelShape, words } from "./shapes.ts";

const MOST_ANSWERS = 20_000;
const MOST_CALLS_AT_ONCE = 256;
/** A text of a case; what judges are shown of it is shorter still. */
const LONGEST_TEXT = 200_000;

const figures = {
  threshold: z.number(),
  kappa: estimate.nullable(),
  truePositiveRate: estimate.nullable(),
  trueNegativeRate: estimate.nullable(),
  labels: z.int(),
  errors: z.int(),
};

const calibration = z.object({
  judge: z.string(),
  version: z.int().nullable(),
  hash: z.string(),
  ...figures,
  labelsHash: z.string(),
});

export const listJudgesOperation = operation({
  name: "judge.list",
  method: "GET",
  path: "/judges",
  tag: "judges",
  summary: "The judges that come with Colophon, and those of your own that were calibrated.",
  scope: "read",
  where: "registry",
  input: z.object({}),
  output: z.array(
    z
      .object({
        judge: z.string(),
        state: z.enum(["uncalibrated", "doubtful", "agrees"]),
        calibration: calibration.nullable(),
        sentence: z.string(),
        form: z.enum(["score", "pass", "preference"]),
        model: modelShape,
      })
      .meta({ id: "Judge" }),
  ),
  run: listJudges,
});

const text = z.string().max(LONGEST_TEXT).exactOptional();
const answer = z.object({
  line: z.int().min(1),
  material: z.object({
    question: text,
    answer: text,
    answerA: text,
    answerB: text,
    rubric: text,
    reference: text,
  }),
});
const differing = { line: z.int() };

/** It counts wherever the judge is asked, whichever environment the rows of its calls are of. */
export const calibrateJudgeOperation = jobOperation({
  name: "judge.calibrate",
  method: "POST",
  path: "/judges/calibrations",
  tag: "judges",
  summary: "Hold a judge against people's labels, and record how far it agrees.",
  scope: "evaluate",
  takesFiles: true,
  targetOf: ({ judge }) => judge,
  input: z.object({
    judge: z.string().min(1).max(200),
    labelled: z.array(answer.extend({ label: z.boolean() })).max(MOST_ANSWERS),
    unlabelled: z.array(answer).max(MOST_ANSWERS).exactOptional(),
    rubric: words.optional(),
    threshold: z.number().positive().max(1).optional(),
    environment: environmentName,
    budget: runBudget.exactOptional(),
    concurrency: z.int().min(1).max(MOST_CALLS_AT_ONCE).exactOptional(),
  }),
  output: z.object({
    judge: z.string(),
    hash: z.string(),
    model: modelShape,
    end: runEnd,
    recorded: z.boolean(),
    disagreements: z.array(
      z.object({ ...differing, label: z.boolean(), score: z.number(), reason: z.string() }),
    ),
    failures: z.array(z.object({ ...differing, error: z.string() })),
    ...figures,
    labelled: estimate.nullable(),
    rates: z
      .object({ judged: estimate, roganGladen: estimate.nullable(), powered: estimate.nullable() })
      .nullable(),
    agrees: z.boolean(),
  }),
  run: runCalibration,
});

export const JUDGE_OPERATIONS = [listJudgesOperation, calibrateJudgeOperation] as const;
