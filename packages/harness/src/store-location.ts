/** Says which store is meant, and whether it is there. */
import { existsSync } from "node:fs";
import { hasPostgresStore } from "@colophon/storage/postgres";
import { findStore, type StorePlace, storePlace } from "@colophon/storage/sqlite/core";

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

/** Whether the store is named by an address of PostgreSQL. */
export function isOnServer(store: string | undefined): store is string {
  return store !== undefined && /^postgres(?:ql)?:\/\//i.test(store);
}

/**
 * Whether the store that is named is there.
 *
 * @throws HarnessError `store-unavailable` for a server that cannot be asked, and all that `locateStore` throws.
 * @example
 * const exists = await storeExists({ store: ".colophon", cwd: process.cwd() });
 */
export async function storeExists(options: {
  readonly store: string;
  readonly cwd: string;
}): Promise<boolean> {
  const { store: url } = options;
  return isOnServer(url) ? hasPostgresStore({ url }) : locateStore(options).exists;
}

/** Where lies what belongs to a store on a server: the nearest `.colophon` upward, else `./.colophon`. */
export function folderBeside(cwd: string): string {
  return findStore(cwd).folder;
}
