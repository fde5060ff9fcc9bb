/** A store to be served, in a file or on a PostgreSQL of its own, for as long as something is measured. */
import { temporaryFolder } from "../measure/temporary-folder.ts";
import { makeServedStore, type ServedScale, type ServedStore } from "./served-store.ts";
import { startPostgres } from "./start-servers.ts";

export type StoreKind = "SQLite" | "PostgreSQL";

export interface StoreToServe {
  readonly kind: StoreKind;
  readonly registry: ServedScale;
}

export async function withServedStore<T>(
  { kind, registry }: StoreToServe,
  measure: (served: ServedStore) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder();
  const postgres = kind === "PostgreSQL" ? await startPostgres() : null;
  try {
    return await measure(await makeServedStore(registry, folder.path, postgres?.url ?? null));
  } finally {
    await postgres?.end();
    folder.remove();
  }
}
