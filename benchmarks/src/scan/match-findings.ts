/** Matches what a scan found with what people labelled, each with one of the other at most. */
import type { Label, Place } from "./label.ts";

export interface Match<Found extends Place> {
  readonly label: Label;
  readonly finding: Found;
}

export interface Matching<Found extends Place> {
  readonly matched: readonly Match<Found>[];
  /** Labels that nothing was found for; optional ones are never among them. */
  readonly missed: readonly Label[];
  /** Findings where no prompt is labelled, and second findings for the same label. */
  readonly extra: readonly Found[];
}

/**
 * As many labels as possible get a finding whose lines overlap theirs in the same file; of several the one with
 * most lines in common. What is left over counts as extra, unless an optional label stands there.
 */
export function matchFindings<Found extends Place>(
  labels: readonly Label[],
  findings: readonly Found[],
): Matching<Found> {
  const required = labels.filter(({ optional }) => optional !== true);
  const candidates = required.map((label) => candidatesOf(label, findings));
  const labelOf = new Map<number, number>();
  for (const at of candidates.keys()) assign({ candidates, labelOf, tried: new Set() }, at);
  const findingOf = new Map([...labelOf].map(([finding, label]) => [label, finding]));
  return {
    matched: required.flatMap((label, at) => {
      const finding = findings[findingOf.get(at) ?? -1];
      return finding === undefined ? [] : [{ label, finding }];
    }),
    missed: required.filter((_, at) => !findingOf.has(at)),
    extra: findings.filter((finding, at) => !labelOf.has(at) && !isTolerated(finding, labels)),
  };
}

interface Assignment {
  /** Of each label, best first. */
  readonly candidates: readonly (readonly number[])[];
  readonly labelOf: Map<number, number>;
  readonly tried: Set<number>;
}

/** One augmenting path of a bipartite matching: where all are taken, a label may send another one on to its next. */
function assign(state: Assignment, label: number): boolean {
  const { candidates, labelOf, tried } = state;
  const own = candidates[label] ?? [];
  const free = own.find((finding) => !labelOf.has(finding));
  if (free !== undefined) {
    labelOf.set(free, label);
    return true;
  }
  for (const finding of own) {
    if (tried.has(finding)) continue;
    tried.add(finding);
    if (!assign(state, labelOf.get(finding) ?? label)) continue;
    labelOf.set(finding, label);
    return true;
  }
  return false;
}

/** Those where the text stands come before those elsewhere, which are tolerated beside them. */
function candidatesOf(label: Label, findings: readonly Place[]): readonly number[] {
  return [label, ...(label.elsewhere ?? [])].flatMap((place) =>
    findings
      .map((finding, at) => ({ at, common: overlap(place, finding) }))
      .filter(({ common }) => common > 0)
      .sort((a, b) => b.common - a.common || a.at - b.at)
      .map(({ at }) => at),
  );
}

function isTolerated(finding: Place, labels: readonly Label[]): boolean {
  return labels.some(
    ({ optional, elsewhere = [], ...place }) =>
      (optional === true && overlap(place, finding) > 0) ||
      elsewhere.some((other) => overlap(other, finding) > 0),
  );
}

/** Lines in common. */
function overlap(a: Place, b: Place): number {
  if (a.file !== b.file) return 0;
  return Math.max(0, Math.min(a.endLine, b.endLine) - Math.max(a.line, b.line) + 1);
}
