/** Use cases of environments, on any house. */

import type { House } from "../house.ts";
import {
  addEnvironmentOperation,
  checkEnvironmentOperation,
  listEnvironmentsOperation,
  protectEnvironmentOperation,
} from "./environment-operations.ts";
import { offer } from "./offer.ts";

/**
 * Every environment with its policy, and how much is live there.
 *
 * @example
 * const names = (await findEnvironments(house)).map(({ name }) => name);
 */
export const findEnvironments = (house: House) => offer(listEnvironmentsOperation)(house, {});

/**
 * Refuses an environment that is not there.
 *
 * @throws HarnessError `environment-unknown`.
 * @example
 * await checkEnvironment(house, "production");
 */
export async function checkEnvironment(house: House, environment: string): Promise<void> {
  await offer(checkEnvironmentOperation)(house, { environment });
}

/**
 * Adds an environment; the same one again changes nothing.
 *
 * @throws HarnessError `usage` or `environment-unknown`.
 * @example
 * await addEnvironment(house, { name: "preview", inherits: "staging" });
 */
export const addEnvironment = offer(addEnvironmentOperation);

/**
 * Says what an environment asks for before a version is live there.
 *
 * @throws HarnessError `environment-unknown` or `usage`.
 * @example
 * await protectEnvironment(house, { name: "staging", gate: "always", approvals: 1 });
 */
export const protectEnvironment = offer(protectEnvironmentOperation);
