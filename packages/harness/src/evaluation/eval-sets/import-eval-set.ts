/** Takes an eval set in from a file: a version of it, or nothing at all. */
import { DEFAULT_SPLIT, type SplitRules } from "@colophon/evaluation";
import { HarnessError } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { CheckerOf } from "../../registry-declaration.ts";
import { checkerOf } from "../../schema-checker.ts";
import { type ChangedEvalSet, changeEvalSet } from "./change-eval-set.ts";
import type { EvalSetPath, EvalSetText, Unmapped } from "./eval-set-file.ts";
import { readEvalSetFile } from "./read-eval-set-file.ts";
import { readScorerTexts } from "./read-scorer-texts.ts";

export interface ImportEvalSetRequest {
  readonly file: EvalSetText | EvalSetPath;
  /** What the file says where left out, as of the others. */
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
  readonly refreshDays?: number | undefined;
  /** In place of the scorers of the file: names, or specs in JSON. */
  readonly scorers?: readonly string[] | undefined;
  /** Splits cases that name none, half of the clusters to each, unless it says otherwise. */
  readonly split?: SplitRules | undefined;
  /** Adds the cases to those that are there; proposed cases always are added. */
  readonly add?: boolean | undefined;
  /** A prompt whose contract the cases must fit, beside those that name the set. */
  readonly prompt?: string | undefined;
  /** Takes in cases made of calls that name a subject, whose contents the set then keeps beyond an erasure. */
  readonly keepContents?: boolean | undefined;
  /** Holds cases against contracts; by JSON Schema unless given. */
  readonly checkerOf?: CheckerOf;
}

export interface ImportedEvalSet extends ChangedEvalSet {
  /** What of the file has no counterpart, or one that is not quite the same. */
  readonly unmapped: readonly Unmapped[];
  /** Whether the cases were added to those that were there. */
  readonly added: boolean;
}

/**
 * Records a version of an eval set from JSON Lines, CSV, YAML or promptfoo's tests; the same content
 * again records nothing.
 *
 * @throws HarnessError `input-malformed` naming what is wrong at which line, `usage`, `key-unknown` or `version-unknown`.
 */
export async function importEvalSet(
  harness: Harness,
  request: ImportEvalSetRequest,
): Promise<ImportedEvalSet> {
  const file = readEvalSetFile(request.file);
  try {
    const name = request.name ?? file.name;
    if (name === null) {
      throw new HarnessError(
        "usage",
        `${request.file.file} does not say what the eval set is called; give it a name.`,
      );
    }
    const add = (request.add ?? false) || file.proposed;
    const changed = await changeEvalSet(harness, {
      name,
      source: request.file.file,
      drafts: file.drafts,
      checkUnchanged: () => file.checkUnchanged(),
      scorers: request.scorers === undefined ? file.scorers : readScorerTexts(request.scorers),
      add,
      split: request.split ?? DEFAULT_SPLIT,
      owner: request.owner ?? file.owner ?? undefined,
      refreshDays: request.refreshDays ?? file.refreshDays ?? undefined,
      prompts: request.prompt === undefined ? [] : [request.prompt],
      keepContents: request.keepContents ?? false,
      checkerOf: request.checkerOf ?? checkerOf,
    });
    return { ...changed, unmapped: file.unmapped, added: add };
  } finally {
    file.close();
  }
}
