/** Finds the embedded store of a folder: the nearest `.colophon/` upward. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const FOLDER = ".colophon";

/** Where a store's file and its spool are. */
export interface StorePlace {
  readonly folder: string;
  readonly file: string;
  readonly spool: string;
}

/** The place in a `.colophon` folder. */
export function placeIn(folder: string): StorePlace {
  return { folder, file: join(folder, "store.db"), spool: join(folder, "spool") };
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
  for (let at = resolve(from); ; at = dirname(at)) {
    if (existsSync(join(at, FOLDER))) return placeIn(join(at, FOLDER));
    if (dirname(at) === at) return placeIn(join(resolve(from), FOLDER));
  }
}
