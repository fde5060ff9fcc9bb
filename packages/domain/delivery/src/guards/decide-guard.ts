/** Sets a standing guard, or takes it away. */
import {
  type Actor,
  type GuardData,
  getEnvironment,
  getPrompt,
  HarnessError,
  type IdSource,
  type RecordDecision,
  type RegistryState,
} from "@colophon/kernel";
import { writtenReason } from "../written-reason.ts";
import { metricKind } from "./metric-values.ts";

type GuardRule = Omit<GuardData, "id" | "active" | "reason">;

export interface SetGuardCommand extends GuardRule {
  readonly do: "set";
  /** Of the guard that is set anew; null for another one. */
  readonly id: string | null;
  readonly reason: string;
  readonly by: Actor;
  readonly ids: IdSource;
}

export interface RemoveGuardCommand {
  readonly do: "remove";
  readonly key: string;
  readonly id: string;
  readonly reason: string;
  readonly by: Actor;
}

export type GuardCommand = SetGuardCommand | RemoveGuardCommand;

export interface GuardDecided {
  /** As it is recorded from now on. */
  readonly guard: GuardData;
  /** True when it was so before: nothing was recorded. */
  readonly unchanged: boolean;
}

/**
 * A guard that is set anew begins anew: it may fire again about a version that it has fired about.
 *
 * @throws HarnessError `reason-missing`, `key-unknown`, `environment-unknown`, or `usage` for a guard that
 * there is not, or figures that it could not hold anything against.
 */
export function decideGuard(state: RegistryState, command: GuardCommand): RecordDecision<GuardDecided> {
  const reason = writtenReason(command.reason, `A standing guard of ${command.key}`);
  const { guards } = getPrompt(state, command.key);
  const known = command.id === null ? undefined : guards.get(command.id);
  if (command.id !== null && known === undefined) {
    throw new HarnessError(
      "usage",
      `${command.key} has no standing guard ${command.id}: \`colophon guards ${command.key}\` lists them.`,
      { details: { key: command.key, guard: command.id } },
    );
  }
  if (command.do === "remove") {
    const {
      revision: _revision,
      at: _at,
      by: _by,
      fired: _fired,
      ...was
    } = known as NonNullable<typeof known>;
    const guard = { ...was, active: false, reason };
    return { drafts: [{ kind: "guard", by: command.by, data: guard }], result: { guard, unchanged: false } };
  }
  getEnvironment(state, command.environment);
  refuseRule(command);
  const { do: _do, ids, by, id, ...rule } = command;
  if (known !== undefined && sameRule(known, command)) {
    return { drafts: [], result: { guard: known, unchanged: true } };
  }
  const guard = { ...rule, id: id ?? ids.next(), active: true, reason };
  return { drafts: [{ kind: "guard", by, data: guard }], result: { guard, unchanged: false } };
}

const RULE = [
  "environment",
  "metric",
  "direction",
  "limit",
  "against",
  "measure",
  "minimum",
  "window",
  "action",
] as const satisfies readonly (keyof GuardRule)[];

function sameRule(one: GuardRule, other: GuardRule): boolean {
  return RULE.every((field) => one[field] === other[field]);
}

function refuseRule(command: SetGuardCommand): void {
  const { key, metric, limit, against, measure, minimum, window, direction, action } = command;
  const { kind, worse } = metricKind(metric) ?? {};
  const good = worse === "higher" ? "below" : "above";
  const share = measure === "mean" && against === "limit" && (kind === "event" || kind === "score");
  const problem = !(window > 0 && Number.isFinite(window))
    ? `a window of ${window} ms; give one above 0`
    : !(Number.isSafeInteger(minimum) && minimum >= 1)
      ? `a minimum of ${minimum} observations; give a whole number from 1`
      : !Number.isFinite(limit) || (against === "predecessor" && limit <= 0)
        ? `a limit of ${limit}; give a number${against === "predecessor" ? " above 0" : ""}`
        : share && (limit < 0 || limit > 1)
          ? `a limit of ${limit}, but ${metric} lies between 0 and 1`
          : action === "rollback" && worse !== undefined && direction === good
            ? `a limit ${good} which ${metric} is good: it would roll back what does well, so turn it round, or only alert`
            : undefined;
  if (problem === undefined) return;
  throw new HarnessError("usage", `The guard of ${metric} for ${key} has ${problem}.`);
}
