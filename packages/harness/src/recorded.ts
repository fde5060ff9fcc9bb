/** Says where a change stands in the log. */
import type { RegistryRecord } from "@colophon/kernel";

/** Where a change stands in the log; nulls when nothing had to be recorded. */
export interface Recorded {
  readonly revision: number | null;
  /** ISO 8601. */
  readonly at: string | null;
}

export function recorded(records: readonly RegistryRecord[]): Recorded {
  const last = records.at(-1);
  return last === undefined
    ? { revision: null, at: null }
    : { revision: last.revision, at: new Date(last.at).toISOString() };
}
