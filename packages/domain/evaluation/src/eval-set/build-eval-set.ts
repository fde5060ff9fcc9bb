/** Makes the content of an eval set out of drafts: names, splits and sorts the cases, or says what is wrong. */
import { canonicalJson, hashDocument, sha256 } from "@colophon/kernel";
import type { EvalCase, EvalSetContent, ScorerSpec } from "../eval-case.ts";
import type { CaseDraft } from "./case-draft.ts";
import type { InputProblems } from "./input-problems.ts";
import { type NamedDraft, type SplitRules, splitCases } from "./split-cases.ts";

export interface EvalSetParts {
  readonly name: string;
  readonly scorers: readonly ScorerSpec[];
  readonly drafts: readonly CaseDraft[];
  /** Cases of the version before that stay, unless a draft has their id. */
  readonly kept: readonly EvalCase[];
  readonly split: SplitRules;
  /** The version before, whose cases keep their splits; null for the first. */
  readonly before: EvalSetContent | null;
}

/** A draft that says what another one says; kept once. */
export interface FoldedCase {
  readonly place: string;
  readonly sameAs: string;
}

export interface BuiltEvalSet {
  readonly content: EvalSetContent;
  readonly folded: readonly FoldedCase[];
}

/**
 * Cases are in the order of their ids, so that the order of a file's lines makes no other set. What is
 * wrong is added to `problems`; the content is for use only when there are none.
 */
export function buildEvalSet(parts: EvalSetParts, problems: InputProblems): BuiltEvalSet {
  const named = nameDrafts(parts.drafts, problems);
  const ids = new Set(named.drafts.map(({ id }) => id));
  const kept = parts.kept
    .filter(({ id }) => !ids.has(id))
    .map((one) => ({ ...one, place: `case "${one.id}" of the set` }));
  const drafts = [...kept, ...named.drafts];
  const splits = splitCases(drafts, { rules: parts.split, before: parts.before?.cases ?? [] }, problems);
  const origins = new Map(parts.before?.cases.map(({ id, provenance }) => [id, provenance]));
  const cases = drafts
    .map((draft): EvalCase => {
      const { place: _, tags, ...rest } = draft;
      const { id, provenance } = draft;
      return {
        ...rest,
        tags: [...new Set(tags)].sort(),
        split: splits.get(id) ?? "dev",
        // A case comes from where it came from first; the line it stands in today makes no other set.
        provenance: provenance.source === "import" ? (origins.get(id) ?? provenance) : provenance,
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (cases.length === 0) problems.add(parts.name, "it has no case; give at least one");
  else if (!cases.some(({ split }) => split === "test")) {
    problems.add(
      parts.name,
      `none of its ${cases.length} cases is in the test split, on which the gate decides; put some there, or split automatically with more cases`,
    );
  }
  return { content: { format: 1, name: parts.name, scorers: parts.scorers, cases }, folded: named.folded };
}

/** SHA-256 (hex) over the canonical JSON of the content. */
export function hashEvalSet(content: EvalSetContent): string {
  return hashDocument(content);
}

/** A case without a name is called after its variables, and after all it says where several share them. */
function nameDrafts(
  drafts: readonly CaseDraft[],
  problems: InputProblems,
): { readonly drafts: readonly NamedDraft[]; readonly folded: readonly FoldedCase[] } {
  const byVariables = Map.groupBy(
    drafts.filter(({ id }) => id === null),
    ({ variables }) => canonicalJson(variables),
  );
  const shortNames = new Map<CaseDraft, string>();
  for (const [variables, group] of byVariables) {
    const sayings = new Set(group.map(sayingOf));
    for (const draft of group)
      shortNames.set(draft, `c-${sha256(sayings.size === 1 ? variables : sayingOf(draft)).slice(0, 12)}`);
  }
  const named = new Map<string, NamedDraft>();
  const folded: FoldedCase[] = [];
  for (const draft of drafts) {
    const id = draft.id ?? (shortNames.get(draft) as string);
    const first = named.get(id);
    if (first === undefined) named.set(id, { ...draft, id });
    else if (sayingOf(first) === sayingOf(draft)) folded.push({ place: draft.place, sameAs: first.place });
    else
      problems.add(
        draft.place,
        `its id "${id}" is that of ${first.place} already, which says something else`,
      );
  }
  return { drafts: [...named.values()], folded };
}

/** What makes a case what it is, where it was written and found apart. */
function sayingOf({ variables, expected, scorers, split, cluster }: CaseDraft): string {
  return canonicalJson([variables, expected, scorers, split, cluster]);
}
