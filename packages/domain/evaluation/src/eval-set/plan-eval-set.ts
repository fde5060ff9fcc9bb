/** Plans the next version of an eval set out of sketches: names, splits and places the cases, or says what is wrong. */
import type { EvalCase, Split } from "../eval-case.ts";
import type { CaseDraft } from "./case-draft.ts";
import { type CaseSketch, type Digest, type DraftSketch, plainTags, type Sketch } from "./case-sketch.ts";
import { compareEvalSets, type EvalSetChange } from "./compare-eval-sets.ts";
import { chunkOf, chunksFor } from "./eval-set-document.ts";
import type { InputProblems } from "./input-problems.ts";
import { placeOf, type SplitRules, splitCases } from "./split-cases.ts";

export interface EvalSetParts {
  readonly name: string;
  readonly drafts: readonly DraftSketch[];
  /** The version before, whose cases keep their splits; empty for the first. */
  readonly before: readonly CaseSketch[];
  /** Whether the cases of the version before stay, unless a draft has their id. */
  readonly add: boolean;
  readonly split: SplitRules;
  readonly digest: Digest;
}

/** A draft that says what another one says; kept once. */
export interface FoldedCase {
  readonly place: string;
  readonly sameAs: string;
}

/** A case of the version that is planned. */
export interface PlannedCase {
  readonly id: string;
  readonly sketch: Sketch;
  readonly split: Split;
  /** Which draft it is made of; null for a case that stays. */
  readonly draft: number | null;
  /** Which case of the version before has its id; null where none has. */
  readonly before: number | null;
}

export interface EvalSetPlan {
  /** The cases of each chunk, in the order of their ids; a small set has one. */
  readonly chunks: readonly (readonly PlannedCase[])[];
  readonly cases: { readonly dev: number; readonly test: number };
  readonly folded: readonly FoldedCase[];
  readonly change: EvalSetChange;
}

/**
 * Cases are in the order of their ids within a chunk, so that the order of a file's lines makes no other set.
 * What is wrong is added to `problems`; the plan is for use only when there are none.
 */
export function planEvalSet(parts: EvalSetParts, problems: InputProblems): EvalSetPlan {
  const { drafts, before, add } = parts;
  const places = new Map(before.map(({ id }, at) => [id, at]));
  const named = nameDrafts(drafts, problems);
  const kept = before.flatMap((sketch, at) =>
    add && !named.ids.has(sketch.id) ? [{ id: sketch.id, sketch, draft: null, before: at }] : [],
  );
  const all = [
    ...kept,
    ...[...named.ids].map(([id, draft]) => {
      return { id, sketch: drafts[draft] as DraftSketch, draft, before: places.get(id) ?? null };
    }),
  ];
  const splits = splitCases(all, { rules: parts.split, before }, problems);
  const cases = all.map((one, at): PlannedCase => ({ ...one, split: splits[at] as Split }));
  const test = cases.reduce((sum, { split }) => sum + Number(split === "test"), 0);
  if (cases.length === 0) problems.add(parts.name, "it has no case; give at least one");
  else if (test === 0) {
    problems.add(
      parts.name,
      `none of its ${cases.length} cases is in the test split, on which the gate decides; put some there, or split automatically with more cases`,
    );
  }
  return {
    chunks: chunksOf(cases, parts.digest),
    cases: { dev: cases.length - test, test },
    folded: named.folded,
    change: compareEvalSets(new Map(before.map((one) => [one.id, one])), cases),
  };
}

/** The case itself. A case comes from where it came from first; the line it stands in today makes no other set. */
export function finishCase(
  draft: CaseDraft,
  { id, split }: Pick<PlannedCase, "id" | "split">,
  origin: EvalCase | null,
): EvalCase {
  const { place: _, ...rest } = draft;
  const { provenance } = draft;
  return {
    ...rest,
    id,
    split,
    tags: plainTags(draft.tags),
    provenance: provenance.source === "import" ? (origin?.provenance ?? provenance) : provenance,
  };
}

function chunksOf(cases: readonly PlannedCase[], digest: Digest): readonly (readonly PlannedCase[])[] {
  const size = cases.reduce((sum, { sketch }) => sum + sketch.size, 0);
  const count = chunksFor({ cases: cases.length, size });
  const chunks = Array.from({ length: count }, (): PlannedCase[] => []);
  for (const one of cases) chunks[chunkOf(one.id, { chunks: count, digest })]?.push(one);
  for (const chunk of chunks) chunk.sort((a, b) => (a.id < b.id ? -1 : 1));
  return chunks;
}

interface NamedDrafts {
  /** Which draft an id is that of. */
  readonly ids: ReadonlyMap<string, number>;
  readonly folded: readonly FoldedCase[];
}

/** A case without a name is called after its variables, and after all it says where several share them. */
function nameDrafts(drafts: readonly DraftSketch[], problems: InputProblems): NamedDrafts {
  const sayings = new Map<string, string | null>();
  for (const { names, asked, saying } of drafts) {
    if (names === null) continue;
    const known = sayings.get(asked);
    if (known === undefined) sayings.set(asked, saying);
    else if (known !== saying) sayings.set(asked, null);
  }
  const ids = new Map<string, number>();
  const folded: FoldedCase[] = [];
  for (const [at, draft] of drafts.entries()) {
    const { asked, saying, place, names } = draft;
    const id = draft.id ?? names?.[sayings.get(asked) === null ? 1 : 0] ?? "";
    const first = drafts[ids.get(id) ?? -1];
    if (first === undefined) ids.set(id, at);
    else if (first.saying === saying) folded.push({ place, sameAs: first.place });
    else {
      const sameAs = placeOf({ id, sketch: first });
      problems.add(place, `its id "${id}" is that of ${sameAs} already, which says something else`);
    }
  }
  return { ids, folded };
}
