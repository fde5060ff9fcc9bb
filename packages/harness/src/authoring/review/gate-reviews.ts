/** Sees to it that a version has a review by the present rules before a gate asks for one. */
import { RULES_EDITION } from "@colophon/authoring";
import { isProtected, reachedEnvironments } from "@colophon/delivery";
import type { RegistryState, ReviewData } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { lastPolicy, type MadeReview, makeReview, reviewsOf } from "./make-review.ts";
import { keepReview, versionText } from "./review-version.ts";

export interface GatedVersions {
  readonly key: string;
  readonly versions: readonly number[];
  /** Null for every environment. */
  readonly environment: string | null;
}

interface LackingReview {
  readonly hash: string;
  readonly policy: Awaited<ReturnType<typeof lastPolicy>>;
  readonly made: MadeReview;
}

/**
 * Reviews of a prompt as a gate asks for them: what is missing is made, by the policy that the last review of the
 * prompt was held to, so that nobody is held up by a formality. Recorded if `keep` says so.
 */
export async function reviewsForGate(
  harness: Harness,
  gated: GatedVersions,
  { keep }: { readonly keep: boolean },
): Promise<readonly ReviewData[]> {
  const reviews = [...(await reviewsOf(harness, gated.key))];
  for (const { hash, policy, made } of await lackingReviews(harness, gated, reviews)) {
    const kept = keep ? await keepReview(harness, made, { hash, policy }) : null;
    reviews.push({ ...made.data, hash, id: kept ?? "not recorded" });
  }
  return reviews;
}

async function lackingReviews(
  harness: Harness,
  gated: GatedVersions,
  known: readonly ReviewData[],
): Promise<readonly LackingReview[]> {
  const state = await harness.records.state();
  const lacking = hashesOf(state, gated).filter(
    ({ hash }) => known.findLast((one) => one.hash === hash)?.rules !== RULES_EDITION,
  );
  if (lacking.length === 0) return [];
  const { key } = gated;
  const policy = await lastPolicy(harness, key);
  const made: LackingReview[] = [];
  for (const { version, hash } of lacking) {
    const text = await versionText(harness, { key, version, hash });
    const asked = { key, text, hash, policy, mayAccept: false, clock: harness.clock };
    made.push({ hash, policy, made: await makeReview(harness, state, asked) });
  }
  return made;
}

/** Of the versions that go to where a gate asks for a review; what is not there is the decision's to refuse. */
function hashesOf(
  state: RegistryState,
  { key, versions, environment }: GatedVersions,
): readonly { readonly version: number; readonly hash: string }[] {
  const prompt = state.prompts.get(key);
  if (prompt === undefined || (environment !== null && !state.environments.has(environment))) return [];
  const names =
    environment === null ? [...state.environments.keys()] : reachedEnvironments(state, prompt, environment);
  const asks = names.some((name) => {
    const one = state.environments.get(name);
    return one !== undefined && isProtected(one, prompt);
  });
  if (!asks) return [];
  return versions.flatMap((version) => {
    const hash = prompt.versions.get(version)?.hash;
    return hash === undefined ? [] : [{ version, hash }];
  });
}
