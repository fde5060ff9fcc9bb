/** Makes a review of a text out of what the rules find and what was said of it before. */
import {
  type CompiledPolicy,
  compilePolicy,
  type ReviewPolicy,
  RULES_EDITION,
  reviewText,
  type SettledFindings,
  type SpottedFinding,
  settleFindings,
} from "@colophon/authoring";
import {
  type Clock,
  errorCodeOf,
  HarnessError,
  type RegistryState,
  type ReviewData,
  type ReviewFinding,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { gatherSubject, type TextToReview } from "./review-subject.ts";

export interface ReviewToMake extends TextToReview {
  /** Null for a text whose hash is not known. */
  readonly hash: string | null;
  readonly policy: CompiledPolicy | null;
  /** Whether whoever asks may accept high findings. */
  readonly mayAccept: boolean;
  /** Whether the policy is the environment's own. */
  readonly isStored?: boolean;
  readonly clock: Clock;
  /** The judge that was asked, and what it said. */
  readonly judged?: { readonly judge: ReviewData["judge"]; readonly findings: readonly ReviewFinding[] };
}

export interface MadeReview {
  readonly data: Omit<ReviewData, "id" | "hash">;
  readonly spotted: readonly SpottedFinding[];
  readonly settled: SettledFindings;
  readonly unseen: readonly string[];
  /** The review before of the same text, by an environment's own policy where this one is; null for none. */
  readonly previous: ReviewData | null;
}

/** Without a house, by the rules and what the file says alone. */
export async function makeReview(
  harness: Harness | null,
  state: RegistryState | null,
  { hash, policy, mayAccept, isStored = false, judged, clock, ...asked }: ReviewToMake,
): Promise<MadeReview> {
  const { key } = asked;
  const { subject, unseen } = await gatherSubject(harness, state, asked);
  const spotted = reviewText(subject, policy);
  const all = harness === null ? [] : await reviewsOf(harness, key);
  // What one environment's policy accepts is accepted nowhere else.
  const earlier = all.filter(({ ownPolicy }) => ownPolicy === undefined);
  const before = earlier.findLast((one) => one.hash === hash) ?? null;
  const advised = judged ?? judgedBefore(before);
  const settled = settleFindings({
    key,
    findings: [...spotted.map(({ finding }) => finding), ...(advised?.findings ?? [])],
    policy,
    previous: before,
    relative: earlier.findLast((one) => one.hash !== hash) ?? null,
    mayAccept,
    isStored,
    now: clock.now(),
  });
  const { findings, suppressions } = settled;
  const version = hash === null ? null : (state?.prompts.get(key)?.versionByHash.get(hash) ?? null);
  const data = {
    ...{ key, version, rules: RULES_EDITION, policy: policy?.hash ?? null },
    ...(isStored ? { ownPolicy: true as const } : {}),
    ...{ judge: advised?.judge ?? null, findings, suppressions },
  };
  const previous = isStored ? (all.findLast((one) => isOwn(one, data, hash)) ?? null) : before;
  return { data, spotted, settled, unseen, previous };
}

function isOwn(one: ReviewData, { policy }: Pick<ReviewData, "policy">, hash: string | null): boolean {
  return one.ownPolicy === true && one.hash === hash && one.policy === policy;
}

/** What a judge said of the very same text holds until another one is asked. */
function judgedBefore(previous: ReviewData | null): ReviewToMake["judged"] {
  if (previous === null || previous.judge === null) return undefined;
  const own = previous.findings.filter(({ rule }) => rule.startsWith("judge/"));
  // As the judge had it, before a policy made more of it.
  const findings = own.map(
    (one) => ({ ...one, severity: one.severity === "high" ? "medium" : one.severity }) as const,
  );
  return { judge: previous.judge, findings };
}

/** Oldest first. */
export async function reviewsOf(harness: Harness, key: string): Promise<readonly ReviewData[]> {
  const records = await harness.records.listRecords({ key, kinds: ["review"] });
  return records.flatMap((record) => (record.kind === "review" ? [record.data] : []));
}

/**
 * The policy of an environment.
 *
 * @throws HarnessError `store-corrupt` where the store does not have it; `input-malformed` for one that is none any more.
 */
export async function storedPolicy(harness: Harness, hash: string): Promise<CompiledPolicy> {
  const document = (await harness.records.listDocuments([hash])).get(hash);
  if (document !== undefined) return compilePolicy(document as ReviewPolicy);
  throw new HarnessError(
    "store-corrupt",
    `The review policy ${hash.slice(0, 12)} is not in the store; run \`colophon verify\`.`,
  );
}

/** The policy that somebody's last review of a prompt was held to; null for none, or one that is of no use any more. */
export async function lastPolicy(harness: Harness, key: string): Promise<CompiledPolicy | null> {
  const reviews = await reviewsOf(harness, key);
  const hash = reviews.findLast(({ ownPolicy }) => ownPolicy === undefined)?.policy ?? null;
  if (hash === null) return null;
  const document = (await harness.records.listDocuments([hash])).get(hash);
  if (document === undefined) return null;
  try {
    return compilePolicy(document as ReviewPolicy);
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return null;
  }
}
