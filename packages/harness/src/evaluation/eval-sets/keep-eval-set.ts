/** Keeps the cases of a planned version of an eval set in the store, a chunk at a time, and gives what stands for all of them. */
import {
  type CaseDraft,
  chunkDocument,
  type EvalCase,
  type EvalSetDocument,
  type EvalSetPlan,
  finishCase,
  type PlannedCase,
  type ScorerSpec,
} from "@colophon/evaluation";
import { hashDocument } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { PreviousEvalSet } from "./previous-eval-set.ts";

export interface EvalSetToKeep {
  readonly name: string;
  readonly scorers: readonly ScorerSpec[];
  readonly plan: EvalSetPlan;
  readonly draft: (index: number) => CaseDraft;
  readonly before: PreviousEvalSet | null;
}

/**
 * Chunks go into the store ahead of the record that makes a version of them, each in a short transaction of its
 * own: until there is that record they belong to nothing, and the same import again finds them there.
 */
export async function keepEvalSet(harness: Harness, set: EvalSetToKeep): Promise<EvalSetDocument> {
  const { name, scorers, plan, before } = set;
  const [first = []] = plan.chunks;
  if (plan.chunks.length === 1) return { format: 1, name, scorers, cases: await casesOf(first, set) };
  const there = new Set(before?.set.chunks);
  const chunks: { readonly hash: string; readonly cases: number }[] = [];
  for (const planned of plan.chunks) {
    const document = chunkDocument(await casesOf(planned, set));
    const hash = hashDocument(document);
    if (!there.has(hash)) {
      await harness.records.append(() => ({ drafts: [], documents: [document], result: null }));
    }
    chunks.push({ hash, cases: planned.length });
  }
  return { format: 2, name, scorers, cases: plan.cases, chunks };
}

async function casesOf(
  planned: readonly PlannedCase[],
  { draft, before }: EvalSetToKeep,
): Promise<readonly EvalCase[]> {
  const places = planned.flatMap((one) => one.before ?? []);
  const origins = await before?.casesAt(places);
  return planned.map((one): EvalCase => {
    const origin = (one.before === null ? undefined : origins?.get(one.before)) ?? null;
    if (one.draft !== null) return finishCase(draft(one.draft), one, origin);
    return { ...(origin as EvalCase), split: one.split };
  });
}
