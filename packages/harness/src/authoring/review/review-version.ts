/** Reviews a version by the rules, and records what they say. */
import { decideReview } from "@colophon/authoring";
import {
  canonicalJson,
  getPrompt,
  getVersion,
  HarnessError,
  type ReviewData,
  type VersionText,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { lastPolicy, type MadeReview, makeReview, type ReviewToMake } from "./make-review.ts";
import { readReviewPolicy } from "./policy-shape.ts";
import { type ReviewReport, reviewReport } from "./review-report.ts";

export interface ReviewVersionRequest {
  readonly key: string;
  readonly version: number;
  /** What a policy file says, parsed; absent or null for none. */
  readonly policy?: unknown;
}

/**
 * Findings are the house's own, whoever asks. What was high and accepted before stays accepted, and what a policy
 * accepts of that is left out: `acceptReview` takes it. Without a policy the prompt's last one holds.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `store-corrupt`, or `input-malformed` for a policy.
 * @example
 * const { findings } = await createReview(harness, { key: "support.triage", version: 7 });
 */
export function createReview(harness: Harness, request: ReviewVersionRequest): Promise<ReviewReport> {
  return recordReview(harness, request, false);
}

/**
 * As `createReview`, for whoever may accept high findings: what the policy accepts counts, and nothing else does.
 *
 * @throws HarnessError as `createReview` does.
 * @example
 * await acceptReview(harness, {
 *   key: "support.triage",
 *   version: 7,
 *   policy: { suppress: [{ of: "secret", reason: "the provider's own example", expires: "2027-01-31" }] },
 * });
 */
export function acceptReview(harness: Harness, request: ReviewVersionRequest): Promise<ReviewReport> {
  return recordReview(harness, request, true);
}

async function recordReview(
  harness: Harness,
  { key, version, policy: written }: ReviewVersionRequest,
  mayAccept: boolean,
): Promise<ReviewReport> {
  const policy =
    written != null
      ? readReviewPolicy(written, "The policy")
      : mayAccept
        ? null
        : await lastPolicy(harness, key);
  const state = await harness.records.state();
  const { hash } = getVersion(getPrompt(state, key), version);
  const text = await versionText(harness, { key, version, hash });
  const made = await makeReview(harness, state, { key, text, hash, policy, mayAccept, clock: harness.clock });
  const recorded = await keepReview(harness, made, { hash, policy });
  return reviewReport({ ...made, review: made.data, hash, recorded, file: null, now: harness.clock.now() });
}

/** Appends a review that says anything new; gives its id, or null for a text that is no version. */
export async function keepReview(
  harness: Harness,
  { data, previous }: Pick<MadeReview, "data" | "previous">,
  { hash, policy }: { readonly hash: string; readonly policy: ReviewToMake["policy"] },
): Promise<string | null> {
  const { actor: by, clock, ids } = harness;
  const { version: _, ...facts } = data;
  if (previous !== null && saysTheSame(previous, data)) return previous.id;
  const command = { ...facts, id: ids.next(clock.now()), hash, policyDocument: policy?.written ?? null, by };
  const { result } = await harness.records.append((state) => decideReview(state, command));
  return result?.id ?? null;
}

function saysTheSame(previous: ReviewData, data: MadeReview["data"]): boolean {
  const { id: _id, hash: _hash, ...said } = previous;
  return canonicalJson(said) === canonicalJson(data);
}

/** @throws HarnessError `store-corrupt`. */
export async function versionText(
  harness: Harness,
  { key, version, hash }: { readonly key: string; readonly version: number; readonly hash: string },
): Promise<VersionText> {
  const text = (await harness.records.listTexts([hash])).get(hash);
  if (text !== undefined) return text;
  throw new HarnessError(
    "store-corrupt",
    `The text of ${key}@v${version} is not in the store; run \`colophon verify\`.`,
  );
}
