/** The in-memory snapshot: the registry at one revision in maps, swapped as a whole or prompt by prompt. */
import type {
  EpochMs,
  ModelChoice,
  Revision,
  SnapshotChange,
  SnapshotDocument,
  SnapshotOverride,
  SnapshotPrompt,
  SnapshotRelease,
  SnapshotVersion,
  SubjectKind,
  VersionText,
} from "@colophon/kernel";
import { SUBJECT_KINDS } from "@colophon/kernel";

/** An override in a chain of overrides for one subject, newest first. */
export interface OverrideLink {
  readonly version: number;
  readonly environment: string | null;
  readonly expires: EpochMs | null;
  /** Only within this tenant. */
  readonly tenant: string | undefined;
  next: OverrideLink | undefined;
}

/** The newest override of each subject, by kind. */
export type OverrideChains = Readonly<Partial<Record<SubjectKind, ReadonlyMap<string, OverrideLink>>>>;

/**
 * Looks for overrides that a snapshot leaves to be fetched: the newest for a subject, null where there is
 * none, undefined where nobody fetched them. Must not throw.
 */
export type FindOverride = (
  key: string,
  kind: SubjectKind,
  subject: string,
) => OverrideLink | null | undefined;

export interface SnapshotEntry {
  readonly versions: ReadonlyMap<number, SnapshotVersion>;
  readonly releases: ReadonlyMap<string, SnapshotRelease>;
  readonly overrides: OverrideChains;
  /** Undefined where the registry has no say: then the code's hold. */
  readonly backup: readonly ModelChoice[] | undefined;
  readonly routes: Readonly<Record<string, ModelChoice>> | undefined;
}

export interface Snapshot {
  /** True where overrides are too many to be carried: they are asked for by subject. */
  readonly fetched: boolean;
  readonly revision: Revision;
  readonly at: EpochMs;
  readonly environments: ReadonlySet<string>;
  readonly prompts: ReadonlyMap<string, SnapshotEntry>;
  readonly texts: ReadonlyMap<string, VersionText>;
}

/** Chains overrides, which come newest first, by kind and subject. */
export function chainOverrides(listed: readonly SnapshotOverride[]): OverrideChains {
  const overrides: Partial<Record<SubjectKind, Map<string, OverrideLink>>> = {};
  // Newest first in the document: walking it backwards leaves the newest at the head of each chain.
  for (const { kind, subject, version, environment, expires, tenant } of [...listed].reverse()) {
    if (!SUBJECT_KINDS.includes(kind)) continue;
    overrides[kind] ??= new Map();
    const bySubject = overrides[kind];
    bySubject.set(subject, { version, environment, expires, tenant, next: bySubject.get(subject) });
  }
  return overrides;
}

function entryOf(prompt: SnapshotPrompt): SnapshotEntry {
  const versions = Object.entries(prompt.versions).map(
    ([number, version]) => [Number(number), version] as const,
  );
  return {
    versions: new Map(versions),
    releases: new Map(Object.entries(prompt.releases)),
    overrides: chainOverrides(prompt.overrides),
    backup: prompt.backup,
    routes: prompt.routes,
  };
}

/** Builds the snapshot from its document. */
export function buildSnapshot(document: SnapshotDocument): Snapshot {
  return {
    fetched: document.overrides === "fetched",
    revision: document.revision,
    at: document.at,
    environments: new Set(document.environments),
    prompts: new Map(Object.entries(document.prompts).map(([key, prompt]) => [key, entryOf(prompt)])),
    texts: new Map(Object.entries(document.texts)),
  };
}

/**
 * The snapshot after a change. The maps of prompts and texts are shared with the snapshot before:
 * a change swaps single entries, which a running resolution reads either whole before or whole after.
 */
export function changeSnapshot(snapshot: Snapshot, change: SnapshotChange): Snapshot {
  const prompts = snapshot.prompts as Map<string, SnapshotEntry>;
  const texts = snapshot.texts as Map<string, VersionText>;
  for (const [hash, text] of Object.entries(change.texts)) texts.set(hash, text);
  for (const [key, prompt] of Object.entries(change.prompts)) prompts.set(key, entryOf(prompt));
  return {
    ...snapshot,
    revision: change.revision,
    at: change.at,
    environments: new Set(change.environments),
  };
}
