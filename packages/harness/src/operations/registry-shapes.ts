/** Shapes of prompts, their versions and their candidates. */
import { CANDIDATE_ORIGINS, LANES, RISKS } from "@colophon/kernel";
import { z } from "zod";
import { modelShape } from "./shapes.ts";
import { textShape } from "./text-shapes.ts";

const summary = {
  key: z.string(),
  purpose: z.string().nullable(),
  owner: z.string().nullable(),
  risk: z.enum(RISKS),
  tags: z.array(z.string()),
  evalSet: z.string().nullable(),
  versions: z.int(),
  newest: z.int().nullable(),
  live: z.record(z.string(), z.int()),
  declared: z.record(
    z.string(),
    z.array(z.object({ application: z.string().nullable(), version: z.int().nullable() })),
  ),
  overrides: z.int(),
};

export const promptSummaryShape = z.object(summary).meta({ id: "PromptSummary" });

const answer = z.object({ answer: z.string(), record: z.string() });

const shownFacts = z.object({
  ...summary,
  backup: z.array(modelShape),
  routes: z.record(z.string(), modelShape),
});

const versionFacts = {
  hash: z.string(),
  bodyHash: z.string(),
  at: z.string(),
  author: z.string(),
  coAuthors: z.array(z.string()),
  message: z.string().nullable(),
  parent: z.int().nullable(),
  source: z.string(),
  commit: z.string().nullable(),
};

export const shownPromptShape = z
  .union([
    shownFacts.extend({
      version: z.int(),
      ...versionFacts,
      withdrawn: z.object({ at: z.string(), reason: z.string() }).nullable(),
      liveIn: z.array(z.string()),
      text: textShape.nullable(),
      questions: z.object({
        baseline: answer,
        evalSet: answer,
        canary: answer,
        rollback: answer,
        modelSwap: answer,
      }),
      review: z
        .object({
          id: z.string(),
          at: z.string(),
          by: z.string(),
          rules: z.int(),
          open: z.object({ high: z.int(), medium: z.int(), low: z.int() }),
          accepted: z.int(),
        })
        .nullable(),
    }),
    shownFacts.extend({ version: z.null() }),
  ])
  .meta({ id: "Prompt" });

export const loggedVersionShape = z
  .object({
    key: z.string(),
    version: z.int(),
    ...versionFacts,
    revision: z.int(),
    withdrawn: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
    releases: z.array(
      z.object({
        environment: z.string(),
        lane: z.enum(LANES),
        from: z.string(),
        until: z.string().nullable(),
        by: z.string(),
        reason: z.string(),
        rollbackFrom: z.int().nullable(),
        breakGlass: z.string().nullable(),
        evidence: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: "Version" });

export const registeredVersionShape = z.object({
  key: z.string(),
  version: z.int(),
  hash: z.string(),
  bodyHash: z.string(),
  created: z.boolean(),
  metadataChanged: z.boolean(),
});

const side = z.object({ version: z.int(), hash: z.string(), environment: z.string().nullable() });
const pieces = z.array(z.object({ change: z.enum(["same", "added", "removed"]), text: z.string() }));

const bodyDiff = z.object({
  same: z.boolean(),
  messages: z.array(
    z.object({
      role: z.string().nullable(),
      roleBefore: z.string().nullable(),
      change: z.enum(["same", "added", "removed", "changed"]),
      lines: pieces,
      words: pieces,
    }),
  ),
});

const CHANGES = ["added", "removed", "changed"] as const;
const valueChanges = z.array(
  z.object({ path: z.string(), change: z.enum(CHANGES), before: z.unknown(), after: z.unknown() }),
);

const property = z.object({ schema: z.unknown(), required: z.boolean() });
const path = z.string();
const contractChanges = z.array(
  z.discriminatedUnion("change", [
    z.object({ path, change: z.literal("added"), before: z.null(), after: property }),
    z.object({ path, change: z.literal("removed"), before: property, after: z.null() }),
    z.object({
      path,
      change: z.literal("changed"),
      before: property,
      after: property,
      requirednessChanged: z.boolean(),
    }),
  ]),
);

/** What differs between two texts. */
export const textDiffFields = {
  same: z.boolean(),
  sameBody: z.boolean(),
  body: bodyDiff,
  locales: z.array(z.object({ locale: z.string(), change: z.enum(CHANGES), body: bodyDiff })),
  model: valueChanges,
  tools: valueChanges,
  input: contractChanges,
  output: contractChanges,
  cache: valueChanges,
  untrusted: valueChanges,
  partials: valueChanges,
};

export const versionDiffShape = z
  .object({ key: z.string(), before: side, after: side, ...textDiffFields })
  .meta({ id: "VersionDiff" });

export const candidateShape = z
  .object({
    key: z.string(),
    candidate: z.int(),
    hash: z.string(),
    parent: z.string().nullable(),
    origin: z.enum(CANDIDATE_ORIGINS),
    rationale: z.string(),
    at: z.string(),
    by: z.string(),
    decision: z.enum(["promote", "reject", "hold"]).nullable(),
    version: z.int().nullable(),
    verdict: z.enum(["ship", "block", "inconclusive", "invalid"]).nullable(),
  })
  .meta({ id: "Candidate" });

export const addedCandidateShape = z.object({
  key: z.string(),
  candidate: z.int().nullable(),
  version: z.int().nullable(),
  hash: z.string(),
  created: z.boolean(),
});

export const promotedShape = z.object({
  key: z.string(),
  candidate: z.int(),
  version: z.int(),
  hash: z.string(),
  unchanged: z.boolean(),
});
