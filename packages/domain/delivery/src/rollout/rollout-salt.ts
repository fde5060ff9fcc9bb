/** The salt of a rollout's assignment. */
import { canonicalJson, sha256 } from "@colophon/kernel";

export interface SaltedMember {
  readonly key: string;
  readonly versions: readonly number[];
}

/**
 * The same for the same versions in the same environment, so that a retry keeps its cohort and a release
 * set is drawn alike; another version has another salt, so that no unit meets every canary.
 */
export function rolloutSalt(environment: string, members: readonly SaltedMember[]): string {
  const named = members
    .flatMap(({ key, versions }) => versions.map((version) => `${key}@v${version}`))
    .sort();
  return sha256(canonicalJson(["rollout", environment, named])).slice(0, 32);
}
