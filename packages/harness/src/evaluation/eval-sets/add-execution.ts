/** Makes an execution of the ledger a case of an eval set. */
import { DEFAULT_SPLIT, evalSetReference, getEvalSet, InputProblems, type Split } from "@colophon/evaluation";
import { HarnessError, parseExecutionId } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { CheckerOf } from "../../registry-declaration.ts";
import { checkerOf } from "../../schema-checker.ts";
import { capturedCall } from "./captured-calls.ts";
import { type ChangedEvalSet, changeEvalSet } from "./change-eval-set.ts";
import { draftFromCall } from "./draft-from-call.ts";
import { readExpectedText } from "./read-expected-text.ts";

export interface AddExecutionRequest {
  /** The set's name. */
  readonly name: string;
  readonly execution: string;
  /** What a good answer would have been, a label or `reference:…`, `json:…`, `rubric:…`; nothing where left out. */
  readonly expected?: string | undefined;
  readonly split?: Split | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Also where the call names a subject, whose contents the set then keeps beyond an erasure. */
  readonly keepContents?: boolean | undefined;
  /** Holds cases against contracts; by JSON Schema unless given. */
  readonly checkerOf?: CheckerOf;
}

export type AddedExecution =
  | ({ readonly state: "added"; readonly execution: string } & ChangedEvalSet)
  | { readonly state: "insufficient"; readonly reason: string; readonly execution: string };

/**
 * Adds a case with the variables that the call was captured with.
 *
 * @throws HarnessError `usage`, `input-malformed`, `eval-set-unknown` or `execution-unknown`.
 */
export async function addExecution(harness: Harness, request: AddExecutionRequest): Promise<AddedExecution> {
  const { name } = request;
  getEvalSet(await harness.records.state(), { ...evalSetReference(name), version: null });
  const id = parseExecutionId(request.execution);
  const execution = await harness.ledger.findExecution(id);
  if (execution === undefined) {
    throw new HarnessError(
      "execution-unknown",
      `There is no execution ${id} in this store; \`colophon ledger\` lists those there are.`,
    );
  }
  const captured = await capturedCall(harness, execution);
  if ("reason" in captured) return { state: "insufficient", reason: captured.reason, execution: id };
  const drafted = draftFromCall(captured);
  const { split = drafted.split, tags = drafted.tags } = request;
  const problems = new InputProblems();
  const expected = readExpectedText(request.expected ?? "", (what) => problems.add("--expected", what));
  problems.refuse("The case");
  const changed = await changeEvalSet(harness, {
    name,
    source: `Execution ${id}`,
    drafts: [{ ...drafted, expected, split, tags }],
    scorers: null,
    add: true,
    split: DEFAULT_SPLIT,
    prompts: [execution.prompt],
    keepContents: request.keepContents ?? false,
    checkerOf: request.checkerOf ?? checkerOf,
  });
  return { state: "added", execution: id, ...changed };
}
