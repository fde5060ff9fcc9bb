/** The records that every store begins with: the first environments and what they ask of a release. */
import { FIRST_ENVIRONMENTS, type GateDemand, type RecordDraft } from "@colophon/kernel";

const GATES: Readonly<Record<(typeof FIRST_ENVIRONMENTS)[number], GateDemand>> = {
  development: "never",
  staging: "never",
  production: "with-eval-set",
};

export const FIRST_RECORDS: readonly RecordDraft[] = FIRST_ENVIRONMENTS.map((name) => ({
  kind: "environment",
  by: { id: "colophon", via: "system" },
  data: { name, inherits: null, gate: GATES[name], approvals: 0, modes: null },
}));
