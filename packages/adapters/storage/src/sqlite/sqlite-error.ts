/** What SQLite's result codes mean to us. */
import { type ErrorCode, HarnessError } from "@colophon/kernel";

/** Why a statement failed. */
export type SqliteTrouble =
  | "busy"
  | "full"
  | "read-only"
  | "corrupt"
  | "unavailable"
  | "constraint"
  | "other";

const TROUBLE: Readonly<Record<number, SqliteTrouble>> = {
  5: "busy",
  6: "busy",
  8: "read-only",
  10: "unavailable",
  11: "corrupt",
  13: "full",
  14: "unavailable",
  15: "busy",
  18: "constraint",
  19: "constraint",
  20: "constraint",
  25: "constraint",
  26: "corrupt",
};

/** The trouble behind an error of node:sqlite; undefined for an error of anything else. */
export function sqliteTrouble(error: unknown): SqliteTrouble | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return undefined;
  const { errcode } = error as { readonly errcode: unknown };
  // The low byte is the primary code, the rest says more of the same.
  return typeof errcode === "number" ? (TROUBLE[errcode & 0xff] ?? "other") : undefined;
}

const SENTENCES: Readonly<
  Record<Exclude<SqliteTrouble, "constraint" | "other">, readonly [ErrorCode, string]>
> = {
  busy: ["store-busy", "is locked by another process; try again"],
  full: ["store-unavailable", "cannot grow, the disk is full; free some space"],
  "read-only": ["store-read-only", "cannot be written; check the file's and folder's permissions"],
  corrupt: ["store-corrupt", "is damaged or no Colophon store; restore it from a copy"],
  unavailable: ["store-unavailable", "cannot be read or written; check that the file and its disk are there"],
};

/** An error of node:sqlite as one of ours; anything else comes back as it is. */
export function storeError(error: unknown, file: string): unknown {
  const trouble = sqliteTrouble(error);
  if (trouble === undefined || trouble === "constraint" || trouble === "other") return error;
  const [code, sentence] = SENTENCES[trouble];
  return new HarnessError(code, `The store ${file} ${sentence}.`, { cause: error });
}

/** Runs a task and turns what SQLite throws into our errors. */
export function withStoreErrors<T>(file: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw storeError(error, file);
  }
}
