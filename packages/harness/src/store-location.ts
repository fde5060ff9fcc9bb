/** Says which store is meant, and whether it is there. */
import { existsSync } from "node:fs";
import { HarnessError } from "@colophon/kernel";
import { hasPostgresStore } from "@colophon/storage/postgres";
import { findStore, type StorePlace, storePlace } from "@colophon/storage/sqlite/core";

export { STORE_FOLDER } from "@colophon/storage/sqlite/core";

export interface StoreLocation extends StorePlace {
  readonly exists: boolean;
}

/**
 * The store that is named, else the nearest upward, else `./.colophon`.
 *
 * @throws HarnessError `store-unsupported` for the address of a server, behind which the store is not at hand.
 * @example
 * const { file, exists } = locateStore({ cwd: process.cwd() });
 */
export function locateStore(options: { readonly store?: string; readonly cwd: string }): StoreLocation {
  if (/^https?:\/\//i.test(options.store ?? "")) {
    throw new HarnessError(
      "store-unsupported",
      "This works on a store itself, and the address is a server's: give --store a file, a folder or a postgres:// address.",
    );
  }
  const place = storePlace(options.store, options.cwd);
  return { ...place, exists: existsSync(place.file) };
}

/**
 * Whether the store is named by an address of PostgreSQL.
 *
 * @example
 * const needsSecret = isOnServer(process.env.COLOPHON_STORE);
 */
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
