/** Shapes of looking after a store: what a verification and the doctor find, and heads that are kept outside. */
import { z } from "zod";

const FINDINGS = [
  "altered-row",
  "missing-row",
  "reordered-row",
  "cut-tail",
  "vanished-writer",
  "altered-record",
  "missing-record",
  "altered-text",
  "missing-text",
  "altered-outcome",
  "missing-outcome",
  "altered-seal",
  "altered-subject",
  "rollup-mismatch",
  "index-mismatch",
  "anchor-mismatch",
  "weakened-schema",
  "unreadable",
] as const;

/** Each process that ever wrote is a writer. */
const MOST_WRITERS = 1_000_000;
const name = z.string().max(200);
const heads = z
  .array(
    z.object({
      writer: name,
      executions: z.int(),
      executionChain: name,
      outcomes: z.int(),
      outcomeChain: name,
    }),
  )
  .max(MOST_WRITERS);

export const anchorShape = z
  .object({
    format: z.literal(1),
    at: z.int(),
    seal: z.object({
      seq: z.int(),
      at: z.int(),
      revision: z.int(),
      recordChain: name,
      heads,
      chain: name,
    }),
    heads,
  })
  .meta({ id: "Anchor" });

export const verifyResultShape = z
  .object({
    records: z.int(),
    texts: z.int(),
    executions: z.int(),
    outcomes: z.int(),
    writers: z.int(),
    seals: z.int(),
    findings: z.array(z.object({ kind: z.enum(FINDINGS), where: z.string(), message: z.string() })),
    ok: z.boolean(),
    anchor: anchorShape.nullable(),
  })
  .meta({ id: "Verification" });

export const diagnosisShape = z
  .object({
    severity: z.enum(["error", "warning", "note"]),
    code: z.string(),
    key: z.string().nullable(),
    environment: z.string().nullable(),
    message: z.string(),
    advice: z.string(),
  })
  .meta({ id: "Diagnosis" });
