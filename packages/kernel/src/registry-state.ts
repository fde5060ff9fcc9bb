/** What the registry's log adds up to: the projection that is "now" at its end and "then" at any prefix. */
import type { EpochMs } from "./clock.ts";
import type { Actor } from "./records/actor.ts";
import type {
  DeclarationData,
  EnvironmentData,
  MetadataData,
  OverrideData,
  RegistryRecord,
  ReleaseData,
  Revision,
  RolloutData,
  VersionData,
} from "./records/registry-records.ts";
import type { SubjectKind } from "./vocabulary.ts";

/** Where and when something was recorded. */
export interface Stamp {
  readonly revision: Revision;
  readonly at: EpochMs;
  readonly by: Actor;
}

export interface VersionEntry extends VersionData, Stamp {
  withdrawn: (Stamp & { readonly reason: string }) | null;
}
export interface ReleaseEntry extends ReleaseData, Stamp {}
export interface OverrideEntry extends OverrideData, Stamp {}

/** One prompt's share of the state. */
export interface PromptState {
  readonly key: string;
  metadata: (MetadataData & Stamp) | null;
  /** By environment: what the code there declared last. */
  readonly declarations: Map<string, DeclarationData & Stamp>;
  readonly versions: Map<number, VersionEntry>;
  readonly versionByHash: Map<string, number>;
  /** Every release, oldest first. */
  readonly releases: ReleaseEntry[];
  /** By kind and pseudonym (`overrideScope`), newest first; cleared ones are gone from here. */
  readonly overrides: Map<string, OverrideEntry[]>;
  /** By environment: the rollout recorded last. */
  readonly rollouts: Map<string, RolloutData & Stamp>;
}

export interface RegistryState {
  revision: Revision;
  /** Time of the last record; 0 before the first. */
  at: EpochMs;
  readonly environments: Map<string, EnvironmentData & Stamp>;
  readonly prompts: Map<string, PromptState>;
}

export function emptyRegistryState(): RegistryState {
  return { revision: 0, at: 0, environments: new Map(), prompts: new Map() };
}

/** The key under which overrides of one subject are kept. */
export function overrideScope(kind: SubjectKind, subject: string): string {
  return `${kind}:${subject}`;
}

function promptOf(state: RegistryState, key: string): PromptState {
  const known = state.prompts.get(key);
  if (known !== undefined) return known;
  const prompt: PromptState = {
    key,
    metadata: null,
    declarations: new Map(),
    versions: new Map(),
    versionByHash: new Map(),
    releases: [],
    overrides: new Map(),
    rollouts: new Map(),
  };
  state.prompts.set(key, prompt);
  return prompt;
}

/**
 * Moves the state over one record, in place. Records are applied in the order of their revisions;
 * kinds that do not change what is served only move the revision.
 *
 * @returns the key of the prompt that the record touched, or null.
 */
export function applyRecord(state: RegistryState, record: RegistryRecord): string | null {
  const stamp: Stamp = { revision: record.revision, at: record.at, by: record.by };
  state.revision = record.revision;
  state.at = record.at;
  switch (record.kind) {
    case "environment":
      state.environments.set(record.data.name, { ...record.data, ...stamp });
      return null;
    case "declaration":
      promptOf(state, record.data.key).declarations.set(record.data.environment, {
        ...record.data,
        ...stamp,
      });
      return record.data.key;
    case "metadata":
      promptOf(state, record.data.key).metadata = { ...record.data, ...stamp };
      return record.data.key;
    case "version": {
      const prompt = promptOf(state, record.data.key);
      prompt.versions.set(record.data.version, { ...record.data, ...stamp, withdrawn: null });
      prompt.versionByHash.set(record.data.hash, record.data.version);
      return record.data.key;
    }
    case "withdrawal": {
      const version = promptOf(state, record.data.key).versions.get(record.data.version);
      if (version !== undefined) version.withdrawn = { ...stamp, reason: record.data.reason };
      return record.data.key;
    }
    case "release":
      promptOf(state, record.data.key).releases.push({ ...record.data, ...stamp });
      return record.data.key;
    case "override":
      applyOverride(promptOf(state, record.data.key), { ...record.data, ...stamp });
      return record.data.key;
    case "rollout":
      promptOf(state, record.data.key).rollouts.set(record.data.environment, { ...record.data, ...stamp });
      return record.data.key;
    default:
      return null;
  }
}

function applyOverride(prompt: PromptState, entry: OverrideEntry): void {
  const scope = overrideScope(entry.kind, entry.subject);
  const before = prompt.overrides.get(scope) ?? [];
  if (entry.version !== null) {
    prompt.overrides.set(scope, [entry, ...before]);
    return;
  }
  const left = before.filter((other) => other.environment !== entry.environment);
  if (left.length === 0) prompt.overrides.delete(scope);
  else prompt.overrides.set(scope, left);
}

/** The state after these records, from nothing. */
export function projectRecords(records: Iterable<RegistryRecord>): RegistryState {
  const state = emptyRegistryState();
  for (const record of records) applyRecord(state, record);
  return state;
}

/** The newest release of a lane in an environment, without inheritance; undefined when there is none. */
export function currentRelease(
  prompt: PromptState,
  environment: string,
  lane = "live",
): ReleaseEntry | undefined {
  return prompt.releases.findLast((entry) => entry.environment === environment && entry.lane === lane);
}

/** The environment and those it inherits from, nearest first; a ring ends where it closes. */
export function inheritanceOf(
  state: Pick<RegistryState, "environments">,
  environment: string,
): readonly string[] {
  const chain: string[] = [];
  for (let name: string | null = environment; name !== null && !chain.includes(name); ) {
    chain.push(name);
    name = state.environments.get(name)?.inherits ?? null;
  }
  return chain;
}
