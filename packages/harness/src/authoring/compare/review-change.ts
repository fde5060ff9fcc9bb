/** Says which findings of a review a change brings, and which it takes away. */
import type { RegistryState } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { makeReview } from "../review/make-review.ts";
import { readReviewPolicy } from "../review/policy-shape.ts";
import { type ReportedFinding, reviewReport } from "../review/review-report.ts";
import type { ComparePlace } from "./compare-prompt.ts";
import type { FoundSide } from "./find-side.ts";

/** Without what the policy accepts. */
export interface ReviewChange {
  readonly new: readonly ReportedFinding[];
  readonly gone: readonly ReportedFinding[];
  /** Open on both sides. */
  readonly kept: number;
}

export interface SidesToReview {
  readonly key: string;
  readonly before: FoundSide | null;
  readonly after: FoundSide | null;
  readonly policy: unknown;
}

/** @throws HarnessError `input-malformed` for a policy. */
export async function reviewChange(
  place: ComparePlace,
  { key, before, after, policy: written }: SidesToReview,
): Promise<ReviewChange> {
  const policy = written == null ? null : readReviewPolicy(written, "The policy");
  const openIn = async (side: FoundSide | null): Promise<readonly ReportedFinding[]> => {
    if (side === null) return [];
    const { clock } = place;
    const { hash } = side.side;
    const [harness, state]: readonly [Harness | null, RegistryState | null] = [place.harness, place.state];
    const asked = { key, text: side.text, hash, policy, mayAccept: true, clock };
    const made = await makeReview(harness, state, {
      ...asked,
      ...(side.metadata === undefined ? {} : { metadata: side.metadata }),
    });
    const now = clock.now();
    const report = reviewReport({ ...made, review: made.data, hash, recorded: null, file: null, now });
    return report.findings.filter(({ accepted }) => accepted === null);
  };
  const [was, is] = [await openIn(before), await openIn(after)];
  const [idsBefore, idsAfter] = [idsOf(was), idsOf(is)];
  return {
    new: is.filter(({ id }) => !idsBefore.has(id)),
    gone: was.filter(({ id }) => !idsAfter.has(id)),
    kept: is.filter(({ id }) => idsBefore.has(id)).length,
  };
}

function idsOf(findings: readonly ReportedFinding[]): ReadonlySet<string> {
  return new Set(findings.map(({ id }) => id));
}
