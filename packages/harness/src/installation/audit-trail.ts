/** Reads the audit log: what was changed and refused, by whom. */
import type { AuditEntry } from "@colophon/kernel";
import { readSince } from "../costs/read-period.ts";
import type { InstallationDesk } from "./installation-desk.ts";
import { isoTime } from "./iso-time.ts";

export interface AuditRow extends Omit<AuditEntry, "at"> {
  /** ISO 8601. */
  readonly at: string;
}

export interface AuditQuery {
  /** Null for the whole installation, its projects' entries among them. */
  readonly project: string | null;
  readonly actor?: string;
  readonly action?: string;
  readonly allowed?: boolean;
  /** A duration back from now, or ISO 8601. */
  readonly since?: string;
  readonly limit?: number;
}

/** Entries that fit, newest first. @throws HarnessError `time-invalid`. */
export async function listAudit(
  { installation, clock }: InstallationDesk,
  { project, since, ...filter }: AuditQuery,
): Promise<readonly AuditRow[]> {
  const entries = await installation.audit.list({
    ...filter,
    ...(project === null ? {} : { project }),
    ...(since === undefined ? {} : { since: readSince(since, "since", clock.now()) }),
    order: "newest-first",
  });
  return entries.map(rowOf);
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Give it as `after` for the next page; null where there is none. */
  readonly next: number | null;
}

const PAGE = 1_000;

/** Entries just as they are chained, oldest first, by pages. */
export async function exportAudit(
  { installation }: InstallationDesk,
  { project, after = 0 }: { readonly project: string | null; readonly after?: number },
): Promise<AuditPage> {
  const entries = await installation.audit.list({
    ...{ after, limit: PAGE, order: "oldest-first" },
    ...(project === null ? {} : { project }),
  });
  const last = entries.length < PAGE ? undefined : entries.at(-1);
  return { entries, next: last?.n ?? null };
}

export interface AuditVerdict {
  readonly entries: number;
  /** Numbers of entries that are not as they were written, or not there. */
  readonly broken: readonly number[];
}

/** Holds the whole log against its chain. */
export function verifyAudit({ installation }: InstallationDesk): Promise<AuditVerdict> {
  return installation.audit.verify();
}

function rowOf({ at, ...same }: AuditEntry): AuditRow {
  return { ...same, at: isoTime(at) };
}
