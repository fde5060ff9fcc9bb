/** Asks the gate for the versions of a rollout, and whether the code still fits them. */
import {
  getEnvironment,
  getPrompt,
  getVersion,
  type PromptState,
  type RegistryState,
  type RolloutPlan,
  type VersionEntry,
} from "@colophon/kernel";
import { isProtected } from "../environment-policy.ts";
import { misfitsIn, type Texts } from "../fit.ts";
import { reachedEnvironments } from "../live.ts";
import { type Door, examineGate, type GatePass, lackingApprovals } from "../pass-gate.ts";

/** What the records say of each member: by key, as a gate asks for it. */
export type GatePasses = ReadonlyMap<string, GatePass>;

export interface GateMember {
  readonly key: string;
  readonly environment: string;
  readonly versions: readonly number[];
}

/** In words, each naming the version that it is about. */
export interface RolloutLacks {
  readonly evidence: readonly string[];
  readonly approvals: readonly string[];
}

export interface RolloutGate extends RolloutLacks {
  /** Ids of the evidence that opens the door, by key. */
  readonly opened: ReadonlyMap<string, readonly string[]>;
}

/** What a door of the rollout lacks for these versions; `plan` may ask for more approvals than an environment does. */
export function askGate(
  state: RegistryState,
  members: readonly GateMember[],
  more: { readonly door: Door; readonly passes: GatePasses; readonly plan: RolloutPlan },
): RolloutGate {
  const evidence: string[] = [];
  const approvals: string[] = [];
  const opened = new Map<string, readonly string[]>();
  for (const member of members) {
    const prompt = getPrompt(state, member.key);
    const environments = reachedEnvironments(state, prompt, member.environment);
    const pass = more.passes.get(member.key) ?? {};
    for (const number of member.versions) {
      const version = getVersion(prompt, number);
      const question = { prompt, version, environments, door: more.door, model: null };
      const found = examineGate(state, question, pass);
      const name = `${member.key}@v${number}`;
      opened.set(member.key, [...(opened.get(member.key) ?? []), ...found.evidence]);
      evidence.push(...found.lacks.evidence.map((lack) => `${name}: ${lack}`));
      const lacking = [...found.lacks.approvals, ...planApprovals(state, { prompt, version, member }, more)];
      approvals.push(...lacking.map((lack) => `${name}: ${lack}`));
    }
  }
  return { evidence, approvals, opened };
}

/** What the plan asks for beyond the environment. */
function planApprovals(
  state: RegistryState,
  of: { readonly prompt: PromptState; readonly version: VersionEntry; readonly member: GateMember },
  { door, passes, plan }: { readonly door: Door; readonly passes: GatePasses; readonly plan: RolloutPlan },
): readonly string[] {
  if (door !== "full") return [];
  const { environment, key } = of.member;
  const policy = getEnvironment(state, environment);
  const asked = isProtected(policy, of.prompt) ? policy.approvals : 0;
  if (plan.approvals <= asked) return [];
  const lacking = lackingApprovals(
    of.version,
    { environment, count: plan.approvals },
    passes.get(key)?.approvals ?? [],
  );
  return lacking.map((lack) => lack.replace(`${environment} asks`, "its plan asks"));
}

/** In words, what keeps the code from serving these versions. @throws HarnessError `store-corrupt` with `details.missingTexts`. */
export function rolloutMisfits(
  state: RegistryState,
  members: readonly GateMember[],
  texts: Texts,
): readonly string[] {
  return members.flatMap(({ key, environment, versions }) => {
    const prompt = getPrompt(state, key);
    const reached = reachedEnvironments(state, prompt, environment);
    return versions.flatMap((version) =>
      misfitsIn(state, reached, { prompt, hash: getVersion(prompt, version).hash, texts }).map(
        (misfit) => `${key}@v${version}: ${misfit}`,
      ),
    );
  });
}
