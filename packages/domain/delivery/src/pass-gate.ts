/** The one gate behind every door through which a version comes to be served. */
import {
  type Actor,
  type ApprovalData,
  canonicalJson,
  type EnvironmentData,
  type EpochMs,
  type EvidenceData,
  getEnvironment,
  HarnessError,
  type ModelChoice,
  openFindings,
  type PromptState,
  type RegistryState,
  type ReviewData,
  type VersionEntry,
} from "@colophon/kernel";
import { makersOf } from "./approval-draft.ts";
import { rehearsalOf } from "./drill/rehearsal.ts";
import { isProtected } from "./environment-policy.ts";
import { type LiveRelease, liveOf } from "./live.ts";

/** What a caller brings to the gate: records of the store, oldest first, and a written exception. */
export interface GatePass {
  readonly evidence?: readonly EvidenceData[];
  readonly approvals?: readonly (ApprovalData & { readonly by: Actor })[];
  /** Of a text the newest counts. */
  readonly reviews?: readonly ReviewData[];
  /** People with a role in the project; with one alone approvals are off, with null, which is unknown, they are not. */
  readonly members?: number | null;
  /** Why the version has to be served without evidence. */
  readonly breakGlass?: string | null;
}

/**
 * A release makes a version live for everybody, an override only for some. A rollout shadows it, lets a part
 * of the units have it, and at its end serves it in full.
 */
export type Door = "release" | "override" | "shadow" | "canary" | "full";

/** What each door asks for where an environment is protected. */
const ASKS: Readonly<Record<Door, readonly (keyof GateFindings["lacks"])[]>> = {
  release: ["review", "evidence", "approvals", "rollout"],
  override: ["review", "evidence", "approvals"],
  shadow: [],
  canary: ["review", "evidence"],
  full: ["review", "evidence", "approvals"],
};

export interface GateQuestion {
  readonly prompt: PromptState;
  readonly version: VersionEntry;
  /** Every environment that the version would reach through this door. */
  readonly environments: readonly string[];
  readonly door: Door;
  /** When a suppression that has expired counts no more. */
  readonly now: EpochMs;
  /** A model other than the text's own; evidence speaks of one model. */
  readonly model: ModelChoice | null;
}

export interface GateAnswer {
  /** Ids of the evidence that opened the gate. */
  readonly evidence: readonly string[];
  /** The written exception, where it was needed. */
  readonly breakGlass: string | null;
  /** In words, the approvals that were not asked for, since the project has one member. */
  readonly waived: readonly string[];
}

/** Modes that count where an environment names none. */
const DEFAULT_MODES: readonly string[] = ["noninferiority"];
/** What was held to both modes was held to each of them. */
const EITHER = "both";

/** Those of the environments that are protected for this prompt. */
export function protectedAmong(
  state: RegistryState,
  prompt: PromptState,
  environments: readonly string[],
): readonly EnvironmentData[] {
  return environments.map((name) => getEnvironment(state, name)).filter((one) => isProtected(one, prompt));
}

/** What was found at a door: the evidence that opens it, and in words what is missing. */
export interface GateFindings {
  readonly evidence: readonly string[];
  readonly lacks: {
    /** Of the text itself, whatever the environment. */
    readonly review: readonly string[];
    readonly evidence: readonly string[];
    readonly approvals: readonly string[];
    readonly rollout: readonly string[];
  };
  /** In words, the approvals that are missing and not asked for, since the project has one member. */
  readonly waived: readonly string[];
}

/** What a door finds, without deciding anything. */
export function examineGate(
  state: RegistryState,
  question: GateQuestion,
  pass: Omit<GatePass, "breakGlass">,
): GateFindings {
  const asks = ASKS[question.door];
  const evidence = new Set<string>();
  const waived: string[] = [];
  const lacks = { evidence: [] as string[], approvals: [] as string[], rollout: [] as string[] };
  const guarded = protectedAmong(state, question.prompt, question.environments);
  const review = asks.includes("review")
    ? guarded.flatMap((one) => lackingReview(question, one, pass.reviews ?? []))
    : [];
  for (const environment of guarded) {
    const live = releasedOf(state, question.prompt, environment.name);
    const shipped = shipEvidence(question, { environment, live }, pass.evidence ?? []);
    if (shipped !== undefined) evidence.add(shipped.id);
    else if (asks.includes("evidence")) {
      const against = live === undefined ? "" : ` against v${live.version}, which is live there`;
      const way = `colophon gate ${question.prompt.key}@v${question.version.version} --env ${environment.name}`;
      lacks.evidence.push(`${environment.name} has no ship evidence for it${against} (${way})`);
    }
    if (asks.includes("approvals")) {
      const asked = { environment: environment.name, count: environment.approvals };
      const lacking = lackingApprovals(question.version, asked, pass.approvals ?? []);
      if (hasOneMember(pass)) waived.push(...lacking.map(waivedWords));
      else lacks.approvals.push(...lacking);
    }
    if (asks.includes("rollout")) lacks.rollout.push(...lackingRollout(question, { environment, live }));
  }
  return { evidence: [...evidence], lacks: { ...lacks, review: [...new Set(review)] }, waived };
}

/** Whether nobody but the one member could approve anything. */
export function hasOneMember({ members = null }: Pick<GatePass, "members">): boolean {
  return members === 1;
}

/** What is said of an approval that is missing and not asked for. */
export function waivedWords(lack: string): string {
  return `${lack}; approvals are off while the project has one member`;
}

/** What is live as people released it: what a drill has put there for a moment is no baseline. */
function releasedOf(
  state: RegistryState,
  prompt: PromptState,
  environment: string,
): Omit<LiveRelease, "inherited"> | undefined {
  const live = liveOf(state, prompt.key, environment);
  const drill = rehearsalOf(prompt, live?.release);
  if (drill === undefined) return live;
  const release = prompt.releases.findLast(
    (one) => one.environment === drill.environment && one.lane === "live" && one.drill === undefined,
  );
  return release === undefined ? live : { release, version: drill.from };
}

interface GuardedPlace {
  readonly environment: EnvironmentData;
  readonly live: Omit<LiveRelease, "inherited"> | undefined;
}

/**
 * @throws HarnessError `evidence-missing`, naming all that is missing and the way around it;
 * `reason-missing` for an exception without words.
 */
export function passGate(state: RegistryState, question: GateQuestion, pass: GatePass): GateAnswer {
  const { prompt, version } = question;
  const breakGlass = writtenException(pass.breakGlass);
  const { evidence, waived, lacks: found } = examineGate(state, question, pass);
  const lacks = [...found.review, ...found.evidence, ...found.approvals, ...found.rollout];
  if (lacks.length === 0) return { evidence, waived, breakGlass: null };
  if (breakGlass !== null) return { evidence, waived, breakGlass };
  throw new HarnessError(
    "evidence-missing",
    `${prompt.key}@v${version.version} is not let out: ${lacks.join("; ")}. Where it cannot wait, say why with --break-glass TEXT.`,
    { details: { key: prompt.key, version: version.version, lacks } },
  );
}

/** The words of an exception. @throws HarnessError `reason-missing` for one without. */
export function writtenException(breakGlass: string | null | undefined): string | null {
  if (breakGlass === undefined || breakGlass === null) return null;
  if (breakGlass.trim() !== "") return breakGlass.trim();
  throw new HarnessError("reason-missing", "An exception needs a written reason: write --break-glass TEXT.");
}

/**
 * What was said last about this version and against what is live now counts, whether a gate said it on the
 * test split of the prompt's own eval set or the pairs of a shadow did: an older `ship` outlives neither a
 * newer verdict nor a newer live version. Only what serves there already, model and all, has nothing to be
 * compared with: the live version on another model is held against itself.
 */
function shipEvidence(
  { prompt, version, model }: GateQuestion,
  { environment, live }: GuardedPlace,
  evidence: readonly EvidenceData[],
): EvidenceData | undefined {
  const serves = live?.version === version.version && sameModel(live.release.model, model);
  const modes = environment.modes ?? DEFAULT_MODES;
  const set = prompt.metadata?.evalSet ?? null;
  const last = evidence.findLast(
    (one) =>
      one.key === prompt.key &&
      one.challenger === `v${version.version}` &&
      one.hash === version.hash &&
      sameModel(one.model, model) &&
      (one.pairs != null || (one.evalSet.split === "test" && (set === null || one.evalSet.name === set))) &&
      (live === undefined || serves || one.baseline === `v${live.version}`) &&
      (one.environment === null || one.environment === environment.name) &&
      (modes.includes(one.mode) || one.mode === EITHER),
  );
  return last?.verdict === "ship" ? last : undefined;
}

/**
 * In words, what the newest review of this very text has found and nobody has accepted: where an environment has a
 * policy, the newest by that one.
 */
function lackingReview(
  { prompt, version, now }: GateQuestion,
  { name: environment, reviewPolicy = null }: EnvironmentData,
  reviews: readonly ReviewData[],
): readonly string[] {
  const name = `${prompt.key}@v${version.version}`;
  const review = reviews.findLast(
    ({ key, hash, policy, ownPolicy }) =>
      key === prompt.key &&
      hash === version.hash &&
      (reviewPolicy === null ? ownPolicy === undefined : policy === reviewPolicy),
  );
  const held = reviewPolicy === null ? "" : ` by the policy of ${environment}`;
  const command = `\`colophon review ${name}${reviewPolicy === null ? "" : " --policy FILE"}\``;
  if (review === undefined) return [`nothing says that it was reviewed${held}: run ${command}`];
  const [first, ...others] = openFindings(review, { now, least: "high" });
  if (first === undefined) return [];
  const { rule, place, id } = first;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return [
    `its review${held} has found what is grave (${rule} in ${place}, finding ${id}${more}): mend it in a new version, or have somebody who may review accept it with a reason (${command} says more)`,
  ];
}

/** In words, the approvals that are missing of those asked for; with `own` the author's counts too. */
export function lackingApprovals(
  version: VersionEntry,
  asked: { readonly environment: string; readonly count: number; readonly own?: boolean },
  approvals: NonNullable<GatePass["approvals"]>,
): readonly string[] {
  const standing = new Map<string, boolean>();
  for (const { by, safety, compliance, style, ...of } of approvals) {
    if (of.key !== version.key || of.hash !== version.hash || of.environment !== asked.environment) continue;
    // Who judges again takes the first judgement back.
    standing.set(by.owner ?? by.id, safety && compliance && style);
  }
  if (asked.own !== true) for (const maker of makersOf(version)) standing.delete(maker);
  const count = [...standing.values()].filter(Boolean).length;
  if (count >= asked.count) return [];
  return [
    `${asked.environment} asks for ${asked.count} approvals by others than its author and has ${count}`,
  ];
}

function sameModel(one: ModelChoice | null, other: ModelChoice | null): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** The first version of a prompt has nothing that it could be rolled out against. */
function lackingRollout(
  { prompt, version, model }: GateQuestion,
  { environment, live }: GuardedPlace,
): readonly string[] {
  if (live === undefined) return [];
  const serves = live.version === version.version;
  if (serves && sameModel(live.release.model, model)) return [];
  // Rollouts try versions on the models of their texts; of what is live another model has its evidence alone.
  if (model !== null && !serves) {
    return [
      `no rollout tried it on ${model.id}: register it with that model as a version and roll that one out`,
    ];
  }
  const rollout = prompt.rollouts.get(environment.name);
  // What served a part of the traffic only says nothing of the rest.
  const through =
    rollout?.state === "completed" &&
    rollout.where === null &&
    rollout.arms.some((arm) => arm.version === version.version && arm.share > 0);
  if (!through) return [`no rollout of it in ${environment.name} is completed`];
  // Its own release follows a rollout; another version there was never compared with it, or was gone back to.
  if (serves || live.release.revision < rollout.revision) return [];
  return [`v${live.version} became live in ${environment.name} since its rollout`];
}
