/** Use cases of reviews, on any house. */
import {
  isLeftOut,
  type PreviewReviewRequest,
  previewReview as previewHere,
} from "../authoring/review/preview-review.ts";
import type { ReviewReport } from "../authoring/review/review-report.ts";
import { type House, isRemote } from "../house.ts";
import { offer, offerJob } from "./offer.ts";
import {
  acceptReviewOperation,
  createReviewOperation,
  judgeReviewOperation,
  previewReviewOperation,
} from "./review-operations.ts";

/**
 * What a review would say, with everything that the policy accepts: of versions and of files, in their order.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `input-malformed` for a policy, and for a file
 * `prompt-invalid` or what the template language says of its body.
 * @example
 * const [report] = await previewReview(house, { versions: [{ key: "support.triage", version: 7 }] });
 */
export async function previewReview(
  house: House,
  request: PreviewReviewRequest,
): Promise<readonly ReviewReport[]> {
  if (!isRemote(house)) return previewHere(house, request);
  const reports: ReviewReport[] = [];
  for (;;) {
    const answer = await askForPreview(house, { ...request, after: reports.length });
    const end = answer.findIndex(isLeftOut);
    if (end <= 0) return [...reports, ...answer];
    reports.push(...answer.slice(0, end));
  }
}

/** A server leaves out what takes longer than one request may. */
const askForPreview = offer(previewReviewOperation);

/**
 * Reviews a version and records what the rules find. What was high and accepted before stays accepted; what the
 * policy accepts of that is left out, since it takes `acceptReview`.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, or `input-malformed` for a policy.
 * @example
 * const { findings } = await createReview(house, { key: "support.triage", version: 7 });
 */
export const createReview = offer(createReviewOperation);

/**
 * As `createReview`, for whoever may accept high findings: what the policy accepts counts, and nothing else does.
 *
 * @throws HarnessError as `createReview`, and `not-allowed`.
 * @example
 * await acceptReview(house, {
 *   key: "support.triage",
 *   version: 7,
 *   policy: { suppress: [{ of: "secret", reason: "the provider's own example", expires: "2027-01-31" }] },
 * });
 */
export const acceptReview = offer(acceptReviewOperation);

/**
 * As `createReview`, with a judge for what rules cannot see: `KEY@vN`, or `colophon.judge.review`, which comes with
 * Colophon. Its findings are advice, medium at most.
 *
 * @throws HarnessError as `createReview`, and `prompt-invalid` for a text that cannot review, `usage` for a model that
 * cannot be called, `input-malformed` for an answer that cannot be read.
 * @example
 * const { findings } = await judgeReview(
 *   harness,
 *   { key: "support.triage", version: 7, judge: "colophon.judge.review", environment: "development" },
 *   parts,
 * );
 */
export const judgeReview = offerJob(judgeReviewOperation);
