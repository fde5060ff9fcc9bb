/** What a reader of a run should know beside its figures. */
import { type Judge, overdueSentence } from "@colophon/evaluation";
import type { Harness } from "../../harness.ts";
import type { OpenEvalSet } from "../eval-sets/load-eval-set.ts";
import { judgeStandings } from "../judges/list-judges.ts";

/** An overdue set, scorers that said nothing, and how far its judges agree with people. */
export async function runNotes(
  harness: Harness,
  { entry }: OpenEvalSet,
  { judges, silent }: { readonly judges: readonly Judge[]; readonly silent: readonly string[] },
): Promise<readonly string[]> {
  const overdue = overdueSentence(entry, harness.clock.now());
  const standings = await judgeStandings(harness, judges);
  return [
    ...(overdue === undefined ? [] : [overdue]),
    ...silent,
    ...standings.map(({ sentence }) => sentence),
  ];
}
