/** Lists, adds and protects environments. */

import { decideEnvironment, listEnvironments } from "@colophon/delivery";
import type { GateMode } from "@colophon/evaluation";
import type { EnvironmentData, GateDemand } from "@colophon/kernel";
import { getEnvironment } from "@colophon/kernel";
import { readReviewPolicy } from "./authoring/review/policy-shape.ts";
import type { Harness } from "./harness.ts";

export interface EnvironmentView {
  readonly name: string;
  readonly inherits: string | null;
  readonly gate: GateDemand;
  readonly approvals: number;
  /** Gate modes of which evidence counts here; null for non-inferiority alone. */
  readonly modes: readonly string[] | null;
  /** Hash of the policy that reviews are held to here; null for that of a prompt's last review. */
  readonly reviewPolicy: string | null;
  /** Whether a release here may need evidence or approvals; `gate` says for which prompts. */
  readonly protected: boolean;
  /** How many prompts have a version live here, inherited ones apart. */
  readonly live: number;
}

/**
 * Every environment with its policy, and how much is live there.
 *
 * @example
 * const names = (await findEnvironments(harness)).map(({ name }) => name);
 */
export async function findEnvironments(harness: Harness): Promise<readonly EnvironmentView[]> {
  const state = await harness.records.state();
  const live = (name: string): number =>
    [...state.prompts.values()].filter((prompt) => {
      const last = prompt.releases.findLast((entry) => entry.environment === name && entry.lane === "live");
      return last?.version != null;
    }).length;
  return listEnvironments(state).map((environment) => ({
    ...describe(environment),
    live: live(environment.name),
  }));
}

/**
 * Refuses an environment that the store does not have.
 *
 * @throws HarnessError `environment-unknown`.
 *
 * @example
 * await checkEnvironment(harness, "production");
 */
export async function checkEnvironment(harness: Harness, name: string): Promise<void> {
  getEnvironment(await harness.records.state(), name);
}

export interface ChangedEnvironment extends Omit<EnvironmentView, "live"> {
  /** True when it was like that already. */
  readonly unchanged: boolean;
}

/**
 * Adds an environment; the same one again changes nothing.
 *
 * @throws HarnessError `usage` or `environment-unknown`.
 *
 * @example
 * await addEnvironment(harness, { name: "preview", inherits: "staging" });
 */
export async function addEnvironment(
  harness: Harness,
  request: { readonly name: string; readonly inherits?: string | null },
): Promise<ChangedEnvironment> {
  const { result } = await harness.records.append((state) =>
    decideEnvironment(state, { action: "add", ...request, by: harness.actor }),
  );
  return { ...describe(result.environment), unchanged: result.unchanged };
}

export interface ProtectRequest {
  readonly name: string;
  readonly gate: GateDemand;
  readonly approvals?: number | undefined;
  /** As before when left out. */
  readonly modes?: readonly GateMode[] | undefined;
  /** What a policy file for reviews says, parsed; as before when left out, null for none. */
  readonly reviewPolicy?: unknown;
}

/**
 * Says what an environment asks for before a version is live there.
 *
 * @throws HarnessError `environment-unknown`, `usage`, or `input-malformed` for a policy.
 *
 * @example
 * await protectEnvironment(harness, { name: "staging", gate: "always", approvals: 1 });
 */
export async function protectEnvironment(
  harness: Harness,
  { reviewPolicy: written, ...request }: ProtectRequest,
): Promise<ChangedEnvironment> {
  const held = written == null ? null : readReviewPolicy(written, "The policy").written;
  const policy = written === undefined ? {} : { reviewPolicy: held };
  const { result } = await harness.records.append((state) =>
    decideEnvironment(state, { action: "protect", ...request, ...policy, by: harness.actor }),
  );
  return { ...describe(result.environment), unchanged: result.unchanged };
}

function describe({
  name,
  inherits,
  gate,
  approvals,
  modes,
  reviewPolicy = null,
}: EnvironmentData): Omit<EnvironmentView, "live"> {
  return { name, inherits, gate, approvals, modes, reviewPolicy, protected: gate !== "never" };
}
