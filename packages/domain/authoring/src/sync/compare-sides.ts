/** Says of a prompt what happened to its file, and what happened in the registry, since both were the same. */
import {
  factsHash,
  NO_FACTS,
  type PromptContent,
  promptContent,
  sameContent,
  sameText,
} from "./prompt-content.ts";
import type { RegistrySide, VersionWithText } from "./registry-side.ts";
import type { LockEntry } from "./sync-lock.ts";

export const SYNC_STATES = [
  /** File, lock and registry say the same. */
  "in-sync",
  /** File and registry say the same, and the lock does not say so yet. */
  "lock-behind",
  "changed-here",
  "changed-there",
  /** Both changed since the version in the lock. */
  "changed-both",
  /** The registry has no version of it. */
  "only-here",
  /** It has no file, and never had one that the lock knows of. */
  "only-there",
  /** The lock knows a file that is gone. */
  "deleted-here",
  /** Both have it, and nothing says which version the file was made from. */
  "no-ancestor",
  /** The file is a version that was withdrawn, and there is no other to take in its place. */
  "withdrawn",
  /** The lock names a version that this registry does not have. */
  "other-registry",
] as const;
export type SyncState = (typeof SYNC_STATES)[number];

/** What is known of one prompt; absent sides are null. */
export interface SyncSides {
  readonly entry: LockEntry | null;
  readonly file: PromptContent | null;
  /** Null for a prompt that the registry does not know. */
  readonly there: RegistrySide | null;
}

export interface ComparedSides {
  readonly state: SyncState;
  /** What both last had in common; null where nothing is known. */
  readonly base: PromptContent | null;
  /** What the registry says now; null without a version that can be served. */
  readonly theirs: PromptContent | null;
  /** The version that `theirs` is. */
  readonly theirVersion: number | null;
  /** What the lock says once the file says what the registry says, or was merged with it; null for nothing. */
  readonly next: LockEntry | null;
}

export function compareSides(sides: SyncSides): ComparedSides {
  const { entry, file, there } = sides;
  if (there === null || there.newest === 0) {
    if (entry !== null) return nothingKnown("other-registry");
    return nothingKnown(file === null ? "only-there" : "only-here");
  }
  if (entry !== null && !isOfRegistry(entry, there)) return nothingKnown("other-registry");
  if (there.base !== null) return compareFromBase(sides, { there, base: there.base });
  return compareWithoutBase(file, there);
}

function isOfRegistry({ version, seen = version }: LockEntry, { base, newest }: RegistrySide): boolean {
  return base !== null && base.version === version && seen <= newest;
}

function nothingKnown(state: SyncState): ComparedSides {
  return { state, base: null, theirs: null, theirVersion: null, next: null };
}

/** Nothing says what the file was made from: it is either the same as the registry's, or a text of its own. */
function compareWithoutBase(file: PromptContent | null, there: RegistrySide): ComparedSides {
  const { head } = there;
  if (head === null) return nothingKnown(file === null ? "only-there" : "only-here");
  const theirs = promptContent(head.text, there.facts);
  const found = { base: null, theirs, theirVersion: head.version, next: entryOf(head, there) };
  if (file === null) return { ...found, state: "only-there" };
  if (sameContent(file, theirs)) return { ...found, state: "lock-behind" };
  // The same words from the start: only what is said beside them differs.
  if (sameText(file, theirs)) return compareFromBase({ entry: null, file, there }, { there, base: head });
  return { ...found, state: "no-ancestor" };
}

interface KnownBase {
  readonly there: RegistrySide;
  readonly base: VersionWithText;
}

function compareFromBase({ entry, file }: SyncSides, { there, base: version }: KnownBase): ComparedSides {
  const { head } = there;
  const base = promptContent(version.text, baseFacts({ entry, file, there }));
  const isHereSame = file !== null && sameContent(file, base);
  const isNewer = head !== null && head.version > (entry?.seen ?? version.version);
  // A text that was withdrawn is left for the newest that was not, unless somebody is at work on the next one.
  const isLeft = isHereSame && version.withdrawn !== null;
  const taken = head !== null && (isNewer || isLeft) ? head : version;
  const theirs = promptContent(taken.text, there.facts);
  const next = entryOf(taken, there);
  const found = { base, theirs, theirVersion: taken.version, next };
  if (file === null) return { ...found, state: entry === null ? "only-there" : "deleted-here" };
  if (sameContent(file, theirs)) {
    if (taken.withdrawn !== null) return { ...found, state: "withdrawn" };
    return { ...found, state: isUpToDate(entry, next) ? "in-sync" : "lock-behind" };
  }
  const isThereSame = sameContent(theirs, base);
  if (isHereSame) return { ...found, state: "changed-there" };
  return { ...found, state: isThereSame ? "changed-here" : "changed-both" };
}

/** Without an entry, each side has said its facts by itself. */
function baseFacts({ entry, file, there }: SyncSides) {
  if (entry === null) return NO_FACTS;
  if (file !== null && factsHash(file.facts) === entry.metadata) return file.facts;
  return there?.baseFacts ?? NO_FACTS;
}

function entryOf({ version, hash }: VersionWithText, { facts, head }: RegistrySide): LockEntry {
  const entry = { version, hash, metadata: factsHash(facts) };
  return head !== null && head.version > version ? { ...entry, seen: head.version } : entry;
}

/** That a newer version was withdrawn since is nothing that the lock has to say. */
function isUpToDate(entry: LockEntry | null, next: LockEntry): boolean {
  return (
    entry !== null &&
    entry.version === next.version &&
    entry.metadata === next.metadata &&
    (next.seen ?? next.version) <= (entry.seen ?? entry.version)
  );
}
