/** Use cases of looking after a store, on any house. */
import type { House } from "../house.ts";
import type { VerifyQuery, VerifyResult } from "../verify-store.ts";
import {
  diagnoseOperation,
  eraseSubjectOperation,
  exportSnapshotOperation,
  retainRowsOperation,
  verifyStoreOperation,
} from "./care-operations.ts";
import { offer, offerJob } from "./offer.ts";

const verify = offerJob(verifyStoreOperation);

/**
 * Never writes into the store.
 *
 * @example
 * const { ok, findings } = await verifyStore(house);
 */
export function verifyStore(house: House, query: VerifyQuery = {}): Promise<VerifyResult> {
  return verify(house, query, {});
}

/**
 * Errors first.
 *
 * @example
 * for (const { severity, message } of await diagnose(house)) console.log(severity, message);
 */
export const diagnose = (house: House) => offer(diagnoseOperation)(house, {});

/**
 * Everything that resolvers need, as one document.
 *
 * @throws HarnessError `store-corrupt` when a text that may be served is not in the store.
 * @example
 * const { revision, prompts } = await exportSnapshot(house);
 */
export const exportSnapshot = (house: House) => offer(exportSnapshotOperation)(house, {});

/**
 * Destroys what ties records to a subject; `compacted` is false when it has to be run again.
 *
 * @example
 * const { known, executions } = await eraseSubject(house, { kind: "user", value: "ada" });
 */
export const eraseSubject = offer(eraseSubjectOperation);

/**
 * Lets go of rows, their outcomes, starts and contents, or says how many would go.
 *
 * @throws HarnessError `time-invalid` for a time to come, `store-unsupported` for a store that keeps every
 * row, `store-read-only` for anybody but the owner of the store.
 * @example
 * const { since, executions } = await retainRows(house, { before: Date.parse("2026-01-01"), dryRun: true });
 */
export const retainRows = offer(retainRowsOperation);
