/** Use cases of files held against the registry, on any house. */
import { offer } from "./offer.ts";
import {
  listChangesOperation,
  listContractsOperation,
  listHeadsOperation,
  pushFilesOperation,
} from "./sync-operations.ts";

/** A page of the newest versions. */
export const listHeads = offer(listHeadsOperation);

/** What became of prompts since the versions that their files were made from. */
export const listChanges = offer(listChangesOperation);

/** Makes versions of files, all or none. */
export const pushFiles = offer(pushFilesOperation);

/** A page of what versions take and give. */
export const listContracts = offer(listContractsOperation);
