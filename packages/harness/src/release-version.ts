/** Releases, rolls back and withdraws versions, through the one gate. */
import { textsMissing } from "@colophon/authoring";
import {
  decideRelease,
  decideRollback,
  decideWithdraw,
  liveOf,
  type Released,
  type RolledBack,
  type Withdrawn,
} from "@colophon/delivery";
import type { ModelChoice, RegistryState, VersionText } from "@colophon/kernel";
import { changeRegistry } from "./change-registry.ts";
import { modelOf } from "./evaluation/runs/load-contender.ts";
import { gatePass } from "./gate-pass.ts";
import type { Harness } from "./harness.ts";
import { type PlainOverride, plainOverrides } from "./plain-overrides.ts";
import { type Recorded, recorded } from "./recorded.ts";

export interface ReleaseRequest {
  readonly key: string;
  /** Null takes the version that is live in `fromEnvironment`. */
  readonly version: number | null;
  readonly environment: string;
  readonly fromEnvironment?: string | null;
  readonly reason: string;
  /** Instead of the text's own; the text's parameters hold for a model of the same provider. */
  readonly model?: ModelChoice | null | undefined;
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
  const versions = await versionsMeant(harness, request);
  const pass = await gatePass(harness, { key, versions, environment, breakGlass, isLook: false });
  const command = { ...pass, key, version, environment, fromEnvironment, reason, by: harness.actor };
  const { result, records } = await changeRegistry(harness, (state, texts) =>
    decideRelease(state, {
      ...command,
      model: releasedModel(state, texts, request),
      now: harness.clock.now(),
      texts,
    }),
  );
  return { ...result, ...recorded(records) };
}

/** What is not there is the decision's to refuse. */
async function versionsMeant(
  harness: Harness,
  { key, version, fromEnvironment = null }: ReleaseRequest,
): Promise<readonly number[]> {
  if (version !== null) return [version];
  const state = await harness.records.state();
  const live = fromEnvironment === null ? undefined : liveOf(state, key, fromEnvironment);
  return live === undefined ? [] : [live.version];
}

/** As the gate asked it, so that its evidence is found; null for the text's own. */
function releasedModel(
  state: RegistryState,
  texts: ReadonlyMap<string, VersionText>,
  { key, version, fromEnvironment = null, model = null }: ReleaseRequest,
): ModelChoice | null {
  if (model === null) return null;
  const source = fromEnvironment === null ? undefined : liveOf(state, key, fromEnvironment);
  const entry = state.prompts.get(key)?.versions.get(version ?? source?.version ?? 0);
  // A version that is not there is the decision's to refuse.
  if (entry === undefined) return model;
  const text = texts.get(entry.hash);
  if (text === undefined) throw textsMissing([entry.hash], `${key}@v${entry.version}`);
  return modelOf(text, model);
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
