/** Settles what a review says: severities of a policy, what is accepted, and what an earlier review has said. */
import {
  type EpochMs,
  isAtLeast,
  REVIEW_SEVERITIES,
  type ReviewData,
  type ReviewFinding,
  type ReviewSuppression,
  suppressionOf,
} from "@colophon/kernel";
import { type CompiledPolicy, type PolicySuppression, settledSeverity } from "./review-policy.ts";

export interface FindingsToSettle {
  readonly key: string;
  /** As the rules have them. */
  readonly findings: readonly ReviewFinding[];
  readonly policy: CompiledPolicy | null;
  /** The review before of the same text; null for none. */
  readonly previous: ReviewData | null;
  /** The last review of another text of the prompt: what was accepted by its id is accepted again. */
  readonly relative?: ReviewData | null;
  /** Whether whoever asks may accept high findings; else what others accepted before stands. */
  readonly mayAccept: boolean;
  /** Whether the policy is the registry's own and nobody's who asks: what it accepts counts, and no other's checks do. */
  readonly isStored?: boolean;
  readonly now: EpochMs;
}

export interface SettledFindings {
  /** The gravest first; accepted ones among them. */
  readonly findings: readonly ReviewFinding[];
  readonly suppressions: readonly ReviewSuppression[];
  /** Whether the policy accepts, or makes less of, what is high. */
  readonly accepts: boolean;
  /** In words, what did not count for want of the right to accept it. */
  readonly withheld: readonly string[];
  /** Ids or rules of the policy that nothing was found for, of those that name this prompt. */
  readonly unused: readonly string[];
  /** In words, suppressions that are over. */
  readonly expired: readonly string[];
}

export function settleFindings(asked: FindingsToSettle): SettledFindings {
  const { policy, mayAccept, isStored = false, now } = asked;
  const raw = withForeign(asked);
  const isTrusted = mayAccept || isStored;
  const findings = raw
    .map((one) => ({ ...one, severity: settledSeverity(one, { policy, maySoften: isTrusted }) }))
    .toSorted((a, b) => REVIEW_SEVERITIES.indexOf(a.severity) - REVIEW_SEVERITIES.indexOf(b.severity));
  const written = (policy?.suppressions ?? []).filter(({ isFor }) => isFor(asked.key));
  const meant = written.filter((one) => findings.some((finding) => isOf(one, finding)));
  const inForce = (one: ReviewSuppression): boolean => one.expires === null || one.expires > now;
  const touchesHigh = (one: ReviewSuppression): boolean =>
    findings.some((finding) => isOf(one, finding) && finding.severity === "high");
  const softened = raw.filter(
    (one) => one.severity === "high" && !isAtLeast(settledSeverity(one, { policy, maySoften: true }), "high"),
  );
  const grave = meant.filter((one) => inForce(one) && touchesHigh(one));
  const own = isTrusted ? meant : meant.filter((one) => !grave.includes(one));
  const before = mayAccept ? [] : acceptedBefore(asked, findings);
  return {
    findings,
    suppressions: unique([...own.map(plain), ...before]),
    accepts: grave.length > 0 || softened.length > 0,
    withheld: isTrusted ? [] : withheldWords(grave, softened),
    unused: written.filter((one) => one.key !== null && !meant.includes(one)).map(({ of }) => of),
    expired: meant
      .filter((one) => !inForce(one))
      .map(({ of, expires }) => `${of}, accepted until ${new Date(expires ?? 0).toISOString().slice(0, 10)}`),
  };
}

function isOf({ of }: Pick<ReviewSuppression, "of">, { id, rule }: ReviewFinding): boolean {
  return of === id || of === rule;
}

function plain({ of, reason, expires }: PolicySuppression): ReviewSuppression {
  return { of, reason, expires };
}

/** What no built-in rule finds again: a policy's findings, and a judge's. */
function isForeign({ rule }: Pick<ReviewFinding, "rule">): boolean {
  return rule.startsWith("policy/") || rule.startsWith("judge/");
}

/** Whoever may not accept a high finding cannot be rid of it by asking without the policy or judge that had it. */
function withForeign(asked: FindingsToSettle): readonly ReviewFinding[] {
  const { findings, previous, mayAccept, isStored = false } = asked;
  if (mayAccept || previous === null) return findings;
  const isLeft = ({ rule, severity }: ReviewFinding): boolean =>
    severity === "high" && (isStored ? rule.startsWith("judge/") : isForeign({ rule }));
  const left = previous.findings.filter(isLeft);
  const again = findings.filter(({ id }) => !left.some((one) => one.id === id));
  return [...again, ...left];
}

/**
 * What was high and accepted before, which took somebody who may. Of another text only what was accepted finding
 * by finding: a rule as a whole was accepted for that text alone.
 */
function acceptedBefore(
  { previous, relative = null, now }: FindingsToSettle,
  findings: readonly ReviewFinding[],
): readonly ReviewSuppression[] {
  const high = findings.filter(({ severity }) => severity === "high");
  const wasHigh = (review: ReviewData, { id }: ReviewFinding): boolean =>
    review.findings.some((one) => one.id === id && one.severity === "high");
  return high.flatMap((finding) => {
    const same =
      previous !== null && wasHigh(previous, finding) ? suppressionOf(previous, finding, now) : undefined;
    if (same !== undefined) return [same];
    if (relative === null || !wasHigh(relative, finding)) return [];
    const suppressions = relative.suppressions.filter(({ of }) => of === finding.id);
    return suppressionOf({ suppressions }, finding, now) ?? [];
  });
}

function unique(suppressions: readonly ReviewSuppression[]): readonly ReviewSuppression[] {
  const seen = new Map(suppressions.map((one) => [`${one.of} ${one.expires}`, one]));
  return [...seen.values()];
}

function withheldWords(
  grave: readonly ReviewSuppression[],
  softened: readonly ReviewFinding[],
): readonly string[] {
  const lowered = [...new Set(softened.map(({ rule }) => rule))];
  return [
    ...grave.map(({ of }) => `the suppression of ${of}`),
    ...lowered.map((rule) => `the lower severity of ${rule}`),
  ];
}
