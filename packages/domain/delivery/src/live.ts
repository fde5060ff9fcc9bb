/** What is and was live in an environment, inheritance followed. */
import {
  currentRelease,
  getPrompt,
  inheritanceOf,
  type PromptState,
  type RegistryState,
  type ReleaseEntry,
} from "@colophon/kernel";
import { listEnvironments } from "./environment-policy.ts";

export interface LiveRelease {
  readonly release: ReleaseEntry;
  readonly version: number;
  /** The environment that it was inherited from, else null. */
  readonly inherited: string | null;
}

/** The newest entry that decides an environment's live lane; its version is null for an emptied lane. */
function liveEntry(state: RegistryState, prompt: PromptState, environment: string): ReleaseEntry | undefined {
  for (const from of inheritanceOf(state, environment)) {
    const release = currentRelease(prompt, from);
    if (release !== undefined) return release;
  }
  return undefined;
}

/**
 * What is live now; undefined for an empty lane. A withdrawn version is still what the log says is
 * live, though no tier serves it.
 *
 * @throws HarnessError `key-unknown`.
 */
export function liveOf(state: RegistryState, key: string, environment: string): LiveRelease | undefined {
  const release = liveEntry(state, getPrompt(state, key), environment);
  if (release === undefined || release.version === null) return undefined;
  const inherited = release.environment === environment ? null : release.environment;
  return { release, version: release.version, inherited };
}

/**
 * The environments in which a release to this one would be live: itself, and those that inherit it
 * and have no release of their own nearer by.
 */
export function reachedEnvironments(
  state: RegistryState,
  prompt: PromptState,
  environment: string,
): readonly string[] {
  const inheriting = listEnvironments(state).filter(({ name }) => {
    if (name === environment) return false;
    const chain = inheritanceOf(state, name);
    const distance = chain.indexOf(environment);
    return (
      distance > 0 && chain.slice(0, distance).every((from) => currentRelease(prompt, from) === undefined)
    );
  });
  return [environment, ...inheriting.map(({ name }) => name)];
}

export interface LiveHistory {
  /** Every release that became live there, oldest first; emptied lanes are left out. */
  readonly lived: readonly (ReleaseEntry & { readonly version: number })[];
  /** Versions that were rolled back from there. */
  readonly rolledBack: ReadonlySet<number>;
  /** The version live now, or null. */
  readonly current: number | null;
}

/** The live lane of an environment through time, by today's inheritance; what a drill has put there for a moment is left out. */
export function liveHistory(state: RegistryState, prompt: PromptState, environment: string): LiveHistory {
  const chain = inheritanceOf(state, environment);
  const lived: (ReleaseEntry & { readonly version: number })[] = [];
  const rolledBack = new Set<number>();
  let nearest = chain.length;
  let current: number | null = null;
  for (const release of prompt.releases) {
    const distance = chain.indexOf(release.environment);
    if (release.lane !== "live" || distance < 0 || distance > nearest) continue;
    if (release.drill !== undefined) continue;
    nearest = distance;
    const { version, rollbackFrom } = release;
    current = version;
    if (version !== null) lived.push({ ...release, version });
    if (rollbackFrom !== null) rolledBack.add(rollbackFrom);
  }
  return { lived, rolledBack, current };
}
