/** Precision and recall of a scan over labelled projects, as a whole and by what sets prompts apart. */
import type { Label, Place } from "./label.ts";
import type { Match, Matching } from "./match-findings.ts";

export interface Score {
  readonly labels: number;
  readonly found: number;
  readonly extra: number;
  /** In [0, 1]; null where nothing was found at all. */
  readonly precision: number | null;
  /** In [0, 1]; null where nothing is labelled. */
  readonly recall: number | null;
}

export function scoreOf(matchings: readonly Matching<Place>[]): Score {
  const count = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
  const found = count(matchings.map(({ matched }) => matched.length));
  const missed = count(matchings.map(({ missed }) => missed.length));
  const extra = count(matchings.map(({ extra }) => extra.length));
  const labels = found + missed;
  return {
    labels,
    found,
    extra,
    precision: found + extra === 0 ? null : found / (found + extra),
    recall: labels === 0 ? null : found / labels,
  };
}

/** The same matchings cut into parts; a finding that no part claims counts in none. */
export function scoresBy(
  matchings: readonly Matching<Place>[],
  parts: { readonly ofLabel: (label: Label) => string; readonly ofExtra?: (finding: Place) => string },
): ReadonlyMap<string, Score> {
  const labels = matchings.flatMap(({ matched, missed }) => [
    ...matched.map(({ label }) => label),
    ...missed,
  ]);
  const extras = parts.ofExtra ? matchings.flatMap(({ extra }) => extra.map(parts.ofExtra ?? String)) : [];
  const names = [...new Set([...labels.map(parts.ofLabel), ...extras])].sort();
  return new Map(
    names.map((name) => [
      name,
      scoreOf(
        matchings.map(({ matched, missed, extra }) => ({
          matched: matched.filter(({ label }) => parts.ofLabel(label) === name),
          missed: missed.filter((label) => parts.ofLabel(label) === name),
          extra: extra.filter((finding) => parts.ofExtra?.(finding) === name),
        })),
      ),
    ]),
  );
}

/** What a scan says of a prompt beside its place. */
export interface FoundFacts extends Place {
  readonly role: string | null;
  readonly client: string | null;
  readonly model: string | null;
  readonly placeholders: readonly unknown[];
}

export interface Agreement {
  readonly stated: number;
  readonly agreed: number;
}

export type FactName = "role" | "client" | "model" | "placeholders";

/** Of the matched labels that state a fact, how many findings say the same. Clients agree when their first step does. */
export function agreements(matches: readonly Match<FoundFacts>[]): Readonly<Record<FactName, Agreement>> {
  const of = (name: FactName): Agreement => {
    const stated = matches.filter(({ label }) => label[name] !== undefined);
    return { stated: stated.length, agreed: stated.filter((match) => agrees(match, name)).length };
  };
  return { role: of("role"), client: of("client"), model: of("model"), placeholders: of("placeholders") };
}

export function agrees({ label, finding }: Match<FoundFacts>, name: FactName): boolean {
  if (name === "placeholders") return finding.placeholders.length === label.placeholders;
  if (name === "client") return finding.client?.split(".")[0] === label.client?.split(".")[0];
  return finding[name] === label[name];
}
