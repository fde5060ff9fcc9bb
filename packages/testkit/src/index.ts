/** The testkit: injected time and chance, builders of records and rows, and one contract for each port. */

export { aStart } from "./builders/a-start.ts";
export { aText } from "./builders/a-text.ts";
export { anActor } from "./builders/an-actor.ts";
export { anExecution } from "./builders/an-execution.ts";
export { anOutcome } from "./builders/an-outcome.ts";
export * from "./builders/record-drafts.ts";
export { anyExecutionFields, anyRecordDraft } from "./contracts/arbitraries.ts";
export { coordinationContract } from "./contracts/coordination-contract.ts";
export {
  type InstallationContract,
  MASTER_KEY,
  type OpenedInstallation,
} from "./contracts/installation/opened-installation.ts";
export { installationContract } from "./contracts/installation-contract.ts";
export { ledgerSinkContract, type OpenedSink, type SinkContract } from "./contracts/ledger-sink-contract.ts";
export { ledgerStoreContract } from "./contracts/ledger-store-contract.ts";
export { expectMetricsToAddUp } from "./contracts/metric-contract.ts";
export type { OpenedStore, StoreContract, StoreParts } from "./contracts/opened-store.ts";
export { recordStoreContract } from "./contracts/record-store-contract.ts";
export { expectRollupsToAddUp } from "./contracts/rollup-contract.ts";
export {
  type OpenedSource,
  type SourceContract,
  snapshotSourceContract,
} from "./contracts/snapshot-source-contract.ts";
export { storeCareContract } from "./contracts/store-care-contract.ts";
export { type FixedClock, fixedClock } from "./fixed-clock.ts";
export { seededIds } from "./seeded-ids.ts";
export { seededRandom } from "./seeded-random.ts";
