/** The master key of an embedded installation: kept in a file beside it, made where it is missing. */
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HarnessError, type RandomSource } from "@colophon/kernel";
import { STORE_FOLDER } from "../store-location.ts";

const KEY_BYTES = 32;

export interface MasterKeyRequest {
  /** Null where there is no such file, as on a server. */
  readonly file: string | null;
  /** `read` makes none. */
  readonly mode: "read" | "write";
  readonly random: RandomSource;
}

/**
 * The key in the file; null where there is none.
 *
 * @throws HarnessError `store-read-only` where it cannot be kept, `store-unavailable` where it cannot be read.
 */
export function readMasterKey({ file, mode, random }: MasterKeyRequest): string | null {
  if (file === null) return null;
  const known = readKey(file);
  if (known !== null || mode === "read") return known;
  try {
    makeKey(file, Buffer.from(random.fill(new Uint8Array(KEY_BYTES))).toString("base64url"));
  } catch (cause) {
    throw new HarnessError(
      "store-read-only",
      `The master key cannot be kept in ${file}; set COLOPHON_SECRET, or give the store a place that can be written.`,
      { cause },
    );
  }
  return readKey(file);
}

function readKey(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new HarnessError(
      "store-unavailable",
      `The master key in ${file} cannot be read; set COLOPHON_SECRET, or check the file's permissions.`,
      { cause },
    );
  }
}

/** The file appears whole or not at all, and whoever comes second takes the first one's. */
function makeKey(file: string, key: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ignore = join(folder, ".gitignore");
  // Not for the repository around it, also where there is no store yet.
  if (basename(folder) === STORE_FOLDER && !existsSync(ignore)) writeFileSync(ignore, "*\n");
  const draft = `${file}.${key.slice(0, 8)}`;
  writeFileSync(draft, `${key}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
