/** Operations that rehearse rollbacks; a drill waits for processes, so a server does it as a job. */
import { z } from "zod";
import type { WaitingParts } from "../drill/connected-processes.ts";
import { type DrillAllRequest, drillAll } from "../drill/drill-all.ts";
import { type DrillRequest, runDrill } from "../drill/run-drill.ts";
import type { Harness } from "../harness.ts";
import { jobOperation } from "./operation.ts";
import { environmentName, promptKey } from "./shapes.ts";

/** Milliseconds that processes may be given to follow, each way. */
const LONGEST_TIMEOUT = 600_000;
/** Milliseconds between two drills of a prompt: ten years. */
const LONGEST_PAUSE = 3650 * 86_400_000;

const facts = {
  key: z.string(),
  environment: z.string(),
  share: z.number(),
  lastFollowed: z.number().nullable(),
  lastReturned: z.number().nullable(),
  processes: z.int(),
  late: z.array(z.string()),
  id: z.string().nullable(),
  from: z.int().nullable(),
  to: z.int().nullable(),
  together: z.array(z.object({ key: z.string(), from: z.int(), to: z.int() })),
  reason: z.string().nullable(),
};
const STATUSES = ["followed", "late", "cut-off", "insufficient"] as const;

const drillAnswer = z.object({ ...facts, status: z.enum(STATUSES) }).meta({ id: "Drill" });
const drillRow = z.object({ ...facts, status: z.enum([...STATUSES, "refused"]) });

const asked = {
  environment: environmentName,
  share: z.number().gt(0).max(1).optional(),
  timeout: z.int().min(1).max(LONGEST_TIMEOUT).optional(),
};

export const runDrillOperation = jobOperation({
  name: "drill.run",
  method: "POST",
  path: "/prompts/{key}/drills",
  tag: "drills",
  summary: "Rehearse a rollback: go back, wait until every process follows, and come forth again.",
  scope: "release",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object({ key: promptKey, ...asked }),
  output: drillAnswer,
  run: (harness: Harness, request: Omit<DrillRequest, "scheduled">, parts: WaitingParts) =>
    runDrill(harness, request, parts),
});

export const drillAllOperation = jobOperation({
  name: "drill.all",
  method: "POST",
  path: "/environments/{environment}/drills",
  tag: "drills",
  summary: "Rehearse the rollback of every prompt of an environment that has something to go back to.",
  scope: "release",
  where: ({ environment }) => environment,
  input: z.object({ ...asked, every: z.int().min(0).max(LONGEST_PAUSE).optional() }),
  output: z.array(drillRow),
  run: (harness: Harness, request: Omit<DrillAllRequest, "scheduled">, parts: WaitingParts) =>
    drillAll(harness, request, parts),
});

export const DRILL_OPERATIONS = [runDrillOperation, drillAllOperation] as const;
