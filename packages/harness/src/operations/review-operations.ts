/** Operations on reviews: what rules find in a text before people let it out. */
import { REVIEW_SEVERITIES } from "@colophon/kernel";
import { z } from "zod";
import { judgeReview } from "../authoring/review/judge-review.ts";
import { reviewPolicyShape } from "../authoring/review/policy-shape.ts";
import { previewInTurn } from "../authoring/review/preview-review.ts";
import { acceptReview, createReview } from "../authoring/review/review-version.ts";
import { jobOperation, operation } from "./operation.ts";
import { environmentName, promptKey, versionNumber } from "./shapes.ts";

const MOST_FILES = 5_000;
const LONGEST_FILE = 2_000_000;

const policy = reviewPolicyShape.nullable().optional();

const reviewReportShape = z
  .object({
    key: z.string(),
    version: z.int().nullable(),
    hash: z.string().nullable(),
    file: z.string().nullable(),
    rules: z.int(),
    policy: z.string().nullable(),
    judge: z.string().nullable(),
    findings: z.array(
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
    ),
    recorded: z.string().nullable(),
    accepts: z.boolean(),
    notes: z.array(z.string()),
  })
  .meta({ id: "Review" });

export const previewReviewOperation = operation({
  name: "review.preview",
  method: "POST",
  path: "/reviews/previews",
  tag: "reviews",
  summary: "What a review of versions and of files would say.",
  scope: "read",
  where: "registry",
  isRead: true,
  takesFiles: true,
  input: z.object({
    versions: z
      .array(z.object({ key: promptKey, version: versionNumber }))
      .max(MOST_FILES)
      .exactOptional(),
    files: z
      .array(
        z.object({
          file: z.string().max(1_000),
          value: z.unknown(),
          source: z.string().max(LONGEST_FILE).exactOptional(),
        }),
      )
      .max(MOST_FILES)
      .exactOptional(),
    policy,
    after: z.int().min(0).exactOptional(),
  }),
  output: z.array(reviewReportShape),
  run: previewInTurn,
});

const ofVersion = z.object({ key: promptKey, version: versionNumber, policy });

export const createReviewOperation = operation({
  name: "review.create",
  method: "POST",
  path: "/prompts/{key}/reviews",
  tag: "reviews",
  summary: "Review a version and record it; high findings stay as open as they are.",
  scope: "author",
  targetOf: ({ key, version }) => `${key}@v${version}`,
  input: ofVersion,
  output: reviewReportShape,
  run: createReview,
});

/** Accepting takes somebody who may approve: no key has that scope. */
export const acceptReviewOperation = operation({
  name: "review.accept",
  method: "POST",
  path: "/prompts/{key}/reviews/acceptances",
  tag: "reviews",
  summary: "Review a version and record it with everything that the policy accepts.",
  scope: "review",
  targetOf: ({ key, version }) => `${key}@v${version}`,
  input: ofVersion,
  output: reviewReportShape,
  run: acceptReview,
});

export const judgeReviewOperation = jobOperation({
  name: "review.judge",
  method: "POST",
  path: "/prompts/{key}/reviews/judgements",
  tag: "reviews",
  summary: "Review a version by the rules and a judge, and record what both have found.",
  scope: "evaluate",
  where: ({ environment }) => environment,
  targetOf: ({ key, version }) => `${key}@v${version}`,
  input: ofVersion.extend({ judge: z.string().min(1).max(200), environment: environmentName }),
  output: reviewReportShape,
  run: judgeReview,
});

export const REVIEW_OPERATIONS = [
  previewReviewOperation,
  createReviewOperation,
  acceptReviewOperation,
  judgeReviewOperation,
] as const;
