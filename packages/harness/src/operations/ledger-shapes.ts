/** Shapes of the ledger: rows as people read them, entries as runtimes send them, and what was served at a time. */
import {
  CONSIDERED_OUTCOMES,
  ERROR_CODES,
  LANES,
  OUTCOME_SOURCES,
  PURPOSES,
  REASONS,
  TIERS,
} from "@colophon/kernel";
import { z } from "zod";
import { textShape } from "./text-shapes.ts";

export const outcomeValue = z.union([z.number(), z.boolean(), z.string().max(10_000)]);

const lane = z.enum(LANES).nullable();
const tier = z.enum(TIERS).nullable();
const consideredTier = z.enum([...TIERS, "pin"]);
const count = z.number().nullable();

const subjects = z.object({
  user: z.string().nullable(),
  tenant: z.string().nullable(),
  document: z.string().nullable(),
  documentType: z.string().nullable(),
  session: z.string().nullable(),
});

const servedText = {
  prompt: z.string(),
  version: z.int().nullable(),
  hash: z.string(),
  caller: z.string(),
  environment: z.string(),
  lane,
  tier,
  reason: z.enum(REASONS),
  errorCode: z.enum(ERROR_CODES).nullable(),
  considered: z.array(
    z.object({
      tier: consideredTier,
      outcome: z.enum(CONSIDERED_OUTCOMES),
      reason: z.string().exactOptional(),
      version: z.int().exactOptional(),
    }),
  ),
  stale: z.boolean(),
  revision: z.int().nullable(),
  assignment: z.object({ salt: z.string(), draw: z.number(), probability: z.number() }).nullable(),
  purpose: z.enum(PURPOSES),
};

const callPlace = {
  trace: z.string().nullable(),
  span: z.string().nullable(),
  parent: z.string().nullable(),
  step: count,
  attempt: z.number(),
  fallbackOf: z.string().nullable(),
  requestedModel: z.string(),
  answeringModel: z.string().nullable(),
  provider: z.string(),
  host: z.string().nullable(),
  systemFingerprint: z.string().nullable(),
};

const whatCame = {
  tokens: z.object({ input: count, output: count, reasoning: count, cacheRead: count, cacheWrite: count }),
  latency: z.number(),
  firstToken: count,
  status: z.enum(["ok", "error", "aborted"]),
  error: z.string().nullable(),
  finishReason: z.string().nullable(),
  toolCalls: z.array(z.string()).nullable(),
  schemaOk: z.boolean().nullable(),
  refused: z.boolean().nullable(),
  outputLength: count,
  locale: z.string().nullable(),
  parts: z.array(
    z.object({
      kind: z.enum(["partial", "bound", "media"]),
      name: z.string(),
      version: z.int().nullable(),
      hash: z.string(),
      choice: z.string().exactOptional(),
    }),
  ),
  renderedHash: z.string().nullable(),
  statedCost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
  priceTable: z.string().nullable(),
  inputHash: z.string().nullable(),
  outputHash: z.string().nullable(),
};

export const executionShape = z
  .object({
    id: z.string(),
    at: z.string(),
    ...servedText,
    ...callPlace,
    ...whatCame,
    writer: z.string(),
    seq: z.int(),
    chain: z.string(),
    subjects,
    outcomes: z.array(
      z.object({
        name: z.string(),
        value: outcomeValue,
        source: z.enum(OUTCOME_SOURCES),
        by: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Execution" });

/** What a row is made of is checked field by field where it is taken in, with a sentence for each. */
export const ledgerEntryShape = z
  .object({
    kind: z.enum(["execution", "outcome", "start", "gap"]),
    row: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "LedgerEntry" });

const released = z.object({
  application: z.string().nullable(),
  version: z.int().nullable(),
  hash: z.string().nullable(),
  tier,
  lane,
  reason: z.enum(REASONS),
  revision: z.int().nullable(),
  since: z.string().nullable(),
  by: z.string().nullable(),
  releaseReason: z.string().nullable(),
  considered: z.array(
    z.object({
      tier: consideredTier,
      outcome: z.enum(CONSIDERED_OUTCOMES),
      reason: z.string(),
      version: z.int().nullable(),
    }),
  ),
});

const served = z.object({
  version: z.int().nullable(),
  hash: z.string(),
  tier,
  lane,
  reason: z.enum(REASONS),
  at: z.string(),
  executionId: z.string(),
  revision: z.int().nullable(),
  requestedModel: z.string(),
});

export const atAnswerShape = z
  .object({
    key: z.string(),
    environment: z.string(),
    from: z.string(),
    until: z.string(),
    released,
    served: served.nullable(),
    differs: z.string().nullable(),
    text: textShape.nullable(),
    executions: z.array(executionShape),
  })
  .meta({ id: "AtAnswer" });
