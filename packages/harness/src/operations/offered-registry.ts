/** Use cases of the registry, on any house. */
import type { DiffSides } from "../diff-versions.ts";
import type { House } from "../house.ts";
import { offer } from "./offer.ts";
import {
  addCandidateOperation,
  diffVersionsOperation,
  listCandidatesOperation,
  listPromptsOperation,
  promoteCandidateOperation,
  registerDeclaredOperation,
  registerPromptOperation,
  showPromptOperation,
  versionLogOperation,
} from "./registry-operations.ts";

/**
 * Every prompt, in the order of their keys.
 *
 * @example
 * for (const { key, live } of await listPrompts(house)) console.log(key, live["production"]);
 */
export const listPrompts = (house: House) => offer(listPromptsOperation)(house, {});

/**
 * A prompt with its live versions, and one version with its text and the five answers.
 *
 * @throws HarnessError `key-unknown` or `version-unknown`.
 * @example
 * const { live, version } = await showPrompt(house, {
 *   key: "support.triage",
 *   version: 7,
 *   environment: "production",
 * });
 */
export const showPrompt = offer(showPromptOperation);

/**
 * The versions of a prompt with their releases, newest version first.
 *
 * @throws HarnessError `key-unknown`.
 * @example
 * for (const { version, author, releases } of await versionLog(house, "support.triage")) {
 *   console.log(version, author, releases.length);
 * }
 */
export const versionLog = (house: House, key: string) => offer(versionLogOperation)(house, { key });

/**
 * Compares two versions, or what is live in two environments.
 *
 * @throws HarnessError `key-unknown`, `version-unknown` or `environment-unknown`.
 * @example
 * const { same, body } = await diffVersions(house, "support.triage", { versions: [3, 4] });
 */
export const diffVersions = (house: House, key: string, sides: DiffSides) =>
  offer(diffVersionsOperation)(house, { key, ...sides });

/**
 * Makes a version of what a file says; the same content again makes none.
 *
 * @throws HarnessError `prompt-invalid`, `misfit`, `partial-missing`, `partial-cycle` or of the template.
 * @example
 * const { version, created } = await registerPrompt(house, {
 *   file: "triage.yaml",
 *   value: { key: "support.triage", model: "gpt-5-mini", body: "Sort the ticket." },
 * });
 */
export const registerPrompt = offer(registerPromptOperation);

/**
 * Numbers the texts that code declared last, those of each application where there are several.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, and what `registerPrompt` throws.
 * @example
 * const registered = await registerDeclared(house, { environment: "staging", key: "support.triage" });
 */
export const registerDeclared = offer(registerDeclaredOperation);

/**
 * Proposes a text, which nothing serves.
 *
 * @throws HarnessError `key-unknown`, `reason-missing`, `usage` for a file of another prompt, `version-unknown` for a
 * parent, and what `registerPrompt` throws.
 * @example
 * const { candidate } = await addCandidate(house, {
 *   key: "support.triage",
 *   file: "idea.yaml",
 *   value: { model: "gpt-5-mini", body: "Sort the ticket into billing, bug or other." },
 *   rationale: "names the labels",
 * });
 */
export const addCandidate = offer(addCandidateOperation);

/**
 * The candidates of a prompt, newest first.
 *
 * @throws HarnessError `key-unknown`.
 * @example
 * const open = (await listCandidates(house, "support.triage")).filter(({ decision }) => decision === null);
 */
export const listCandidates = (house: House, key: string) => offer(listCandidatesOperation)(house, { key });

/**
 * Makes a version of a candidate; to serve it is a release.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `reason-missing`, and what `registerPrompt` throws.
 * @example
 * const { version } = await promoteCandidate(house, { key: "support.triage", candidate: 3 });
 */
export const promoteCandidate = offer(promoteCandidateOperation);
