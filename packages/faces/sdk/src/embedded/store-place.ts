/** Reads where the store is from an option or variable: a folder, a file, a file URL. */
import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HarnessError } from "@colophon/kernel";
import { findStore, placeIn, type StorePlace } from "./find-store.ts";

/**
 * The place of the store.
 *
 * @throws HarnessError `store-unsupported` for a server's address.
 */
export function storePlace(store: string | undefined, from: string): StorePlace {
  if (store === undefined || store === "") return findStore(from);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(store) && !store.startsWith("file:")) {
    const scheme = store.slice(0, store.indexOf(":"));
    throw new HarnessError(
      "store-unsupported",
      `This version of colophon opens embedded stores, not ${scheme}: addresses; give a folder or file, or leave it out.`,
    );
  }
  const path = store.startsWith("file:") ? fileURLToPath(store) : resolve(from, store);
  if (basename(path) === ".colophon" || isFolder(path)) return placeIn(path);
  return { folder: dirname(path), file: path, spool: join(dirname(path), "spool") };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
