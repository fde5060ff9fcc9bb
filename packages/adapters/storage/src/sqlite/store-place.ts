/** Finds out which store is meant: a file, a `file:` URL or a `.colophon` folder, or the nearest one upward. */
import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HarnessError } from "@colophon/kernel";
import { spoolDirOf } from "../spool/spool-dir-of.ts";

/** The folder that holds a store beside the code it serves. */
export const STORE_FOLDER = ".colophon";

/** Where a store's file and its spool are. */
export interface StorePlace {
  readonly folder: string;
  readonly file: string;
  /** Where applications leave rows while the store is busy. */
  readonly spool: string;
}

/**
 * The nearest store upward from a folder; where there is none, the place for one in that folder.
 */
export function findStore(from: string): StorePlace {
  for (let at = resolve(from); ; at = dirname(at)) {
    const folder = join(at, STORE_FOLDER);
    if (isFolder(folder)) return placeOf(join(folder, "store.db"));
    if (dirname(at) === at) return placeOf(join(resolve(from), STORE_FOLDER, "store.db"));
  }
}

/**
 * The store that is named, else the nearest upward, else `./.colophon`.
 *
 * @throws HarnessError `store-unsupported` for a server's address, `usage` for a file URL that is none.
 */
export function storePlace(store: string | undefined, from: string): StorePlace {
  if (store === undefined || store === "") return findStore(from);
  const path = resolve(from, pathOf(store));
  const isPlace = basename(path) === STORE_FOLDER || isFolder(path);
  return placeOf(isPlace ? join(path, "store.db") : path);
}

function pathOf(store: string): string {
  // One letter and a colon is a drive.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(store)?.[1]?.toLowerCase();
  if (scheme === undefined) return store;
  if (scheme !== "file") {
    throw new HarnessError(
      "store-unsupported",
      `This version of colophon opens embedded stores, not ${scheme}: addresses; give a folder or file, or leave it out.`,
    );
  }
  try {
    return store.startsWith("file://") ? fileURLToPath(store) : store.slice("file:".length);
  } catch (cause) {
    throw new HarnessError(
      "usage",
      `"${store}" is no file URL of this machine; write file:///path/store.db.`,
      { cause },
    );
  }
}

function placeOf(file: string): StorePlace {
  return { folder: dirname(file), file, spool: spoolDirOf(file) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
