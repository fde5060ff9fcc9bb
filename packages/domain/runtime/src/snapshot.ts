/** The in-memory snapshot: the registry at one revision, swapped as a whole or prompt by prompt. */
import {
  mapFields,
  type SnapshotChange,
  type SnapshotDocument,
  type SnapshotOverride,
  type SnapshotPrompt,
  type SnapshotRelease,
  type SnapshotVersion,
  type SubjectKind,
  type VersionText,
} from "@colophon/kernel";
import type { Declaration } from "./declaration.ts";

/**
 * Looks for overrides that a snapshot leaves to be fetched: those of a subject, newest first; undefined
 * where nobody fetched them. Must not throw.
 */
export type FindOverride = (
  key: string,
  kind: SubjectKind,
  subject: string,
) => readonly SnapshotOverride[] | undefined;

export interface SnapshotEntry extends Omit<SnapshotPrompt, "versions" | "releases" | "overrides"> {
  /** By number, as the document writes it. */
  readonly versions: ReadonlyMap<string, SnapshotVersion>;
  readonly releases: ReadonlyMap<string, SnapshotRelease>;
  /** By subject, whatever kind it is of; newest first. */
  readonly overrides: ReadonlyMap<string, readonly SnapshotOverride[]>;
  /** Stands in where no code declares the prompt; kept, since it holds what was compiled. */
  undeclared?: Declaration;
}

export interface Snapshot extends Omit<SnapshotDocument, "format" | "prompts" | "texts"> {
  readonly prompts: ReadonlyMap<string, SnapshotEntry>;
  readonly texts: ReadonlyMap<string, VersionText>;
}

/** Throws for fields of nothing: a document that cannot be read is refused before it takes anything's place. */
function intoMap<T>(
  fields: Readonly<Record<string, T>>,
  map: ReadonlyMap<string, T> = new Map(),
): typeof map {
  for (const [name, value] of Object.entries(fields)) (map as Map<string, T>).set(name, value);
  return map;
}

function bySubject(listed: readonly SnapshotOverride[]): SnapshotEntry["overrides"] {
  const overrides = new Map<string, SnapshotOverride[]>();
  for (const override of listed) {
    const known = overrides.get(override.subject);
    if (known) known.push(override);
    else overrides.set(override.subject, [override]);
  }
  return overrides;
}

/**
 * The snapshot of a document, or the one that a change makes of the snapshot before. Its maps are shared
 * with that one: a change swaps single entries, which a running resolution reads either whole before or
 * whole after.
 */
export function buildSnapshot(given: SnapshotDocument | SnapshotChange, before?: Snapshot): Snapshot {
  const prompts = mapFields(given.prompts, (prompt) => ({
    ...prompt,
    versions: intoMap(prompt.versions),
    releases: intoMap(prompt.releases),
    overrides: bySubject(prompt.overrides),
  }));
  return {
    ...before,
    ...given,
    texts: intoMap(given.texts, before?.texts),
    prompts: intoMap<SnapshotEntry>(prompts, before?.prompts),
  };
}
