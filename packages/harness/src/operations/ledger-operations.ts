/** Operations on the ledger: its rows, their outcomes, and what was served at a time. */
import { OUTCOME_SOURCES, readLedgerEntry } from "@colophon/kernel";
import { z } from "zod";
import { answerAt } from "../answer-at.ts";
import { appendOutcome } from "../append-outcome.ts";
import { importEntries } from "../import-entries.ts";
import { listLedger } from "../list-ledger.ts";
import { atAnswerShape, executionShape, ledgerEntryShape, outcomeValue } from "./ledger-shapes.ts";
import { operation } from "./operation.ts";
import { environmentName, promptKey, time, versionNumber } from "./shapes.ts";

/** Entries that one call takes in; whoever has more sends them in several. */
export const MOST_ENTRIES = 1_000;
const MOST_ROWS = 10_000;

const subjectId = z.string().max(1_000).exactOptional();

/** Ids of people stand in a body: addresses are logged along the way. */
export const listLedgerOperation = operation({
  name: "ledger.list",
  method: "POST",
  path: "/ledger/find",
  tag: "ledger",
  summary: "Recorded calls, newest first.",
  scope: "read",
  isRead: true,
  where: ({ environment }) => environment ?? null,
  targetOf: ({ prompt }) => prompt ?? null,
  input: z.object({
    prompt: promptKey.exactOptional(),
    version: versionNumber.exactOptional(),
    environment: environmentName.exactOptional(),
    user: subjectId,
    tenant: subjectId,
    document: subjectId,
    documentType: subjectId,
    trace: z.string().max(100).exactOptional(),
    since: time.exactOptional(),
    until: time.exactOptional(),
    limit: z.int().min(1).max(MOST_ROWS).exactOptional(),
  }),
  output: z.array(executionShape),
  run: listLedger,
});

export const answerAtOperation = operation({
  name: "ledger.at",
  method: "POST",
  path: "/prompts/{key}/at",
  tag: "ledger",
  summary:
    "What a prompt was at a time, for whom, and why: what was released, what was served, where they differ.",
  scope: "read",
  isRead: true,
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object({
    time: z.string().min(1).max(100),
    key: promptKey,
    environment: environmentName,
    user: subjectId,
    tenant: subjectId,
    document: subjectId,
    documentType: subjectId,
    application: z.string().max(200).nullable().exactOptional(),
  }),
  output: atAnswerShape,
  run: answerAt,
});

export const appendOutcomeOperation = operation({
  name: "outcome.append",
  method: "POST",
  path: "/ledger/{execution}/outcomes",
  tag: "ledger",
  summary: "Attach an outcome to a recorded call.",
  scope: "record",
  targetOf: ({ execution }) => execution,
  input: z.object({
    execution: z.string().max(100),
    name: z.string().max(100),
    value: outcomeValue,
    source: z.enum(OUTCOME_SOURCES),
    by: z.string().max(1_000).nullable().exactOptional(),
  }),
  output: z.object({
    id: z.string(),
    execution: z.string(),
    name: z.string(),
    value: outcomeValue,
    source: z.enum(OUTCOME_SOURCES),
  }),
  run: appendOutcome,
});

export const importEntriesOperation = operation({
  name: "ledger.import",
  method: "POST",
  path: "/ledger/entries",
  tag: "ledger",
  summary: "Take in entries that a runtime sent elsewhere: all of them, or none where one is malformed.",
  scope: "record",
  input: z.object({ entries: z.array(ledgerEntryShape).max(MOST_ENTRIES) }),
  output: z.object({ stored: z.int(), duplicates: z.int() }),
  run: (harness, { entries }: { readonly entries: readonly unknown[] }) =>
    importEntries(harness, entries.map(readLedgerEntry)),
});

export const LEDGER_OPERATIONS = [
  listLedgerOperation,
  answerAtOperation,
  appendOutcomeOperation,
  importEntriesOperation,
] as const;
