/** Builds drafts of cases, with what matters to a test given and the rest plain. */
import type { CaseDraft } from "./case-draft.ts";

export function aDraft(ticket: string, fields: Partial<CaseDraft> = {}): CaseDraft {
  return {
    id: null,
    variables: { ticket },
    expected: { kind: "label", value: "billing" },
    split: null,
    tags: [],
    cluster: null,
    provenance: { source: "import", ref: null },
    scorers: [],
    place: `the case "${ticket}"`,
    ...fields,
  };
}
