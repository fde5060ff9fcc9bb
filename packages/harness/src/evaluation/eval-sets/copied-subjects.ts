/** Keeps contents of named subjects out of eval sets, which outlive an erasure, unless somebody wants them there. */
import { askedKey, type CaseDraft, type InputProblems } from "@colophon/evaluation";
import type { Execution, ExecutionId } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { digestText } from "./digest-text.ts";

/** `none` for calls of nobody and of other stores; `erased` where one of the subjects is. */
export type SubjectState = "none" | "known" | "erased";

/** Of those that can be erased: a session is no subject. */
export async function subjectState(harness: Harness, execution: string): Promise<SubjectState> {
  const found = await harness.ledger.findExecution(execution as ExecutionId);
  const pseudonyms = new Set(erasable(found));
  if (pseudonyms.size === 0) return "none";
  return (await harness.records.listSubjects(pseudonyms)).size < pseudonyms.size ? "erased" : "known";
}

function erasable(execution: Execution | undefined) {
  if (execution === undefined) return [];
  const { session: _, ...named } = execution.subjects;
  return Object.values(named).filter((subject) => subject !== null);
}

export interface CopyRules {
  /** By id, the digest of the variables of each case of the version before: what stands in it is copied no further. */
  readonly before: ReadonlyMap<string, string>;
  readonly keepContents: boolean;
  readonly problems: InputProblems;
}

/** A version of a set is never changed, so that what is copied into one is there for good. */
export async function holdCopy(
  harness: Harness,
  draft: CaseDraft,
  { before, keepContents, problems }: CopyRules,
): Promise<void> {
  const { id, place, variables, provenance } = draft;
  if (provenance.source !== "execution" || provenance.ref === null) return;
  const state = await subjectState(harness, provenance.ref);
  if (state === "erased") problems.add(place, "a subject of its call was erased; leave the case out");
  if (state !== "known" || keepContents) return;
  if (id !== null && before.get(id) === askedKey(variables, digestText)) return;
  problems.add(
    place,
    "its call is somebody's, and a set keeps what was said beyond an erasure; redact it and add --keep-contents, or leave it out",
  );
}
