/** Starts rollouts: of one version, of several arms, or of several prompts that move together. */
import {
  decideStart,
  type GatePasses,
  isProtected,
  metricKind,
  readPlan,
  type Started,
} from "@colophon/delivery";
import {
  getEnvironment,
  getPrompt,
  HarnessError,
  type Pseudonym,
  type RegistryState,
  type Risk,
  type RolloutData,
  type RolloutPlan,
} from "@colophon/kernel";
import { changeRegistry, type Decide, previewChange } from "../change-registry.ts";
import type { Harness } from "../harness.ts";
import { type Recorded, recorded } from "../recorded.ts";
import { gatePasses } from "./gate-passes.ts";
import { watchedUntil } from "./watch/watch-lease.ts";

/** Part of the traffic, in the application's own words. */
export interface RolloutScope {
  readonly documentType?: string;
  readonly tenant?: string;
}

export interface StartRolloutRequest {
  /** One prompt with one or several versions, or several prompts with one each. */
  readonly members: readonly { readonly key: string; readonly versions: readonly number[] }[];
  readonly environment: string;
  /** What a plan file says, parsed; the plan of the prompt's risk when absent. */
  readonly plan?: unknown;
  /**
   * Instead of the plan's own. `mol-ts` takes what the plan says of it, else samples by the metrics that the
   * plan wants cleared.
   */
  readonly policy?: RolloutPlan["policy"]["kind"];
  readonly where?: RolloutScope | null;
  readonly reason: string;
  readonly breakGlass?: string | null;
}

export interface StartRolloutResult extends Started, Recorded {
  readonly plan: RolloutPlan;
  /** In words, what should be known now, such as that nobody watches. */
  readonly warnings: readonly string[];
}

/** A pseudonym that belongs to nobody, to try a decision before a subject is written down. */
const NOBODY = "0".repeat(32) as Pseudonym;

/**
 * Starts a rollout by its plan, through the gate.
 *
 * @throws HarnessError as `decideStart` and `readPlan` do.
 * @example
 * await startRollout(harness, {
 *   members: [{ key: "support.triage", versions: [8] }],
 *   environment: "production",
 *   reason: "clearer labels",
 * });
 */
export async function startRollout(
  harness: Harness,
  request: StartRolloutRequest,
): Promise<StartRolloutResult> {
  const { members, environment, where = null, reason, breakGlass = null } = request;
  const state = await harness.records.state();
  const plan = await planOf(harness, state, request);
  const passes = await gatePasses(
    harness,
    members.map((member) => ({ ...member, environment, isLook: false })),
  );
  const deciding =
    (scope: Scope): Decide<Started> =>
    (current, texts) =>
      decideStart(current, {
        members,
        environment,
        plan,
        ...scope,
        reason,
        breakGlass,
        passes,
        by: harness.actor,
        now: harness.clock.now(),
        ids: harness.ids,
        texts,
      });
  // What is refused must not leave a subject's name in the store.
  if (where !== null) await previewChange(harness, deciding(await scopeOf(harness, where, NOBODY)));
  const { result, records } = await changeRegistry(harness, deciding(await scopeOf(harness, where, null)));
  const warnings = [
    ...((await watchedUntil(harness)) === null ? [unwatchedWords(result)] : []),
    ...unapprovedWords(result, { state, plan, passes }),
  ];
  return { ...result, ...recorded(records), plan, warnings };
}

/** Where approvals are asked for and off, since nobody but the one member could give them. */
function unapprovedWords(
  { members, environment }: Started,
  {
    state,
    plan,
    passes,
  }: { readonly state: RegistryState; readonly plan: RolloutPlan; readonly passes: GatePasses },
): readonly string[] {
  const policy = getEnvironment(state, environment);
  const asked = members.some(
    ({ key }) => plan.approvals > 0 || (policy.approvals > 0 && isProtected(policy, getPrompt(state, key))),
  );
  const isOff = asked && members.some(({ key }) => passes.get(key)?.members === 1);
  return isOff
    ? [
        `Approvals are off while the project has one member: nobody is asked before it serves everybody in ${environment}.`,
      ]
    : [];
}

function unwatchedWords({ members, environment }: Started): string {
  const keys = members.map(({ key }) => key).join(", ");
  return `Nobody watches the rollout of ${keys} in ${environment}: it neither goes on nor is stopped until \`colophon watch\` runs.`;
}

/** The plan as written, or that of the riskiest of the prompts. */
async function planOf(
  harness: Harness,
  state: RegistryState,
  { members, plan, policy }: StartRolloutRequest,
): Promise<RolloutPlan> {
  const risks = members.map(({ key }) => getPrompt(state, key).metadata?.risk ?? "medium");
  const risk = RISKIEST_FIRST.find((one) => risks.includes(one)) ?? "medium";
  const checked = await areAnswersChecked(harness, state, members);
  const written = plan ?? {};
  const read = readPlan(written, risk, { checked });
  if (policy === undefined || policy === read.policy.kind) return read;
  if (policy === "fixed") return { ...read, policy: { kind: "fixed" } };
  const objectives = clearedObjectives(read);
  return readPlan({ ...(written as object), policy: { kind: policy, objectives } }, risk, { checked });
}

/** Whether every challenger has a contract of its answers, which rows are held against. */
async function areAnswersChecked(
  harness: Harness,
  state: RegistryState,
  members: StartRolloutRequest["members"],
): Promise<boolean> {
  const hashes = members.flatMap(({ key, versions }) =>
    versions.flatMap((version) => getPrompt(state, key).versions.get(version)?.hash ?? []),
  );
  const texts = await harness.records.listTexts(hashes);
  return hashes.length > 0 && hashes.every((hash) => texts.get(hash)?.output !== undefined);
}

/** @throws HarnessError `usage` where nothing of the plan could be an objective. */
function clearedObjectives({ clearing }: RolloutPlan): readonly { readonly metric: string }[] {
  const metrics = clearing.filter((metric) => metricKind(metric)?.kind !== "amount");
  if (metrics.length > 0) return metrics.map((metric) => ({ metric }));
  throw new HarnessError(
    "usage",
    "The plan wants nothing cleared that shares could be sampled by: write its policy with objectives into the plan file.",
  );
}

const RISKIEST_FIRST: readonly Risk[] = ["high", "medium", "low"];

interface Scope {
  readonly where: RolloutData["where"];
  readonly documentType: Pseudonym | null;
}

/** With the pseudonyms that the store knows or makes; with one given, that one stands for all. */
async function scopeOf(harness: Harness, where: RolloutScope | null, one: Pseudonym | null): Promise<Scope> {
  if (where === null) return { where: null, documentType: null };
  const { documentType, tenant } = where;
  const nameOf = async (kind: "documentType" | "tenant", value: string): Promise<Pseudonym> =>
    one ?? (await harness.records.findPseudonym({ kind, value }, { create: true })) ?? NOBODY;
  return {
    where: {
      ...(documentType === undefined ? {} : { documentType }),
      ...(tenant === undefined ? {} : { tenant: await nameOf("tenant", tenant) }),
    },
    documentType: documentType === undefined ? null : await nameOf("documentType", documentType),
  };
}
