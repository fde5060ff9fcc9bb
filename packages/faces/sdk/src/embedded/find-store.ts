/** Finds the embedded store of a folder, in types that need none of Node's own. */
import { findStore as nearestStore } from "@colophon/storage/sqlite/core";

/** Where a store's file and its spool are. */
export interface StorePlace {
  readonly folder: string;
  readonly file: string;
  readonly spool: string;
}

/**
 * The nearest store upward from a folder; where there is none, the place for one in that folder.
 *
 * @example
 * import { findStore } from "colophon/embedded";
 *
 * console.log(findStore(process.cwd()).file);
 */
export function findStore(from: string): StorePlace {
  return nearestStore(from);
}
