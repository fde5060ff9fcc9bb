/** The snapshot as plain data: what resolvers need of the registry at one revision, and nothing else. */
import type { EpochMs } from "./clock.ts";
import type { ModelChoice } from "./model-choice.ts";
import {
  type Arm,
  type Revision,
  type RolloutData,
  SERVING_STATES,
  type ShadowShare,
} from "./records/registry-records.ts";
import { currentRelease, inheritanceOf, type PromptState, type RegistryState } from "./registry-state.ts";
import type { Pseudonym } from "./subject.ts";
import type { VersionText } from "./version-text.ts";
import type { Risk, SubjectKind } from "./vocabulary.ts";

/** A version that may be served, by its number. */
export interface SnapshotVersion {
  readonly hash: string;
  readonly withdrawn: boolean;
}

/** How chance is drawn in an environment while a rollout serves. */
export interface AssignmentPlan {
  readonly rollout: string;
  readonly salt: string;
  readonly arms: readonly Arm[];
  readonly control: number;
  readonly where: { readonly documentType?: string; readonly tenant?: string } | null;
  /** Whether each call draws anew; absent, a unit keeps its arm. */
  readonly draws?: "call";
}

/** Live calls that are repeated beside the live version. */
export interface ShadowPlan extends ShadowShare {
  readonly rollout: string;
  readonly where: AssignmentPlan["where"];
}

export interface SnapshotRelease {
  readonly version: number;
  readonly model: ModelChoice | null;
  /** The environment that the release was inherited from, else null. */
  readonly inherited: string | null;
  readonly plan: AssignmentPlan | null;
  /** Absent where nothing is shadowed. */
  readonly shadow?: ShadowPlan;
}

export interface SnapshotOverride {
  readonly kind: SubjectKind;
  /** The subject's id in plain, as the application passes it. */
  readonly subject: string;
  readonly version: number;
  readonly environment: string | null;
  readonly expires: EpochMs | null;
  /** Only within this tenant, in plain; absent, everywhere. */
  readonly tenant?: string;
}

export interface SnapshotPrompt {
  readonly risk: Risk;
  readonly versions: Readonly<Record<number, SnapshotVersion>>;
  /** By environment, inheritance already followed. */
  readonly releases: Readonly<Record<string, SnapshotRelease>>;
  /** Newest first. */
  readonly overrides: readonly SnapshotOverride[];
  /** Models for when the first one fails, in order; absent where the registry never named any. */
  readonly backup?: readonly ModelChoice[];
  /** Models by the name of a route; absent where the registry never named any. */
  readonly routes?: Readonly<Record<string, ModelChoice>>;
}

/** The registry at one revision, as `colophon snapshot` writes it. */
export interface SnapshotDocument {
  readonly format: 1;
  readonly revision: Revision;
  readonly at: EpochMs;
  readonly environments: readonly string[];
  readonly prompts: Readonly<Record<string, SnapshotPrompt>>;
  /** By hash. */
  readonly texts: Readonly<Record<string, VersionText>>;
  /** Present where there are too many overrides to travel with it: they are asked for by subject, and the prompts list none. */
  readonly overrides?: "fetched";
}

/** How many released versions of each environment stay in the snapshot, so that pinned conversations keep theirs. */
const FORMER_VERSIONS = 20;

/** Gives the plain id of a pseudonym; undefined when its subject was erased. */
export type Reveal = (subject: Pseudonym) => string | undefined;

/**
 * One prompt's entry of the snapshot. `pins` are versions that the calling code asked for by number.
 */
export function projectPrompt(
  state: RegistryState,
  prompt: PromptState,
  more: { readonly reveal: Reveal; readonly pins?: Iterable<number> },
): SnapshotPrompt {
  const releases: [string, SnapshotRelease][] = [];
  const wanted = new Set<number>(more.pins);
  for (const environment of state.environments.keys()) {
    const release = projectRelease(state, prompt, { environment, reveal: more.reveal });
    if (release === undefined) continue;
    releases.push([environment, release]);
    wanted.add(release.version);
    for (const arm of release.plan?.arms ?? []) wanted.add(arm.version);
    if (release.shadow !== undefined) wanted.add(release.shadow.version);
  }
  for (const version of formerVersions(prompt)) wanted.add(version);
  const overrides = projectOverrides(prompt, more.reveal);
  for (const override of overrides) wanted.add(override.version);
  const versions: Record<number, SnapshotVersion> = {};
  for (const number of wanted) {
    const version = prompt.versions.get(number);
    if (version !== undefined)
      versions[number] = { hash: version.hash, withdrawn: version.withdrawn !== null };
  }
  return {
    risk: prompt.metadata?.risk ?? "medium",
    versions,
    releases: Object.fromEntries(releases),
    overrides,
    ...namedModels(prompt),
  };
}

/** What was never named is left to the code. */
function namedModels(prompt: PromptState): Pick<SnapshotPrompt, "backup" | "routes"> {
  const { metadata, namedBackup, namedRoutes } = prompt;
  return {
    ...(metadata !== null && namedBackup ? { backup: metadata.backup } : {}),
    ...(metadata !== null && namedRoutes ? { routes: metadata.routes } : {}),
  };
}

/** What conversations may still be pinned to: versions that were released, and the arms of the last rollouts. */
function formerVersions(prompt: PromptState): ReadonlySet<number> {
  const former = new Set<number>();
  const counts = new Map<string, Set<number>>();
  for (const { environment, version } of prompt.releases.toReversed()) {
    const seen = counts.get(environment) ?? new Set();
    counts.set(environment, seen);
    if (version === null || seen.size >= FORMER_VERSIONS) continue;
    seen.add(version);
    former.add(version);
  }
  for (const rollout of prompt.rollouts.values()) for (const arm of rollout.arms) former.add(arm.version);
  return former;
}

function projectRelease(
  state: RegistryState,
  prompt: PromptState,
  more: { readonly environment: string; readonly reveal: Reveal },
): SnapshotRelease | undefined {
  let rollout: RolloutData | undefined;
  for (const from of inheritanceOf(state, more.environment)) {
    // The nearest one that serves: an environment may try a version that it does not inherit.
    const here = prompt.rollouts.get(from);
    if (rollout === undefined && here !== undefined && SERVING_STATES.includes(here.state)) rollout = here;
    const live = currentRelease(prompt, from);
    // An emptied lane hides what the environment would inherit: it was emptied on purpose.
    if (live === undefined) continue;
    if (live.version === null) return undefined;
    return {
      version: live.version,
      model: live.model,
      inherited: from === more.environment ? null : from,
      ...projectRollout(rollout, more.reveal),
    };
  }
  return undefined;
}

/** What a rollout lets the resolver draw, and what it lets the recorder repeat. */
function projectRollout(
  rollout: RolloutData | undefined,
  reveal: Reveal,
): Pick<SnapshotRelease, "plan" | "shadow"> {
  if (rollout === undefined) return { plan: null };
  const { id, salt, arms, control, shadow, draws } = rollout;
  const where = projectScope(rollout.where, reveal);
  // A plan for an erased tenant has nobody left to serve.
  if (where === undefined) return { plan: null };
  const drawn = rollout.state !== "shadowing" && (arms.some(({ share }) => share > 0) || control > 0);
  const plan = { rollout: id, salt, arms, control, where, ...(draws === "call" ? { draws } : {}) };
  return {
    plan: drawn ? plan : null,
    ...(shadow === null || shadow === undefined ? {} : { shadow: { ...shadow, rollout: id, where } }),
  };
}

function projectScope(where: RolloutData["where"], reveal: Reveal): AssignmentPlan["where"] | undefined {
  if (where === null || where.tenant === undefined)
    return where === null ? null : { documentType: where.documentType };
  const tenant = reveal(where.tenant);
  return tenant === undefined ? undefined : { documentType: where.documentType, tenant };
}

function projectOverrides(prompt: PromptState, reveal: Reveal): readonly SnapshotOverride[] {
  const overrides: (SnapshotOverride & { readonly revision: Revision })[] = [];
  for (const entries of prompt.overrides.values()) {
    const first = entries[0];
    const subject = first === undefined ? undefined : reveal(first.subject);
    if (subject === undefined) continue;
    for (const { kind, version, environment, expires, revision, tenant } of entries) {
      if (version === null) continue;
      const within = tenant === undefined ? undefined : reveal(tenant);
      // Within an erased tenant there is nobody left to serve.
      if (tenant !== undefined && within === undefined) continue;
      const narrowed = within === undefined ? {} : { tenant: within };
      overrides.push({ kind, subject, version, environment, expires, revision, ...narrowed });
    }
  }
  overrides.sort((a, b) => b.revision - a.revision);
  return overrides.map(({ revision: _, ...override }) => override);
}

/** The hashes of all texts that these prompts may serve. */
export function textsNeeded(prompts: Iterable<SnapshotPrompt>): Set<string> {
  const hashes = new Set<string>();
  for (const prompt of prompts)
    for (const version of Object.values(prompt.versions)) hashes.add(version.hash);
  return hashes;
}
