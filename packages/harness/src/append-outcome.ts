/** Attaches an outcome to an execution that is in the ledger. */
import {
  checkOutcome,
  HarnessError,
  type OutcomeId,
  type OutcomeSource,
  type OutcomeValue,
  parseExecutionId,
} from "@colophon/kernel";
import type { Harness } from "./harness.ts";

export interface OutcomeCommand {
  readonly execution: string;
  readonly name: string;
  readonly value: OutcomeValue;
  readonly source: OutcomeSource;
  readonly by?: string | null;
}

export interface AppendedOutcome {
  readonly id: string;
  readonly execution: string;
  readonly name: string;
  readonly value: OutcomeValue;
  readonly source: OutcomeSource;
}

/**
 * Attaches an outcome to an execution of this store.
 *
 * @throws HarnessError `input-malformed`, `outcome-invalid` or `execution-unknown`.
 * @example
 * await appendOutcome(harness, {
 *   execution: "019bc2f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
 *   name: "accepted",
 *   value: true,
 *   source: "user",
 * });
 */
export async function appendOutcome(harness: Harness, command: OutcomeCommand): Promise<AppendedOutcome> {
  const execution = parseExecutionId(command.execution);
  const { name, value, source, by = harness.actor.id } = command;
  checkOutcome({ name, value, source });
  if ((await harness.ledger.findExecution(execution)) === undefined) {
    throw new HarnessError(
      "execution-unknown",
      `There is no execution ${execution} in this store; \`colophon ledger\` lists those there are.`,
    );
  }
  const id = harness.ids.next() as OutcomeId;
  await harness.ledger.appendOutcomes([{ id, execution, name, value, source, by }]);
  return { id, execution, name, value, source };
}
