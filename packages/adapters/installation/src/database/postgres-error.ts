/** What PostgreSQL's states and a broken connection mean to an installation. */
import { type ErrorCode, errorCodeOf, HarnessError } from "@colophon/kernel";

const BUSY: readonly [ErrorCode, string] = ["store-busy", "is busy with somebody else's work; try again"];
const LOST: readonly [ErrorCode, string] = [
  "store-unavailable",
  "was lost in the middle; ask again, and look first whether it was done",
];
const AWAY: readonly [ErrorCode, string] = [
  "store-unavailable",
  "cannot be reached; check the address and that the server runs",
];
const READ_ONLY: readonly [ErrorCode, string] = [
  "store-read-only",
  "does not let this user write that; connect as its owner, or grant the server's role what it needs",
];

/** By SQLSTATE, its class (the first two characters), or the network's name for it. */
const STATES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  "08": LOST,
  "22": ["input-malformed", "cannot keep a text as it was given; check what is written"],
  "25006": READ_ONLY,
  "28": ["store-unavailable", "does not let this user in; check the name and the password"],
  "3D": ["store-unavailable", "is not there; create the database first"],
  "40": BUSY,
  "42501": READ_ONLY,
  "53": ["store-unavailable", "has run out of disk, memory or room; free some"],
  "53300": BUSY,
  "55P03": BUSY,
  "57": LOST,
  "57014": BUSY,
  "57P03": AWAY,
  "58": ["store-corrupt", "is damaged; restore it from a backup"],
  XX: ["store-corrupt", "is damaged; restore it from a backup"],
};
const NETWORK = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;
const BROKEN = /^(?:ECONNRESET|EPIPE)$/;
/** What the driver says where no state tells. */
const TIMED_OUT = /timeout (?:exceeded|expired)|Connection terminated due to connection timeout/i;
const CLOSED = /Connection terminated|not queryable|connection (?:was )?closed|Client was closed/i;

/** An error of the driver as one of ours, without secrets; anything else comes back as it is. */
export function postgresError(error: unknown, place: string): unknown {
  const said = error instanceof Error && errorCodeOf(error) === undefined ? meaningOf(error) : undefined;
  if (said === undefined) return error;
  return new HarnessError(said[0], `The installation on ${place} ${said[1]}.`, { cause: error });
}

function meaningOf(error: Error): readonly [ErrorCode, string] | undefined {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "string") {
    if (NETWORK.test(code)) return AWAY;
    if (BROKEN.test(code)) return LOST;
    if (/^[0-9A-Z]{5}$/.test(code)) return STATES[code] ?? STATES[code.slice(0, 2)];
  }
  if (TIMED_OUT.test(error.message)) return AWAY;
  return CLOSED.test(error.message) ? LOST : undefined;
}

/** Whether PostgreSQL could not order a transaction among others, which may do better the next time. */
export function isConflict(error: unknown): boolean {
  return /^40(?:001|P01)$/.test(String((error as { readonly code?: unknown } | undefined)?.code));
}
