/** Makes a version out of a candidate; to serve it is a release, which is another door. */
import { decideVersion } from "@colophon/authoring";
import {
  getCandidate,
  getPrompt,
  HarnessError,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { decidePromotion, type Promoted, parentVersion } from "@colophon/learning";
import { changeRegistry } from "../change-registry.ts";
import type { Harness } from "../harness.ts";

export interface PromoteRequest {
  readonly key: string;
  readonly candidate: number;
  /** What changed, for the log; the candidate's rationale unless given. */
  readonly message?: string | undefined;
}

/**
 * The version has the candidate's text, source `candidate`, its proposer as author, and the version that it goes
 * back to as parent; a `decision` record says so, in the same append. A text that is a version already gets no other.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `reason-missing`, `store-corrupt`, and what `registerPrompt`
 * throws for a text that does not hold any more.
 * @example
 * const { version } = await promoteCandidate(harness, { key: "support.triage", candidate: 3 });
 */
export async function promoteCandidate(harness: Harness, request: PromoteRequest): Promise<Promoted> {
  const { key, candidate } = request;
  const by = harness.actor;
  const found = await candidateText(harness, await harness.records.state(), request);
  const { result } = await changeRegistry(harness, (state, texts) => {
    const prompt = getPrompt(state, key);
    const entry = getCandidate(prompt, candidate);
    const message = request.message ?? entry.rationale;
    const numbered = decideVersion(state, {
      ...{ key, text: found, texts, by, message },
      source: "candidate",
      commit: null,
      parent: parentVersion(prompt, entry.parent),
      author: entry.by.id,
    });
    const { version } = numbered.result;
    const promoted = decidePromotion(state, { key, candidate, version, reason: message, by });
    return {
      drafts: [...numbered.drafts, ...promoted.drafts],
      texts: numbered.texts ?? [],
      result: promoted.result,
    };
  });
  return result;
}

async function candidateText(
  harness: Harness,
  state: RegistryState,
  { key, candidate }: PromoteRequest,
): Promise<VersionText> {
  const { hash } = getCandidate(getPrompt(state, key), candidate);
  const text = (await harness.records.listTexts([hash])).get(hash);
  if (text !== undefined) return text;
  throw new HarnessError(
    "store-corrupt",
    `The text of ${key}@c${candidate} is not in the store; run \`colophon verify\`.`,
  );
}
