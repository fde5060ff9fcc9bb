/** Use cases of what serves, on any house. */
import {
  approveVersionOperation,
  clearOverrideOperation,
  findOverridesOperation,
  releaseVersionOperation,
  renderPromptOperation,
  resolvePromptOperation,
  retireApplicationOperation,
  rollBackOperation,
  setOverrideOperation,
  withdrawVersionOperation,
} from "./delivery-operations.ts";
import { offer } from "./offer.ts";

/**
 * Which version a call would be served, and why.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `application-unknown` or `version-unknown`.
 * @example
 * const { version, tier, considered } = await resolvePrompt(house, {
 *   key: "support.triage",
 *   environment: "production",
 *   user: "ada",
 * });
 */
export const resolvePrompt = offer(resolvePromptOperation);

/**
 * The messages that a call would send.
 *
 * @throws HarnessError `variable-missing`, `variable-extra`, `variable-invalid`, and `version-unknown`, `withdrawn` or
 * `misfit` for a version that was asked for and cannot be served.
 * @example
 * const { messages } = await renderPrompt(house, {
 *   key: "support.triage",
 *   environment: "production",
 *   variables: { ticket },
 * });
 */
export const renderPrompt = offer(renderPromptOperation);

/**
 * Makes a version live in an environment, through the gate.
 *
 * @throws HarnessError as `decideRelease` of delivery does.
 * @example
 * const { previous } = await releaseVersion(house, {
 *   key: "support.triage",
 *   version: 8,
 *   environment: "production",
 *   reason: "clearer labels",
 * });
 */
export const releaseVersion = offer(releaseVersionOperation);

/**
 * Puts back what was live before; never asks for evidence.
 *
 * @throws HarnessError as `decideRollback` of delivery does.
 * @example
 * const { from, version } = await rollBack(house, {
 *   key: "support.triage",
 *   environment: "production",
 *   reason: "too many wrong labels",
 * });
 */
export const rollBack = offer(rollBackOperation);

/**
 * Stops a version at every tier, for good.
 *
 * @throws HarnessError `key-unknown`, `version-unknown` or `reason-missing`.
 * @example
 * await withdrawVersion(house, { key: "support.triage", version: 8, reason: "leaks account numbers" });
 */
export const withdrawVersion = offer(withdrawVersionOperation);

/**
 * Records a judgement of the caller about a version in an environment.
 *
 * @throws HarnessError as `decideApproval` of delivery does.
 * @example
 * const place = { key: "support.triage", version: 8, environment: "production" };
 * const { lacks } = await approveVersion(house, { ...place, safety: true, compliance: true, style: true });
 */
export const approveVersion = offer(approveVersionOperation);

/**
 * Ends an application there: releases need not fit it any more, until it is started again.
 *
 * @throws HarnessError `application-unknown`, `environment-unknown`, `key-unknown` or `reason-missing`.
 * @example
 * const { prompts } = await retireApplication(house, {
 *   application: "old-shop",
 *   environment: "production",
 *   key: null,
 *   reason: "switched off in May",
 * });
 */
export const retireApplication = offer(retireApplicationOperation);

/**
 * Serves a version to one subject from now on, through the gate.
 *
 * @throws HarnessError as `decideOverride` of delivery does.
 * @example
 * await setOverride(house, {
 *   key: "support.triage",
 *   version: 8,
 *   subject: { kind: "user", value: "ada" },
 *   environment: "production",
 *   expires: null,
 * });
 */
export const setOverride = offer(setOverrideOperation);

/**
 * Takes back what was set for a subject.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown` or `usage`.
 * @example
 * await clearOverride(house, {
 *   key: "support.triage",
 *   subject: { kind: "user", value: "ada" },
 *   environment: "production",
 * });
 */
export const clearOverride = offer(clearOverrideOperation);

/**
 * Overrides with their subjects in plain words, newest first.
 *
 * @throws HarnessError `key-unknown` or `environment-unknown`.
 * @example
 * const overrides = await findOverrides(house, { key: "support.triage", environment: "production" });
 */
export const findOverrides = offer(findOverridesOperation);
