/** Sets standing guards on what is live, and takes them away. */
import { decideGuard, type GuardDecided } from "@colophon/delivery";
import { type GuardData, getPrompt, HarnessError } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

export type GuardRequest = Omit<GuardData, "id" | "active">;

/**
 * Sets a guard; one of the same metric, direction, measure and action in that environment is set anew with
 * it, and may then fire again about a version that it has fired about.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `reason-missing` or `usage`.
 * @example
 * await setGuard(harness, {
 *   key: "support.triage",
 *   environment: "production",
 *   metric: "schemaOk",
 *   direction: "below",
 *   limit: 0.95,
 *   against: "limit",
 *   measure: "mean",
 *   minimum: 50,
 *   window: 3_600_000,
 *   action: "rollback",
 *   reason: "answers have to be JSON",
 * });
 */
export async function setGuard(harness: Harness, request: GuardRequest): Promise<GuardDecided> {
  const { ids, actor: by } = harness;
  const { result } = await harness.records.append((state) => {
    const known = [...getPrompt(state, request.key).guards.values()].find((one) =>
      ALIKE.every((field) => one[field] === request[field]),
    );
    return decideGuard(state, { do: "set", id: known?.id ?? null, ids, by, ...request });
  });
  return result;
}

const ALIKE = ["environment", "metric", "direction", "against", "measure", "action"] as const;

export interface GuardRemoval {
  readonly key: string;
  /** Only of this environment. */
  readonly environment?: string;
  /** The guard's id or a beginning of it, or its metric. */
  readonly guard: string;
  readonly reason: string;
}

/**
 * Takes a guard away.
 *
 * @throws HarnessError `key-unknown`, `reason-missing`, or `usage` for a name that means none, or several.
 * @example
 * await removeGuard(harness, { key: "support.triage", guard: "schemaOk", reason: "the contract is gone" });
 */
export async function removeGuard(harness: Harness, removal: GuardRemoval): Promise<GuardDecided> {
  const { key, environment, guard: named, reason } = removal;
  const { result } = await harness.records.append((state) => {
    const meant = [...getPrompt(state, key).guards.values()].filter(
      (one) =>
        (environment === undefined || one.environment === environment) &&
        (one.metric === named || (named !== "" && one.id.startsWith(named))),
    );
    if (meant.length > 1) {
      throw new HarnessError(
        "usage",
        `"${named}" means ${meant.length} guards of ${key}: ${meant.map(({ id }) => id).join(", ")}; name one by its id.`,
      );
    }
    const [only] = meant;
    if (only === undefined) throw noSuchGuard(removal);
    return decideGuard(state, { do: "remove", key, id: only.id, reason, by: harness.actor });
  });
  return result;
}

/** A guard of another environment is none here, whatever it is called by. */
function noSuchGuard({ key, environment, guard }: GuardRemoval): HarnessError {
  const place = environment === undefined ? "" : ` in ${environment}`;
  return new HarnessError(
    "usage",
    `${key} has no standing guard ${guard}${place}: \`colophon guards ${key}\` lists them.`,
    { details: { key, guard } },
  );
}
