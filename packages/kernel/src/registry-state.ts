/** What the registry's log adds up to: the projection that is "now" at its end and "then" at any prefix. */
import { canonicalJson } from "./canonical-json.ts";
import type { EpochMs } from "./clock.ts";
import type { Actor } from "./records/actor.ts";
import type {
  AlertData,
  CandidateData,
  DecisionData,
  DrillData,
  EvalSetData,
  GuardData,
} from "./records/later-records.ts";
import type {
  DeclarationData,
  EnvironmentData,
  MetadataData,
  OverrideData,
  RegistryRecord,
  ReleaseData,
  RetirementData,
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
export interface DeclarationEntry extends DeclarationData, Stamp {
  readonly application: string | null;
  /** Recorded before applications were told apart: the next one that declares the prompt takes its place. */
  readonly unsigned: boolean;
}

export interface CandidateEntry extends CandidateData, Stamp {
  /** What was decided about it last; null while nothing is. */
  decision: (DecisionData & Stamp) | null;
}

export interface RolloutEntry extends RolloutData, Stamp {}

/** A standing guard as its last record has it. */
export interface GuardEntry extends GuardData, Stamp {
  /** Versions that it has fired about since then, and that nobody has released again. */
  readonly fired: readonly number[];
}

/** A drill as its last record has it. */
export interface DrillEntry extends DrillData, Stamp {}

/** A version of an eval set; a later record about the same version takes the place of its facts. */
export interface EvalSetEntry extends EvalSetData, Stamp {
  /** When its cases were recorded, which is when it begins to age; `at` is the time of its last record. */
  readonly made: EpochMs;
}

/** One prompt's share of the state. */
export interface PromptState {
  readonly key: string;
  metadata: (MetadataData & Stamp) | null;
  /** Whether its metadata ever named a backup: only then does an empty list mean that there is none. */
  namedBackup: boolean;
  /** The same of routes. */
  namedRoutes: boolean;
  /** By environment: what each application there declared last, the newest at the end. */
  readonly declarations: Map<string, readonly DeclarationEntry[]>;
  readonly versions: Map<number, VersionEntry>;
  readonly versionByHash: Map<string, number>;
  /** Every release, oldest first. */
  readonly releases: ReleaseEntry[];
  /** By kind and pseudonym (`overrideScope`), newest first; cleared ones are gone from here. */
  readonly overrides: Map<string, OverrideEntry[]>;
  /** By environment: the rollout recorded last. */
  readonly rollouts: Map<string, RolloutEntry>;
  /** Standing guards by id; those taken away are gone from here. */
  readonly guards: Map<string, GuardEntry>;
  /** By environment: the drill recorded last. */
  readonly drills: Map<string, DrillEntry>;
  /** By number: proposed texts; none of them is ever served. */
  readonly candidates: Map<number, CandidateEntry>;
}

export interface RegistryState {
  revision: Revision;
  /** Time of the last record; 0 before the first. */
  at: EpochMs;
  readonly environments: Map<string, EnvironmentData & Stamp>;
  readonly prompts: Map<string, PromptState>;
  /** By name: every version, oldest first. */
  readonly evalSets: Map<string, readonly EvalSetEntry[]>;
}

export function emptyRegistryState(): RegistryState {
  return { revision: 0, at: 0, environments: new Map(), prompts: new Map(), evalSets: new Map() };
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
    namedBackup: false,
    namedRoutes: false,
    declarations: new Map(),
    versions: new Map(),
    versionByHash: new Map(),
    releases: [],
    overrides: new Map(),
    rollouts: new Map(),
    guards: new Map(),
    drills: new Map(),
    candidates: new Map(),
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
      applyDeclaration(promptOf(state, record.data.key), { ...record.data, ...stamp });
      return record.data.key;
    case "retirement":
      applyRetirement(promptOf(state, record.data.key), record.data);
      return record.data.key;
    case "metadata":
      applyMetadata(promptOf(state, record.data.key), { ...record.data, ...stamp });
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
      applyRelease(state, { ...record.data, ...stamp });
      return record.data.key;
    case "override":
      applyOverride(promptOf(state, record.data.key), { ...record.data, ...stamp });
      return record.data.key;
    case "rollout":
      promptOf(state, record.data.key).rollouts.set(record.data.environment, { ...record.data, ...stamp });
      return record.data.key;
    case "guard":
      applyGuard(promptOf(state, record.data.key), { ...record.data, ...stamp, fired: [] });
      return null;
    case "alert":
      applyAlert(state.prompts.get(record.data.key), record.data);
      return null;
    case "drill":
      promptOf(state, record.data.key).drills.set(record.data.environment, { ...record.data, ...stamp });
      return null;
    case "eval-set":
      applyEvalSet(state, { ...record.data, ...stamp, made: record.at });
      return null;
    case "candidate": {
      const { candidates } = promptOf(state, record.data.key);
      candidates.set(record.data.candidate, { ...record.data, ...stamp, decision: null });
      return null;
    }
    case "decision": {
      const candidate = promptOf(state, record.data.key).candidates.get(record.data.candidate);
      if (candidate !== undefined) candidate.decision = { ...record.data, ...stamp };
      return null;
    }
    default:
      return null;
  }
}

function applyRelease(state: RegistryState, entry: ReleaseEntry): void {
  const { releases, guards } = promptOf(state, entry.key);
  const before = releases.findLast((one) => isLetOut(one) && one.environment === entry.environment);
  releases.push(entry);
  // What was left and is let out again is watched again; a rollback, or the end of a drill, lets out nothing new.
  if (!isLetOut(entry) || entry.rollbackFrom !== null) return;
  if (before?.version === entry.version && canonicalJson(before.model) === canonicalJson(entry.model)) return;
  for (const guard of guards.values()) {
    if (!guard.fired.some((version) => version === entry.version)) continue;
    if (!inheritanceOf(state, guard.environment).includes(entry.environment)) continue;
    guards.set(guard.id, { ...guard, fired: guard.fired.filter((version) => version !== entry.version) });
  }
}

/** In the live lane, and by more than a drill for a moment. */
function isLetOut({ lane, drill }: ReleaseEntry): boolean {
  return lane === "live" && drill === undefined;
}

function applyGuard({ guards }: PromptState, entry: GuardEntry): void {
  if (entry.active) guards.set(entry.id, entry);
  else guards.delete(entry.id);
}

function applyAlert(prompt: PromptState | undefined, { guard, version }: AlertData): void {
  const entry = guard === null ? undefined : prompt?.guards.get(guard);
  if (entry === undefined || version === null || entry.fired.includes(version)) return;
  prompt?.guards.set(entry.id, { ...entry, fired: [...entry.fired, version] });
}

function applyEvalSet(state: RegistryState, entry: EvalSetEntry): void {
  const before = state.evalSets.get(entry.name) ?? [];
  const same = before.find(({ version }) => version === entry.version);
  const others = before.filter((other) => other !== same);
  state.evalSets.set(entry.name, [...others, same === undefined ? entry : { ...entry, made: same.made }]);
}

function applyDeclaration(prompt: PromptState, data: DeclarationData & Stamp): void {
  const { environment, application = null } = data;
  const unsigned = data.application === undefined;
  const others = declarationsIn(prompt, environment).filter(
    (one) => !one.unsigned && (unsigned || one.application !== application),
  );
  prompt.declarations.set(environment, [...others, { ...data, application, unsigned }]);
}

function applyRetirement(prompt: PromptState, { environment, application }: RetirementData): void {
  const left = declarationsIn(prompt, environment).filter((one) => one.application !== application);
  if (left.length === 0) prompt.declarations.delete(environment);
  else prompt.declarations.set(environment, left);
}

function applyMetadata(prompt: PromptState, metadata: MetadataData & Stamp): void {
  prompt.metadata = metadata;
  prompt.namedBackup ||= metadata.backup.length > 0;
  prompt.namedRoutes ||= Object.keys(metadata.routes).length > 0;
}

function applyOverride(prompt: PromptState, entry: OverrideEntry): void {
  const scope = overrideScope(entry.kind, entry.subject);
  const before = prompt.overrides.get(scope) ?? [];
  if (entry.version !== null) {
    prompt.overrides.set(scope, [entry, ...before]);
    return;
  }
  const left = before.filter(
    (other) =>
      other.environment !== entry.environment ||
      (entry.tenant !== undefined && other.tenant !== entry.tenant),
  );
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

/** What each application of an environment declares of a prompt, the newest at the end. */
export function declarationsIn(
  prompt: PromptState | undefined,
  environment: string,
): readonly DeclarationEntry[] {
  return prompt?.declarations.get(environment) ?? [];
}

/** What the application behind one declaration declares of another prompt, such as a partial. */
export function declaredBeside(
  entry: DeclarationEntry | undefined,
  other: PromptState | undefined,
  environment: string,
): DeclarationEntry | undefined {
  const entries = declarationsIn(other, environment);
  if (entry === undefined || entry.unsigned) return entries.at(-1);
  return entries.find((one) => one.application === entry.application) ?? entries.find((one) => one.unsigned);
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
