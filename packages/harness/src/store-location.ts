/** Says which store is meant, and whether it is there. */
import { existsSync } from "node:fs";
import { type StorePlace, storePlace } from "@colophon/storage/sqlite/core";

export { STORE_FOLDER } from "@colophon/storage/sqlite/core";

export interface StoreLocation extends StorePlace {
  readonly exists: boolean;
}

/**
 * The store that is named, else the nearest upward, else `./.colophon`.
 *
 * @throws HarnessError `store-unsupported` for servers, which this build does not reach.
 * @example
 * const { file, exists } = locateStore({ cwd: process.cwd() });
 */
export function locateStore(options: { readonly store?: string; readonly cwd: string }): StoreLocation {
  const place = storePlace(options.store, options.cwd);
  return { ...place, exists: existsSync(place.file) };
}
