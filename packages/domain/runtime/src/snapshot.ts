/** The in-memory snapshot: the registry at one revision, swapped as a whole or prompt by prompt. */
import type {
  SnapshotChange,
  SnapshotDocument,
  SnapshotOverride,
  SnapshotPrompt,
  SubjectKind,
  VersionText,
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

export interface SnapshotEntry extends Omit<SnapshotPrompt, "overrides"> {
  /** By subject, whatever kind it is of; newest first. */
  readonly overrides: ReadonlyMap<string, readonly SnapshotOverride[]>;
  /** Stands in where no code declares the prompt; kept, since it holds what was compiled. */
  undeclared?: Declaration;
}

export interface Snapshot extends Omit<SnapshotDocument, "format" | "prompts" | "texts"> {
  readonly prompts: ReadonlyMap<string, SnapshotEntry>;
  readonly texts: ReadonlyMap<string, VersionText>;
}

function bySubject(listed: readonly SnapshotOverride[]): SnapshotEntry["overrides"] {
  const overrides = new Map<string, SnapshotOverride[]>();
  for (const override of listed) {
    const { subject } = override;
    overrides.set(subject, [...(overrides.get(subject) ?? []), override]);
  }
  return overrides;
}

/**
 * The snapshot of a document, or the one that a change makes of the snapshot before. Its maps are shared
 * with that one: a change swaps single entries, which a running resolution reads either whole before or
 * whole after.
 */
export function buildSnapshot(given: SnapshotDocument | SnapshotChange, before?: Snapshot): Snapshot {
  const prompts = (before?.prompts ?? new Map()) as Map<string, SnapshotEntry>;
  const texts = (before?.texts ?? new Map()) as Map<string, VersionText>;
  for (const [hash, text] of Object.entries(given.texts)) texts.set(hash, text);
  for (const [key, prompt] of Object.entries(given.prompts)) {
    prompts.set(key, { ...prompt, overrides: bySubject(prompt.overrides) });
  }
  return { ...before, ...given, prompts, texts };
}
