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
  readonly clock: Clock;
  /** The judge that was asked, and what it said. */
  readonly judged?: { readonly judge: ReviewData["judge"]; readonly findings: readonly ReviewFinding[] };
}

export interface MadeReview {
  readonly data: Omit<ReviewData, "id" | "hash">;
  readonly spotted: readonly SpottedFinding[];
  readonly settled: SettledFindings;
  readonly unseen: readonly string[];
  /** The review before of the same text; null for none. */
  readonly previous: ReviewData | null;
}

/** Without a house, by the rules and what the file says alone. */
export async function makeReview(
  harness: Harness | null,
  state: RegistryState | null,
  { hash, policy, mayAccept, judged, clock, ...asked }: ReviewToMake,
): Promise<MadeReview> {
  const { key } = asked;
  const { subject, unseen } = await gatherSubject(harness, state, asked);
  const spotted = reviewText(subject, policy);
  const earlier = harness === null ? [] : await reviewsOf(harness, key);
  const previous = earlier.findLast((one) => one.hash === hash) ?? null;
  const advised = judged ?? judgedBefore(previous);
  const settled = settleFindings({
    key,
    findings: [...spotted.map(({ finding }) => finding), ...(advised?.findings ?? [])],
    policy,
    previous,
    relative: earlier.findLast((one) => one.hash !== hash) ?? null,
    mayAccept,
    now: clock.now(),
  });
  const { findings, suppressions } = settled;
  const version = hash === null ? null : (state?.prompts.get(key)?.versionByHash.get(hash) ?? null);
  const data = {
    ...{ key, version, rules: RULES_EDITION, policy: policy?.hash ?? null },
    ...{ judge: advised?.judge ?? null, findings, suppressions },
  };
  return { data, spotted, settled, unseen, previous };
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

/** The policy that the last review of a prompt was held to; null for none, or one that is of no use any more. */
export async function lastPolicy(harness: Harness, key: string): Promise<CompiledPolicy | null> {
  const hash = (await reviewsOf(harness, key)).at(-1)?.policy ?? null;
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
