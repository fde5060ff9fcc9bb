/** Use cases that compare texts, on any house. */
import { comparePromptOperation, listDeclaredOperation } from "./compare-operations.ts";
import { offer } from "./offer.ts";

/**
 * What differs between two texts of a prompt, with their length, their cost and the checks that differ. Nothing is
 * recorded, and no model is asked.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `environment-unknown`, `input-malformed` for a policy, and
 * for a file `prompt-invalid` or what the template language says of its body.
 * @example
 * const { same, cost } = await comparePrompt(house, {
 *   key: "support.triage",
 *   before: { kind: "version", version: 3 },
 *   after: { kind: "version", version: 4 },
 * });
 */
export const comparePrompt = offer(comparePromptOperation);

/**
 * The texts that code declares in an environment and that were never live there.
 *
 * @throws HarnessError `environment-unknown`.
 * @example
 * for (const { key, live } of await listDeclared(house, { environment: "production" })) console.log(key, live);
 */
export const listDeclared = offer(listDeclaredOperation);
