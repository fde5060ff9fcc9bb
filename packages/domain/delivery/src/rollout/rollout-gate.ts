/** Asks the gate for the versions of a rollout, and whether the code still fits them. */
import {
  type EpochMs,
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
import {
  type Door,
  examineGate,
  type GatePass,
  hasOneMember,
  lackingApprovals,
  waivedWords,
} from "../pass-gate.ts";

/** What the records say of each member: by key, as a gate asks for it. */
export type GatePasses = ReadonlyMap<string, GatePass>;

export interface GateMember {
  readonly key: string;
  readonly environment: string;
  readonly versions: readonly number[];
}

/** In words, each naming the version that it is about. */
export interface RolloutLacks {
  /** What speaks for it: what its evidence and its review lack. */
  readonly evidence: readonly string[];
  readonly approvals: readonly string[];
  /** Approvals that are missing and not asked for, since the project has one member. */
  readonly waived: readonly string[];
}

export interface RolloutGate extends RolloutLacks {
  /** Ids of the evidence that opens the door, by key. */
  readonly opened: ReadonlyMap<string, readonly string[]>;
}

interface Asking {
  readonly door: Door;
  readonly passes: GatePasses;
  readonly plan: RolloutPlan;
  readonly now: EpochMs;
  /** Whether one of several versions is to stay: that is for people to say, and no approval that could be off. */
  readonly choice?: boolean;
}

/** What a door of the rollout lacks for these versions; `plan` may ask for more approvals than an environment does. */
export function askGate(state: RegistryState, members: readonly GateMember[], more: Asking): RolloutGate {
  const evidence: string[] = [];
  const approvals: string[] = [];
  const waived: string[] = [];
  const opened = new Map<string, readonly string[]>();
  for (const member of members) {
    const prompt = getPrompt(state, member.key);
    const environments = reachedEnvironments(state, prompt, member.environment);
    const pass = more.passes.get(member.key) ?? {};
    for (const number of member.versions) {
      const version = getVersion(prompt, number);
      const { door, now } = more;
      const question = { prompt, version, environments, door, now, model: null };
      const found = examineGate(state, question, pass);
      const name = `${member.key}@v${number}`;
      opened.set(member.key, [...(opened.get(member.key) ?? []), ...found.evidence]);
      evidence.push(...[...found.lacks.review, ...found.lacks.evidence].map((lack) => `${name}: ${lack}`));
      const asked = planApprovals(state, { prompt, version, member }, more);
      const off = hasOneMember(pass);
      const counted = [...found.lacks.approvals, ...(off ? [] : asked)];
      const lacking = counted.length > 0 ? counted : lackingChoice({ version, member }, more);
      approvals.push(...lacking.map((lack) => `${name}: ${lack}`));
      const unasked = [...found.waived, ...(off ? asked.map(waivedWords) : [])];
      waived.push(...unasked.map((lack) => `${name}: ${lack}`));
    }
  }
  return { evidence, approvals, waived, opened };
}

/** Where several versions competed, somebody has to want this one; in a project of one its author may. */
function lackingChoice(
  { version, member }: { readonly version: VersionEntry; readonly member: GateMember },
  { door, passes, choice = false }: Asking,
): readonly string[] {
  if (door !== "full" || !choice) return [];
  const pass = passes.get(member.key) ?? {};
  const asked = { environment: member.environment, count: 1, own: hasOneMember(pass) };
  const lacking = lackingApprovals(version, asked, pass.approvals ?? []);
  return lacking.map(() => "which of several versions is to stay is for people to approve");
}

/** What the plan asks for beyond the environment. */
function planApprovals(
  state: RegistryState,
  of: { readonly prompt: PromptState; readonly version: VersionEntry; readonly member: GateMember },
  { door, passes, plan }: Asking,
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
