/** Operations on what serves: resolving and rendering, releases and the way back, overrides, approvals. */
import { z } from "zod";
import { approveVersion } from "../approve-version.ts";
import { clearOverride, findOverrides, setOverride } from "../overrides.ts";
import { releaseVersion, rollBack, withdrawVersion } from "../release-version.ts";
import { renderPrompt } from "../render-prompt.ts";
import { resolvePrompt } from "../resolve-prompt.ts";
import { retireApplication } from "../retire-application.ts";
import {
  approvedVersionShape,
  overrideResultShape,
  overrideShape,
  releasedShape,
  renderedShape,
  resolutionShape,
  retiredShape,
  rolledBackShape,
  withdrawnShape,
} from "./delivery-shapes.ts";
import { operation } from "./operation.ts";
import { environmentName, modelShape, promptKey, subject, time, versionNumber, words } from "./shapes.ts";

const name = z.string().max(200);
const subjectId = z.string().max(1_000).optional();

const resolveInput = z.object({
  key: promptKey,
  environment: environmentName,
  version: versionNumber.nullable().optional(),
  user: subjectId,
  tenant: subjectId,
  document: subjectId,
  documentType: subjectId,
  session: subjectId,
  locale: name.optional(),
  application: name.nullable().optional(),
  route: name.optional(),
  at: time.optional(),
});

/** Asked by POST: who is asked for has no place in an address, which is logged along the way. */
export const resolvePromptOperation = operation({
  name: "prompt.resolve",
  method: "POST",
  path: "/prompts/{key}/resolutions",
  tag: "delivery",
  summary: "Which version a call would be served, and why.",
  scope: "resolve",
  isRead: true,
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: resolveInput,
  output: resolutionShape,
  run: resolvePrompt,
});

export const renderPromptOperation = operation({
  name: "prompt.render",
  method: "POST",
  path: "/prompts/{key}/renderings",
  tag: "delivery",
  summary: "The messages that a call would send.",
  scope: "resolve",
  isRead: true,
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: resolveInput.extend({ variables: z.record(z.string().max(1_000), z.unknown()) }),
  output: renderedShape,
  run: renderPrompt,
});

export const releaseVersionOperation = operation({
  name: "release.create",
  method: "POST",
  path: "/prompts/{key}/releases",
  tag: "delivery",
  summary: "Make a version live in an environment, through the gate.",
  scope: "release",
  where: ({ environment }) => environment,
  isException: ({ breakGlass = null }) => breakGlass !== null,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    version: versionNumber.nullable(),
    environment: environmentName,
    fromEnvironment: environmentName.nullable().optional(),
    reason: words,
    model: modelShape.nullable().optional(),
    breakGlass: words.nullable().optional(),
  }),
  output: releasedShape,
  run: releaseVersion,
});

export const rollBackOperation = operation({
  name: "rollback.create",
  method: "POST",
  path: "/prompts/{key}/rollbacks",
  tag: "delivery",
  summary: "Put back what was live before; never asks for evidence.",
  scope: "release",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    environment: environmentName,
    to: versionNumber.nullable().optional(),
    reason: words,
  }),
  output: rolledBackShape,
  run: rollBack,
});

export const withdrawVersionOperation = operation({
  name: "version.withdraw",
  method: "POST",
  path: "/prompts/{key}/versions/{version}/withdrawals",
  tag: "delivery",
  summary: "Stop a version at every tier, for good.",
  scope: "release",
  targetOf: ({ key }) => key,
  input: z.object({ key: promptKey, version: versionNumber, reason: words }),
  output: withdrawnShape,
  run: withdrawVersion,
});

export const approveVersionOperation = operation({
  name: "version.approve",
  method: "POST",
  path: "/prompts/{key}/versions/{version}/approvals",
  tag: "delivery",
  summary: "Judge a version for an environment; a later judgement replaces an earlier one.",
  scope: "review",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    version: versionNumber,
    environment: environmentName,
    safety: z.boolean(),
    compliance: z.boolean(),
    style: z.boolean(),
    comment: words.nullable().optional(),
  }),
  output: approvedVersionShape,
  run: approveVersion,
});

export const retireApplicationOperation = operation({
  name: "application.retire",
  method: "POST",
  path: "/environments/{environment}/retirements",
  tag: "delivery",
  summary: "End an application that is gone from an environment: releases need not fit it any more.",
  scope: "release",
  where: ({ environment }) => environment,
  targetOf: ({ application }) => application,
  input: z.object({
    application: name.nullable(),
    environment: environmentName,
    key: promptKey.nullable(),
    reason: words,
  }),
  output: retiredShape,
  run: retireApplication,
});

const overrideTarget = {
  key: promptKey,
  subject,
  environment: environmentName.nullable(),
  reason: words.nullable().optional(),
};

export const setOverrideOperation = operation({
  name: "override.set",
  method: "PUT",
  path: "/prompts/{key}/overrides",
  tag: "delivery",
  summary: "Serve a version to one subject from now on, through the gate.",
  scope: "override",
  where: ({ environment }) => environment,
  isException: ({ breakGlass = null }) => breakGlass !== null,
  targetOf: ({ key }) => key,
  input: z.object({
    ...overrideTarget,
    version: versionNumber,
    expires: time.nullable(),
    breakGlass: words.nullable().optional(),
  }),
  output: overrideResultShape,
  run: setOverride,
});

export const clearOverrideOperation = operation({
  name: "override.clear",
  method: "POST",
  path: "/prompts/{key}/overrides/clear",
  tag: "delivery",
  summary: "Take back what was set for a subject.",
  scope: "override",
  where: ({ environment }) => environment,
  targetOf: ({ key }) => key,
  input: z.object(overrideTarget),
  output: overrideResultShape,
  run: clearOverride,
});

/** `/overrides/find` is what applications fetch ahead by; this one is for people, with times and names. */
export const findOverridesOperation = operation({
  name: "override.list",
  method: "POST",
  path: "/overrides/list",
  tag: "delivery",
  summary: "Overrides with their subjects in plain words, newest first.",
  scope: "read",
  isRead: true,
  where: ({ environment }) => environment ?? null,
  targetOf: ({ key }) => key ?? null,
  input: z.object({
    key: promptKey.optional(),
    environment: environmentName.optional(),
    subject: subject.optional(),
  }),
  output: z.array(overrideShape),
  run: findOverrides,
});

export const DELIVERY_OPERATIONS = [
  resolvePromptOperation,
  renderPromptOperation,
  approveVersionOperation,
  releaseVersionOperation,
  rollBackOperation,
  withdrawVersionOperation,
  retireApplicationOperation,
  setOverrideOperation,
  clearOverrideOperation,
  findOverridesOperation,
] as const;
