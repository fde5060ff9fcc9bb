/** Use cases of environments, on any house. */

import type { House } from "../house.ts";
import {
  addEnvironmentOperation,
  checkEnvironmentOperation,
  listEnvironmentsOperation,
  protectEnvironmentOperation,
} from "./environment-operations.ts";
import { offer } from "./offer.ts";

/** Every environment with its policy, and how much is live there. */
export const findEnvironments = (house: House) => offer(listEnvironmentsOperation)(house, {});

/** @throws HarnessError `environment-unknown`. */
export async function checkEnvironment(house: House, environment: string): Promise<void> {
  await offer(checkEnvironmentOperation)(house, { environment });
}

/** @throws HarnessError `usage` or `environment-unknown`. */
export const addEnvironment = offer(addEnvironmentOperation);

/** @throws HarnessError `environment-unknown` or `usage`. */
export const protectEnvironment = offer(protectEnvironmentOperation);
