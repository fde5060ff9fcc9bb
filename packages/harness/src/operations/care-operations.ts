/** Operations of looking after a store: verify, doctor, snapshot, erase, retain. */
import { SUBJECT_KINDS, type Subject } from "@colophon/kernel";
import { z } from "zod";
import { diagnose } from "../diagnose.ts";
import { eraseSubject } from "../erase-subject.ts";
import { exportSnapshot } from "../export-snapshot.ts";
import type { JobListener } from "../remote/job-listener.ts";
import { retainRows } from "../retain-rows.ts";
import { type VerifyQuery, verifyStore } from "../verify-store.ts";
import { anchorShape, diagnosisShape, verifyResultShape } from "./care-shapes.ts";
import { jobOperation, operation } from "./operation.ts";
import { subject, time } from "./shapes.ts";
import { snapshotShape } from "./snapshot-shapes.ts";

/** It reads everything, which takes its time on a long ledger. */
export const verifyStoreOperation = jobOperation({
  name: "store.verify",
  method: "POST",
  path: "/verifications",
  tag: "care",
  summary: "Find any altered, missing or reordered row, record, text or sum.",
  scope: "read",
  isRead: true,
  input: z.object({ anchor: anchorShape.nullable().exactOptional() }),
  output: verifyResultShape,
  run: (harness, query: VerifyQuery, _parts: JobListener) => verifyStore(harness, query),
});

export const diagnoseOperation = operation({
  name: "store.diagnose",
  method: "GET",
  path: "/diagnosis",
  tag: "care",
  summary: "What is wrong with the prompts and their calls, and what to do about it; errors first.",
  scope: "read",
  input: z.object({}),
  output: z.array(diagnosisShape),
  run: (harness) => diagnose(harness),
});

export const exportSnapshotOperation = operation({
  name: "snapshot.export",
  method: "GET",
  path: "/snapshot/whole",
  tag: "care",
  summary: "Everything that resolvers need, of all environments, for places without a store.",
  scope: "resolve",
  input: z.object({}),
  output: snapshotShape,
  run: (harness) => exportSnapshot(harness),
});

/** No job and no address, since both are kept: neither they nor the audit log may name whom they erased. */
export const eraseSubjectOperation = operation({
  name: "subject.erase",
  method: "POST",
  path: "/erasures",
  tag: "care",
  summary: "Destroy a subject's id, key and contents; rows, chains and sums stand.",
  scope: "admin",
  targetOf: ({ kind }: Subject) => kind,
  input: subject,
  output: z.object({
    kind: z.enum(SUBJECT_KINDS),
    known: z.boolean(),
    waiting: z.int(),
    executions: z.int(),
    contents: z.int(),
    compacted: z.boolean(),
  }),
  run: eraseSubject,
});

export const retainRowsOperation = operation({
  name: "ledger.retain",
  method: "POST",
  path: "/retentions",
  tag: "care",
  summary: "Let go of rows of calls that started before a time, or count them; their sums stay.",
  scope: "admin",
  input: z.object({ before: time, dryRun: z.boolean().exactOptional() }),
  output: z.object({
    since: z.string(),
    executions: z.int(),
    outcomes: z.int(),
    dryRun: z.boolean(),
  }),
  run: retainRows,
});

export const CARE_OPERATIONS = [
  verifyStoreOperation,
  diagnoseOperation,
  exportSnapshotOperation,
  eraseSubjectOperation,
  retainRowsOperation,
] as const;
