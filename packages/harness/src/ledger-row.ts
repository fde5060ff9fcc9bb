/** Turns pseudonyms back into the ids that people know, as long as nobody erased them. */
import type { Execution, Outcome, Pseudonym } from "@colophon/kernel";
import type { Harness } from "./harness.ts";

/** Subjects by kind: the plain id, or the pseudonym of one that was erased or is a session. */
export interface PlainSubjects {
  readonly user: string | null;
  readonly tenant: string | null;
  readonly document: string | null;
  readonly documentType: string | null;
  readonly session: string | null;
}

/** A ledger row as people and scripts read it. */
export interface LedgerRow extends Omit<Execution, "at" | "subjects"> {
  /** ISO 8601. */
  readonly at: string;
  readonly subjects: PlainSubjects;
  readonly outcomes: readonly Pick<Outcome, "name" | "value" | "source" | "by">[];
}

/** The rows with plain subjects and their outcomes, in the same order. */
export async function readableRows(
  harness: Harness,
  rows: readonly Execution[],
): Promise<readonly LedgerRow[]> {
  if (rows.length === 0) return [];
  const pseudonyms = new Set<Pseudonym>();
  for (const { subjects } of rows) {
    for (const subject of Object.values(subjects)) if (subject !== null) pseudonyms.add(subject);
  }
  const plain = await harness.records.listSubjects(pseudonyms);
  const outcomes = Map.groupBy(
    await harness.ledger.listOutcomes(rows.map((row) => row.id)),
    (outcome) => outcome.execution,
  );
  const reveal = (subject: Pseudonym | null): string | null =>
    subject === null ? null : (plain.get(subject) ?? subject);
  return rows.map(({ id, at, subjects, ...row }) => ({
    id,
    at: new Date(at).toISOString(),
    ...row,
    subjects: {
      user: reveal(subjects.user),
      tenant: reveal(subjects.tenant),
      document: reveal(subjects.document),
      documentType: reveal(subjects.documentType),
      session: reveal(subjects.session),
    },
    outcomes: (outcomes.get(id) ?? []).map(({ name, value, source, by }) => ({ name, value, source, by })),
  }));
}
