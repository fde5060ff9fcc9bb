/** Rows and outcomes of a prompt that is being rolled out, drawn by hand. */
import {
  type ArrivedOutcome,
  applyRecord,
  type Execution,
  type ExecutionId,
  emptyRegistryState,
  type Outcome,
  type OutcomeId,
  type OutcomeValue,
  type RegistryRecord,
  type RolloutData,
  type RolloutEntry,
  type WriterId,
} from "@colophon/kernel";
import { anExecution, aRolloutDraft, fixedClock, seededIds } from "@colophon/testkit";

export const KEY = "support.triage";
const CHAIN = { writer: "017f22e2-79b0-7cc3-98c4-dc0c0c070000" as WriterId, seq: 1, chain: "c" };
const NOBODY = { user: null, tenant: null, document: null, documentType: null, session: null };

/** Records of one rollout: each entry is the record of its revision. */
export function historyOf(...records: readonly (Partial<RolloutData> & { readonly revision: number })[]) {
  const state = emptyRegistryState();
  return records.map(({ revision, ...data }): RolloutEntry => {
    const draft = aRolloutDraft({ key: KEY, environment: "production", ...data });
    applyRecord(state, { ...draft, revision, at: revision } as RegistryRecord);
    return { ...draft.data, revision, at: revision, by: draft.by };
  });
}

export class ServedRows {
  readonly #ids = seededIds({ clock: fixedClock(0), seed: 11 });

  /** A row of the live lane without a draw. */
  row(more: Partial<Execution> = {}): Execution {
    const draft = anExecution(this.#ids);
    const { subjects: _subjects, contents: _contents, ...core } = draft;
    const at = more.at ?? 1_000;
    const id = this.#ids.next(at) as ExecutionId;
    const stored = { ...CHAIN, subjects: NOBODY, inputHash: null, outputHash: null };
    return { ...core, ...stored, schemaOk: true, at, id, ...more };
  }

  /** A row of a rollout's salt that the draw gave to an arm of this share. */
  drawn(draw: number, share: number, more: Partial<Execution> = {}): Execution {
    const canary = draw < share;
    const lane = canary ? "canary" : draw > 1 - Math.min(share, 1 - share) ? "control" : "live";
    const assignment = { salt: "salt-1", draw, probability: share };
    return this.row({ lane, version: canary ? 2 : 1, assignment, revision: 1, ...more });
  }

  outcome(
    execution: Execution,
    said: { readonly name: string; readonly value: OutcomeValue; readonly at?: number },
  ): ArrivedOutcome {
    const { name, value, at = execution.at } = said;
    const id = this.#ids.next(at) as OutcomeId;
    const outcome: Outcome = {
      ...CHAIN,
      id,
      at,
      execution: execution.id,
      name,
      value,
      source: "user",
      by: null,
    };
    return { outcome, execution };
  }
}
