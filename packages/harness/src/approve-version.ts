/** Records a reviewer's judgement about a version in an environment. */
import { type ApprovedVersion, decideApproval } from "@colophon/delivery";
import { gatePass } from "./gate-pass.ts";
import type { Harness } from "./harness.ts";
import { type Recorded, recorded } from "./recorded.ts";

export interface ApproveVersionRequest {
  readonly key: string;
  readonly version: number;
  readonly environment: string;
  readonly safety: boolean;
  readonly compliance: boolean;
  readonly style: boolean;
  readonly comment?: string | null;
}

/**
 * Counts for the text as it is: another version needs another judgement.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `withdrawn`, `environment-unknown`, or `usage` for a version
 * of one's own.
 *
 * @example
 * const place = { key: "support.triage", version: 8, environment: "production" };
 * const { lacks } = await approveVersion(harness, { ...place, safety: true, compliance: true, style: true });
 */
export async function approveVersion(
  harness: Harness,
  request: ApproveVersionRequest,
): Promise<ApprovedVersion & Recorded> {
  const { approvals, members } = await gatePass(harness, {
    key: request.key,
    versions: [],
    environment: null,
    isLook: true,
  });
  const { result, records } = await harness.records.append((state) =>
    decideApproval(state, { ...request, approvals, members, by: harness.actor }),
  );
  return { ...result, ...recorded(records) };
}
