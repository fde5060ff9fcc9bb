/** Holds the findings of a scan against those that were known before. */
import { HarnessError } from "@colophon/kernel";
import { findNearDuplicates } from "@colophon/methods";
import type { Finding } from "../finding.ts";

/** What is kept of a finding: enough to know it again, and to say what it was. */
export interface BaselineEntry {
  readonly id: string;
  /** How many places have this text. */
  readonly count: number;
  /** One of the places, for people; a move makes nothing new. */
  readonly file: string;
  readonly text: string;
}

/** A file in the repository, by whose entries a later scan knows what is new. */
export interface Baseline {
  readonly colophon: "scan-baseline";
  readonly version: 1;
  readonly findings: readonly BaselineEntry[];
}

export interface NewFinding {
  readonly finding: Finding;
  /** The entry that it is probably a change of; null where none is like it. */
  readonly changeOf: BaselineEntry | null;
}

export interface BaselineComparison {
  readonly known: readonly Finding[];
  readonly fresh: readonly NewFinding[];
  /** Entries that stand in the code no more, or in fewer places, with how many are gone. */
  readonly stale: readonly { readonly entry: BaselineEntry; readonly gone: number }[];
}

/** One entry for each text, ordered so that a change of one is a small change of the file. */
export function baselineOf(findings: readonly Finding[]): Baseline {
  const entries = [...Map.groupBy(findings, ({ id }) => id)].map(([id, same]) => {
    const [first] = [...same].sort((a, b) => (a.file < b.file ? -1 : 1));
    return { id, count: same.length, file: first?.file ?? "", text: first?.text ?? "" };
  });
  entries.sort((a, b) => (a.file === b.file ? (a.id < b.id ? -1 : 1) : a.file < b.file ? -1 : 1));
  return { colophon: "scan-baseline", version: 1, findings: entries };
}

/** @throws HarnessError `input-malformed` for what is no baseline. */
export function readBaseline(document: unknown, name: string): Baseline {
  const { colophon, version, findings } = (document ?? {}) as Partial<Record<keyof Baseline, unknown>>;
  if (colophon === "scan-baseline" && version === 1 && Array.isArray(findings) && findings.every(isEntry))
    return { colophon, version, findings };
  throw new HarnessError(
    "input-malformed",
    `${name} is no baseline of a scan; write one with \`colophon scan --write-baseline ${name}\`.`,
  );
}

function isEntry(value: unknown): value is BaselineEntry {
  const { id, count, file, text } = (value ?? {}) as Partial<Record<keyof BaselineEntry, unknown>>;
  return (
    typeof id === "string" &&
    typeof file === "string" &&
    typeof text === "string" &&
    Number.isInteger(count) &&
    (count as number) > 0
  );
}

/** From this likeness on a new text is said to be a change of one that is gone. */
const CHANGED = { threshold: 0.35, size: 1 };

/**
 * A text is known as often as the baseline counts it, wherever it stands. With one more copy than that,
 * the last by file and line is new: which of them was added cannot be told from texts alone.
 */
export function compareBaseline(findings: readonly Finding[], baseline: Baseline): BaselineComparison {
  const left = new Map(baseline.findings.map(({ id, count }) => [id, count]));
  const known: Finding[] = [];
  const fresh: Finding[] = [];
  for (const finding of findings) {
    const count = left.get(finding.id) ?? 0;
    (count > 0 ? known : fresh).push(finding);
    left.set(finding.id, count - 1);
  }
  const stale = baseline.findings.flatMap((entry) => {
    const gone = left.get(entry.id) ?? 0;
    return gone > 0 ? [{ entry, gone }] : [];
  });
  return {
    known,
    fresh: withOrigins(
      fresh,
      stale.map(({ entry }) => entry),
    ),
    stale,
  };
}

function withOrigins(fresh: readonly Finding[], gone: readonly BaselineEntry[]): readonly NewFinding[] {
  const origins = new Map<number, BaselineEntry>();
  const pairs = findNearDuplicates(
    fresh.map(({ text }) => text),
    gone.map(({ text }) => text),
    CHANGED,
  );
  for (const { one, other } of pairs) {
    const entry = gone[other];
    if (entry !== undefined && !origins.has(one)) origins.set(one, entry);
  }
  return fresh.map((finding, at) => ({ finding, changeOf: origins.get(at) ?? null }));
}
