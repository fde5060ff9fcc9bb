/** What people say to an open rollout: hold it, go on, approve it, end it. */
import {
  type Approved,
  decideAbort,
  decideApprove,
  decidePause,
  decideResume,
  type RolloutChanged,
} from "@colophon/delivery";
import { getPrompt, HarnessError, type RolloutPlan } from "@colophon/kernel";
import type { Harness } from "../harness.ts";
import { type Recorded, recorded } from "../recorded.ts";
import { loadPlan } from "./load-plan.ts";
import { refuseSpentShadow } from "./refuse-spent-shadow.ts";

export interface RolloutChangeRequest {
  /** Any prompt of the rollout: all of its prompts move. */
  readonly key: string;
  readonly environment: string;
  readonly reason: string;
}

export type RolloutChangeResult = RolloutChanged & Recorded;

/**
 * Holds a rollout; its guards go on watching.
 *
 * @throws HarnessError as `decidePause` does.
 * @example
 * const place = { key: "support.triage", environment: "production" };
 * await pauseRollout(harness, { ...place, reason: "the support team is away" });
 */
export async function pauseRollout(
  harness: Harness,
  request: RolloutChangeRequest,
): Promise<RolloutChangeResult> {
  const { actor: by, clock } = harness;
  const { result, records } = await harness.records.append((state) =>
    decidePause(state, { ...request, by, now: clock.now() }),
  );
  return { ...result, ...recorded(records) };
}

export interface ResumeRolloutRequest extends RolloutChangeRequest {
  /** What is gone on in spite of: metrics whose guards hold or are not cleared, or `mismatch`. */
  readonly accept?: readonly string[];
}

/**
 * Goes on with a held rollout.
 *
 * @throws HarnessError as `decideResume` does, and `usage` for a shadow that has used up its budget.
 * @example
 * const place = { key: "support.triage", environment: "production" };
 * await resumeRollout(harness, { ...place, accept: ["cost"], reason: "worth its price" });
 */
export async function resumeRollout(
  harness: Harness,
  request: ResumeRolloutRequest,
): Promise<RolloutChangeResult> {
  const { actor: by, clock } = harness;
  const plan = await loadOpenPlan(harness, request);
  await refuseSpentShadow(harness, request);
  const { result, records } = await harness.records.append((state) =>
    decideResume(state, { ...request, plan, by, now: clock.now() }),
  );
  return { ...result, ...recorded(records) };
}

/**
 * Ends a rollout: the live version serves everybody.
 *
 * @throws HarnessError as `decideAbort` does.
 * @example
 * const place = { key: "support.triage", environment: "production" };
 * await abortRollout(harness, { ...place, reason: "customers complain" });
 */
export async function abortRollout(
  harness: Harness,
  request: RolloutChangeRequest,
): Promise<RolloutChangeResult> {
  const { actor: by, clock } = harness;
  const { result, records } = await harness.records.append((state) =>
    decideAbort(state, { ...request, by, now: clock.now() }),
  );
  return { ...result, ...recorded(records) };
}

export interface ApproveRolloutRequest {
  readonly key: string;
  readonly environment: string;
  /** Which of several arms. */
  readonly version?: number | null;
  readonly safety: boolean;
  readonly compliance: boolean;
  readonly style: boolean;
  readonly comment?: string | null;
}

/**
 * Records a reviewer's judgement.
 *
 * @throws HarnessError as `decideApprove` does.
 * @example
 * const place = { key: "support.triage", environment: "production" };
 * await approveRollout(harness, { ...place, safety: true, compliance: true, style: true });
 */
export async function approveRollout(
  harness: Harness,
  request: ApproveRolloutRequest,
): Promise<Approved & Recorded> {
  const members = (await harness.members?.()) ?? null;
  const { result, records } = await harness.records.append((state) =>
    decideApprove(state, { ...request, members, by: harness.actor }),
  );
  return { ...result, ...recorded(records) };
}

/** The plan of a prompt's last rollout in an environment. @throws HarnessError `key-unknown`, `usage` or `store-corrupt`. */
async function loadOpenPlan(
  harness: Harness,
  { key, environment }: Pick<RolloutChangeRequest, "key" | "environment">,
): Promise<RolloutPlan> {
  const rollout = getPrompt(await harness.records.state(), key).rollouts.get(environment);
  if (rollout === undefined) {
    throw new HarnessError(
      "usage",
      `${key} had no rollout in ${environment} yet: start one with \`colophon rollout start ${key}@vN --env ${environment}\`.`,
      { details: { key, environment } },
    );
  }
  return loadPlan(harness, rollout.plan);
}
