/** Sees to it that a version has a review by the present rules before a gate asks for one. */
import { type CompiledPolicy, RULES_EDITION } from "@colophon/authoring";
import { isProtected, reachedEnvironments } from "@colophon/delivery";
import { type EpochMs, openFindings, type RegistryState, type ReviewData } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { lastPolicy, type MadeReview, makeReview, reviewsOf, storedPolicy } from "./make-review.ts";
import { keepReview, versionText } from "./review-version.ts";

export interface GatedVersions {
  readonly key: string;
  readonly versions: readonly number[];
  /** Null for every environment. */
  readonly environment: string | null;
}

interface LackingReview {
  readonly hash: string;
  readonly policy: CompiledPolicy | null;
  readonly made: MadeReview;
}

/**
 * Reviews of a prompt as a gate asks for them: what is missing is made, so that nobody is held up by a formality, by
 * the policy of the environment, else by the one that the last review of the prompt was held to. Recorded if `keep`
 * says so.
 */
export async function reviewsForGate(
  harness: Harness,
  gated: GatedVersions,
  { keep }: { readonly keep: boolean },
): Promise<readonly ReviewData[]> {
  const reviews = [...(await reviewsOf(harness, gated.key))];
  const state = await harness.records.state();
  const { versions, policies } = askedReviews(state, gated);
  for (const policy of policies) {
    for (const version of versions) {
      const last = reviews.findLast((one) => one.hash === version.hash && countsFor(one, policy));
      if (last?.rules === RULES_EDITION && settles(last, { policy, now: harness.clock.now() })) continue;
      const { hash, made, policy: held } = await lackingReview(harness, state, { gated, version, policy });
      const kept = keep ? await keepReview(harness, made, { hash, policy: held }) : null;
      reviews.push({ ...made.data, hash, id: kept ?? "not recorded" });
    }
  }
  return reviews;
}

/** A review by an environment's own policy counts for that policy; any other one may have accepted something since. */
function countsFor({ ownPolicy, policy: held }: ReviewData, policy: string | null): boolean {
  return ownPolicy === undefined || held === policy;
}

/** Whoever may not accept what is high leaves it open, even where the environment's policy accepts it. */
function settles(
  review: ReviewData,
  { policy, now }: { readonly policy: string | null; readonly now: EpochMs },
): boolean {
  if (policy === null || review.ownPolicy === true) return true;
  return review.policy === policy && openFindings(review, { now, least: "high" }).length === 0;
}

interface AskedVersion {
  readonly version: number;
  readonly hash: string;
}

interface LackingQuestion {
  readonly gated: GatedVersions;
  readonly version: AskedVersion;
  /** Hash of the environment's own; null for none. */
  readonly policy: string | null;
}

async function lackingReview(
  harness: Harness,
  state: RegistryState,
  { gated: { key }, version: { version, hash }, policy: asked }: LackingQuestion,
): Promise<LackingReview> {
  const policy = asked === null ? await lastPolicy(harness, key) : await storedPolicy(harness, asked);
  const text = await versionText(harness, { key, version, hash });
  const isStored = asked !== null;
  const about = { key, text, hash, policy, mayAccept: false, isStored, clock: harness.clock };
  return { hash, policy, made: await makeReview(harness, state, about) };
}

/** Versions that go to where a gate asks for a review, and the policies that it asks for; what is not there is the decision's to refuse. */
function askedReviews(
  state: RegistryState,
  { key, versions, environment }: GatedVersions,
): { readonly versions: readonly AskedVersion[]; readonly policies: readonly (string | null)[] } {
  const prompt = state.prompts.get(key);
  if (prompt === undefined || (environment !== null && !state.environments.has(environment)))
    return { versions: [], policies: [] };
  const names =
    environment === null ? [...state.environments.keys()] : reachedEnvironments(state, prompt, environment);
  const asking = names.flatMap((name) => {
    const one = state.environments.get(name);
    return one !== undefined && isProtected(one, prompt) ? [one.reviewPolicy ?? null] : [];
  });
  return {
    policies: [...new Set(asking)],
    versions: versions.flatMap((version) => {
      const hash = prompt.versions.get(version)?.hash;
      return hash === undefined ? [] : [{ version, hash }];
    }),
  };
}
