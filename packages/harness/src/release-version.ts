/** Releases, rolls back and withdraws versions, through the one gate. */
import {
  decideRelease,
  decideRollback,
  decideWithdraw,
  type Released,
  type RolledBack,
  type Withdrawn,
} from "@colophon/delivery";
import type { RegistryRecord } from "@colophon/kernel";
import { changeRegistry } from "./change-registry.ts";
import { gatePass } from "./gate-pass.ts";
import type { Harness } from "./harness.ts";
import { type PlainOverride, plainOverrides } from "./plain-overrides.ts";

/** Where a change stands in the log; nulls when nothing had to be recorded. */
export interface Recorded {
  readonly revision: number | null;
  /** ISO 8601. */
  readonly at: string | null;
}

export interface ReleaseRequest {
  readonly key: string;
  /** Null takes the version that is live in `fromEnvironment`. */
  readonly version: number | null;
  readonly environment: string;
  readonly fromEnvironment?: string | null;
  readonly reason: string;
  readonly breakGlass?: string | null;
}

/**
 * Makes a version live in an environment, through the gate.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `environment-unknown`, `withdrawn`, `misfit`, `prompt-invalid`,
 * `evidence-missing`, `reason-missing` or `usage`.
 *
 * @example
 * const { previous } = await releaseVersion(harness, {
 *   key: "support.triage",
 *   version: 8,
 *   environment: "production",
 *   reason: "clearer labels",
 * });
 */
export async function releaseVersion(
  harness: Harness,
  request: ReleaseRequest,
): Promise<Released & Recorded> {
  const { key, version, environment, fromEnvironment = null, reason, breakGlass = null } = request;
  const pass = await gatePass(harness, key, breakGlass);
  const command = { ...pass, key, version, environment, fromEnvironment, reason, by: harness.actor };
  const { result, records } = await changeRegistry(harness, (state, texts) =>
    decideRelease(state, { ...command, texts }),
  );
  return { ...result, ...recorded(records) };
}

export interface RollbackRequest {
  readonly key: string;
  readonly environment: string;
  readonly to?: number | null;
  readonly reason: string;
}

export type RollbackResult = Omit<RolledBack, "overrides"> &
  Recorded & { readonly overrides: readonly PlainOverride[] };

/**
 * Puts back what was live before; never asks for evidence.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `nothing-to-roll-back`, `version-unknown`, `withdrawn`, `misfit`
 * or `reason-missing`.
 *
 * @example
 * const { from, version } = await rollBack(harness, {
 *   key: "support.triage",
 *   environment: "production",
 *   reason: "too many wrong labels",
 * });
 */
export async function rollBack(harness: Harness, request: RollbackRequest): Promise<RollbackResult> {
  const { key, environment, to = null, reason } = request;
  const { result, records } = await changeRegistry(harness, (state, texts) =>
    decideRollback(state, {
      key,
      environment,
      to,
      reason,
      by: harness.actor,
      now: harness.clock.now(),
      texts,
    }),
  );
  return { ...result, overrides: await plainOverrides(harness, result.overrides), ...recorded(records) };
}

export interface WithdrawRequest {
  readonly key: string;
  readonly version: number;
  readonly reason: string;
}

export type WithdrawResult = Omit<Withdrawn, "overrides"> &
  Recorded & { readonly overrides: readonly PlainOverride[] };

/**
 * Stops a version at every tier, for good.
 *
 * @throws HarnessError `key-unknown`, `version-unknown` or `reason-missing`.
 *
 * @example
 * await withdrawVersion(harness, { key: "support.triage", version: 8, reason: "leaks account numbers" });
 */
export async function withdrawVersion(harness: Harness, request: WithdrawRequest): Promise<WithdrawResult> {
  const { result, records } = await harness.records.append((state) =>
    decideWithdraw(state, { ...request, by: harness.actor, now: harness.clock.now() }),
  );
  return { ...result, overrides: await plainOverrides(harness, result.overrides), ...recorded(records) };
}

function recorded(records: readonly RegistryRecord[]): Recorded {
  const last = records.at(-1);
  return last === undefined
    ? { revision: null, at: null }
    : { revision: last.revision, at: new Date(last.at).toISOString() };
}
