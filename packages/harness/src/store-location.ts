/** Finds out which store is meant: a file, a `file:` URL or a `.colophon` folder, or the nearest one upward. */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HarnessError } from "@colophon/kernel";

/** The folder that holds a store beside the code it serves. */
export const STORE_FOLDER = ".colophon";
const STORE_FILE = "store.db";

export interface StoreLocation {
  /** The database itself. */
  readonly file: string;
  /** Where applications leave rows while the store is busy. */
  readonly spool: string;
  /** The `.colophon` folder, where there is one. */
  readonly folder: string | null;
  readonly exists: boolean;
}

/**
 * The nearest `.colophon/` from a folder upward, or undefined.
 *
 * @example
 * const folder = findStore(process.cwd());
 */
export function findStore(cwd: string): string | undefined {
  for (let at = resolve(cwd); ; at = dirname(at)) {
    const folder = join(at, STORE_FOLDER);
    if (isFolder(folder)) return folder;
    if (dirname(at) === at) return undefined;
  }
}

/**
 * The store that is named, else the nearest upward, else `./.colophon`.
 *
 * @throws HarnessError `store-unsupported` for servers, which this build does not reach.
 * @example
 * const { file, exists } = locateStore({ cwd: process.cwd() });
 */
export function locateStore(options: { readonly store?: string; readonly cwd: string }): StoreLocation {
  const { store, cwd } = options;
  if (store === undefined || store === "")
    return inFolder(findStore(cwd) ?? join(resolve(cwd), STORE_FOLDER));
  const path = resolve(cwd, pathOf(store));
  if (basename(path) === STORE_FOLDER || isFolder(path)) return inFolder(path);
  return { file: path, spool: join(dirname(path), "spool"), folder: null, exists: existsSync(path) };
}

function pathOf(store: string): string {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(store)?.[1]?.toLowerCase();
  if (scheme === undefined) return store;
  if (scheme !== "file") {
    throw new HarnessError(
      "store-unsupported",
      `This build serves embedded stores, not ${scheme}: addresses; give a file or a ${STORE_FOLDER} folder.`,
    );
  }
  try {
    return store.startsWith("file://") ? fileURLToPath(store) : store.slice("file:".length);
  } catch (cause) {
    throw new HarnessError(
      "usage",
      `"${store}" is no file URL of this machine; write file:///path/store.db.`,
      {
        cause,
      },
    );
  }
}

function inFolder(folder: string): StoreLocation {
  const file = join(folder, STORE_FILE);
  return { file, spool: join(folder, "spool"), folder, exists: existsSync(file) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
