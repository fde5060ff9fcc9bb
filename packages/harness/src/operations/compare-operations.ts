/** Operations that compare texts, versions or not, for people. */
import { REVIEW_SEVERITIES } from "@colophon/kernel";
import { z } from "zod";
import { listDeclared } from "../authoring/ci/list-declared.ts";
import { comparePrompt } from "../authoring/compare/compare-prompt.ts";
import { reviewPolicyShape } from "../authoring/review/policy-shape.ts";
import { money } from "./evaluation-shapes.ts";
import { operation } from "./operation.ts";
import { textDiffFields } from "./registry-shapes.ts";
import { environmentName, promptKey, versionNumber } from "./shapes.ts";
import { textShape } from "./text-shapes.ts";

const askedSide = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("version"), version: versionNumber }),
    z.object({ kind: z.literal("live"), environment: environmentName }),
    z.object({ kind: z.literal("current"), environment: environmentName.nullable() }),
    z.object({ kind: z.literal("file"), file: z.string().max(1_000), value: z.unknown() }),
  ])
  .nullable();

const side = z
  .object({
    version: z.int().nullable(),
    hash: z.string().nullable(),
    environment: z.string().nullable(),
    file: z.string().nullable(),
  })
  .nullable();

const size = z
  .object({ staticTokens: z.int(), prefixTokens: z.int(), unknownPartials: z.array(z.string()) })
  .nullable();

const sideCost = z
  .object({
    model: z.string(),
    inputTokens: z.int(),
    outputTokens: z.int().nullable(),
    money: money.nullable(),
  })
  .nullable();

const findings = z.array(
  z.object({
    id: z.string(),
    rule: z.string(),
    severity: z.enum(REVIEW_SEVERITIES),
    place: z.string(),
    line: z.int().nullable(),
    message: z.string(),
    advice: z.string(),
    accepted: z.object({ reason: z.string(), expires: z.string().nullable() }).nullable(),
  }),
);

export const comparePromptOperation = operation({
  name: "text.compare",
  method: "POST",
  path: "/prompts/{key}/comparisons",
  tag: "registry",
  summary: "What differs between two texts of a prompt, with their length, their cost and their checks.",
  scope: "read",
  where: ({ environment }) => environment ?? null,
  isRead: true,
  takesFiles: true,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    before: askedSide,
    after: askedSide,
    environment: environmentName.nullable().optional(),
    policy: reviewPolicyShape.nullable().optional(),
  }),
  output: z
    .object({
      key: z.string(),
      before: side,
      after: side,
      ...textDiffFields,
      size: z.object({
        before: size,
        after: size,
        cachePrefix: z.enum(["same", "changed", "broken"]).nullable(),
      }),
      cost: z.object({
        basis: z.enum(["ledger", "text"]),
        version: z.int().nullable(),
        calls: z.int(),
        before: sideCost,
        after: sideCost,
      }),
      checks: z.object({
        review: z.object({ new: findings, gone: findings, kept: z.int() }),
        callers: z.array(z.object({ environment: z.string(), misfits: z.array(z.string()).nullable() })),
        evalSet: z.string().nullable(),
        verdict: z
          .object({
            subject: z.string(),
            environment: z.string().nullable(),
            verdict: z.enum(["ship", "block", "inconclusive", "invalid"]),
            evidenceId: z.string(),
          })
          .nullable(),
      }),
      notes: z.array(z.string()),
    })
    .meta({ id: "Comparison" }),
  run: comparePrompt,
});

export const listDeclaredOperation = operation({
  name: "declaration.list",
  method: "GET",
  path: "/environments/{environment}/declarations",
  tag: "registry",
  summary: "The texts that code declares in an environment and that were never live there.",
  scope: "read",
  where: "registry",
  input: z.object({ environment: environmentName }),
  output: z.array(
    z
      .object({
        key: z.string(),
        application: z.string().nullable(),
        version: z.int().nullable(),
        hash: z.string(),
        live: z.int(),
        text: textShape,
      })
      .meta({ id: "DeclaredText" }),
  ),
  run: listDeclared,
});

export const COMPARE_OPERATIONS = [comparePromptOperation, listDeclaredOperation] as const;
