/** Operations of the ledger part. */

export const LEDGER_OPERATIONS = [] as const;
