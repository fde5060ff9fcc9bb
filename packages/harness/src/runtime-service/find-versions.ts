/** Finds versions that a snapshot may lack, with the partials that their texts pin. */
import {
  pinnedPartials,
  type RegistryState,
  type SnapshotChange,
  type SnapshotPrompt,
  type SnapshotVersion,
  textsNeeded,
  type VersionText,
} from "@colophon/kernel";
import type { Harness } from "../harness.ts";
import type { ProjectFeed } from "./project-feed.ts";

export interface WantedVersion {
  readonly key: string;
  readonly version: number;
}

/**
 * The entries of the wanted prompts in the environment's snapshot, with the wanted versions and all texts
 * that they may serve. What nobody has is left out, and the feed's snapshot does not grow by it.
 *
 * @throws HarnessError of the store.
 * @example
 * import { findVersions, ProjectFeed } from "@colophon/harness";
 *
 * const feed = new ProjectFeed({ harness, onNotice: console.warn });
 * const wanted = [{ key: "support.triage", version: 6 }];
 * const { prompts, texts } = await findVersions({ harness, feed }, "production", wanted);
 */
export async function findVersions(
  { harness, feed }: { readonly harness: Pick<Harness, "records">; readonly feed: ProjectFeed },
  environment: string,
  wanted: readonly WantedVersion[],
): Promise<SnapshotChange> {
  const state = await harness.records.state();
  const { revision } = feed;
  const prompts = new Map<string, SnapshotPrompt>();
  const texts = new Map<string, VersionText>();
  const seen = new Set<string>();
  for (let open = wanted; open.length > 0; ) {
    const fresh = open.filter(
      ({ key, version }) => !seen.has(`${key}@v${version}`) && seen.add(`${key}@v${version}`),
    );
    for (const one of fresh) {
      const found = versionIn(state, one);
      if (found === undefined) continue;
      // A prompt that was just made may not have come to the feed: as far as it knows, nothing of it is served.
      const before = prompts.get(one.key) ?? feed.promptOf(environment, one.key) ?? newPrompt(state, one.key);
      prompts.set(one.key, { ...before, versions: { ...before.versions, [one.version]: found } });
    }
    const missing = [...textsNeeded(prompts.values())].filter((hash) => !texts.has(hash));
    const loaded = await harness.records.listTexts(missing);
    for (const [hash, text] of loaded) texts.set(hash, text);
    open = [...loaded.values()].flatMap((text) =>
      pinnedPartials(text).map(({ name, version }) => ({ key: name, version })),
    );
  }
  return {
    ...{ revision, at: state.at, environments: [environment] },
    prompts: Object.fromEntries(prompts),
    texts: Object.fromEntries(texts),
  };
}

function newPrompt(state: RegistryState, key: string): SnapshotPrompt {
  const risk = state.prompts.get(key)?.metadata?.risk ?? "medium";
  return { risk, versions: {}, releases: {}, overrides: [] };
}

function versionIn(state: RegistryState, { key, version }: WantedVersion): SnapshotVersion | undefined {
  const entry = state.prompts.get(key)?.versions.get(version);
  return entry === undefined ? undefined : { hash: entry.hash, withdrawn: entry.withdrawn !== null };
}
