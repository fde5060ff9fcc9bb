/** What SQLite's result codes mean to an installation. */
import { type ErrorCode, HarnessError } from "@colophon/kernel";

const BUSY: readonly [ErrorCode, string] = ["store-busy", "is locked by another process; try again"];
const READ_ONLY: readonly [ErrorCode, string] = [
  "store-read-only",
  "cannot be written; check the file's and folder's permissions",
];
const CORRUPT: readonly [ErrorCode, string] = ["store-corrupt", "is damaged or none; restore it from a copy"];
const AWAY: readonly [ErrorCode, string] = [
  "store-unavailable",
  "cannot be read or written; check that the file and its disk are there",
];

const BY_CODE: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  5: BUSY,
  6: BUSY,
  8: READ_ONLY,
  10: AWAY,
  11: CORRUPT,
  13: ["store-unavailable", "cannot grow, the disk is full; free some space"],
  14: AWAY,
  15: BUSY,
  26: CORRUPT,
};

const BY_NAME: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
  EROFS: READ_ONLY,
  ENOENT: AWAY,
  ENOTDIR: AWAY,
  ENOSPC: AWAY,
};

/** An error of node:sqlite or of the file system as one of ours; anything else comes back as it is. */
export function sqliteError(error: unknown, file: string): unknown {
  const { errcode, code } = (error ?? {}) as { readonly errcode?: unknown; readonly code?: unknown };
  // The low byte is the primary code, the rest says more of the same.
  const said = typeof errcode === "number" ? BY_CODE[errcode & 0xff] : BY_NAME[String(code)];
  if (said === undefined) return error;
  return new HarnessError(said[0], `The installation ${file} ${said[1]}.`, { cause: error });
}
