/** What PostgreSQL's states and a broken connection mean to us. */
import { type ErrorCode, errorCodeOf, HarnessError } from "@colophon/kernel";

/** Why a statement or a connection failed. */
export type PostgresTrouble =
  | "busy"
  | "full"
  | "read-only"
  | "corrupt"
  | "lost"
  | "unreachable"
  | "refused"
  | "no-database"
  | "unreadable-text"
  | "again"
  | "constraint"
  | "other";

/** By SQLSTATE, or by its class (the first two characters). */
const STATES: Readonly<Record<string, PostgresTrouble>> = {
  "08": "lost",
  "22021": "unreadable-text",
  "22P02": "unreadable-text",
  "22P05": "unreadable-text",
  "23": "constraint",
  "25006": "read-only",
  "28": "refused",
  "3D000": "no-database",
  "40001": "again",
  "40P01": "again",
  "42501": "read-only",
  "53": "full",
  "53300": "busy",
  "54": "unreadable-text",
  "55P03": "busy",
  "57014": "busy",
  "57P": "lost",
  "57P03": "unreachable",
  "58": "corrupt",
  XX001: "corrupt",
  XX002: "corrupt",
};

const NETWORK = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;
const BROKEN = /^(?:ECONNRESET|EPIPE)$/;
/** What the driver says where no state tells: of a socket that closed, and of one that never opened. */
const CLOSED = /Connection terminated|not queryable|connection (?:was )?closed|Client was closed/i;
const TIMED_OUT = /timeout (?:exceeded|expired)|Connection terminated due to connection timeout/i;

/** The trouble behind an error of the driver; undefined for an error of anything else. */
export function postgresTrouble(error: unknown): PostgresTrouble | undefined {
  if (!(error instanceof Error) || errorCodeOf(error) !== undefined) return undefined;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "string") {
    if (NETWORK.test(code)) return "unreachable";
    if (BROKEN.test(code)) return "lost";
    if (/^[0-9A-Z]{5}$/.test(code)) {
      return STATES[code] ?? STATES[code.slice(0, 3)] ?? STATES[code.slice(0, 2)] ?? "other";
    }
  }
  if (TIMED_OUT.test(error.message)) return "unreachable";
  return CLOSED.test(error.message) ? "lost" : undefined;
}

const SENTENCES: Readonly<
  Record<Exclude<PostgresTrouble, "constraint" | "other">, readonly [ErrorCode, string]>
> = {
  busy: ["store-busy", "is busy with somebody else's work; try again"],
  again: ["store-busy", "could not order this among other writes; try again"],
  full: ["store-unavailable", "has run out of disk, memory or room; free some"],
  "read-only": [
    "store-read-only",
    "does not let this user write that; connect as its owner, or grant the server's role what it needs",
  ],
  corrupt: ["store-corrupt", "is damaged; restore it from a backup"],
  lost: [
    "store-unavailable",
    "was lost in the middle, and what was being written may be there or not; ask again, rows that are resent are stored once",
  ],
  unreachable: ["store-unavailable", "cannot be reached; check the address and that the server runs"],
  refused: ["store-unavailable", "does not let this user in; check the name and the password"],
  "no-database": ["store-unavailable", "is not there; create the database first"],
  "unreadable-text": [
    "input-malformed",
    "cannot keep a text or an id as it was given; check what is written",
  ],
};

/** An error of the driver as one of ours, without secrets; anything else comes back as it is. */
export function storeError(error: unknown, place: string): unknown {
  const trouble = postgresTrouble(error);
  if (trouble === undefined || trouble === "constraint" || trouble === "other") return error;
  const [code, sentence] = SENTENCES[trouble];
  return new HarnessError(code, `The store ${place} ${sentence}.`, { cause: error });
}
