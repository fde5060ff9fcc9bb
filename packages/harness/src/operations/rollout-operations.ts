/** Operations on rollouts: start them, see where they stand, and say something to them. */
import { z } from "zod";
import { abortRollout, approveRollout, pauseRollout, resumeRollout } from "../delivery/change-rollout.ts";
import { listRollouts, type RolloutsQuery } from "../delivery/list-rollouts.ts";
import { rolloutStatus } from "../delivery/rollout-status.ts";
import { startRollout } from "../delivery/start-rollout.ts";
import { shadowPairs } from "../evaluation/online/shadow-pairs.ts";
import type { Harness } from "../harness.ts";
import { operation } from "./operation.ts";
import {
  approvedRolloutShape,
  changedRolloutShape,
  rolloutShape,
  rolloutStatusShape,
  startedRolloutShape,
} from "./rollout-shapes.ts";
import { environmentName, promptKey, versionNumber, words } from "./shapes.ts";

/** Prompts that move together, and versions of one that compete. */
const MOST_MEMBERS = 100;
const MOST_ARMS = 20;

const scopeName = z.string().min(1).max(1_000).exactOptional();
const place = { key: promptKey, environment: environmentName };
const inPlace = ({ environment }: { readonly environment: string }): string => environment;
const ofKey = ({ key }: { readonly key: string }): string => key;

export const startRolloutOperation = operation({
  name: "rollout.start",
  method: "POST",
  path: "/rollouts",
  tag: "rollouts",
  summary: "Let a version out by stages, through the gate.",
  scope: "release",
  where: inPlace,
  isException: ({ breakGlass = null }) => breakGlass !== null,
  targetOf: ({ members }) => members.map(({ key }) => key).join(", "),
  input: z.object({
    members: z
      .array(z.object({ key: promptKey, versions: z.array(versionNumber).min(1).max(MOST_ARMS) }))
      .min(1)
      .max(MOST_MEMBERS),
    environment: environmentName,
    plan: z.unknown().optional(),
    policy: z.enum(["fixed", "mol-ts"]).optional(),
    where: z.object({ documentType: scopeName, tenant: scopeName }).nullable().optional(),
    reason: words,
    breakGlass: words.nullable().optional(),
  }),
  output: startedRolloutShape,
  run: startRollout,
});

export const listRolloutsOperation = operation({
  name: "rollout.list",
  method: "GET",
  path: "/rollouts",
  tag: "rollouts",
  summary: "Rollouts, the newest first.",
  scope: "read",
  where: ({ environment }) => environment ?? null,
  targetOf: ({ key }) => key ?? null,
  input: z.object({
    key: promptKey.optional(),
    environment: environmentName.optional(),
    open: z.boolean().optional(),
  }),
  output: z.array(rolloutShape),
  run: (harness: Harness, query: RolloutsQuery) => listRollouts(harness, query),
});

export const rolloutStatusOperation = operation({
  name: "rollout.status",
  method: "GET",
  path: "/prompts/{key}/rollout",
  tag: "rollouts",
  summary: "Where a rollout stands now, by its records and the ledger, and what it waits for.",
  scope: "read",
  where: inPlace,
  targetOf: ofKey,
  input: z.object(place),
  output: rolloutStatusShape,
  run: (harness: Harness, query: { readonly key: string; readonly environment: string }) =>
    rolloutStatus(harness, query, { pairsOf: shadowPairs(harness) }),
});

export const pauseRolloutOperation = operation({
  name: "rollout.pause",
  method: "POST",
  path: "/prompts/{key}/rollout/pause",
  tag: "rollouts",
  summary: "Hold a rollout; it goes on serving its share, and its guards go on watching.",
  scope: "release",
  where: inPlace,
  targetOf: ofKey,
  input: z.object({ ...place, reason: words }),
  output: changedRolloutShape,
  run: pauseRollout,
});

export const resumeRolloutOperation = operation({
  name: "rollout.resume",
  method: "POST",
  path: "/prompts/{key}/rollout/resume",
  tag: "rollouts",
  summary: "Go on with a held rollout, in spite of what is accepted by name.",
  scope: "release",
  where: inPlace,
  targetOf: ofKey,
  input: z.object({
    ...place,
    reason: words,
    accept: z.array(z.string().max(200)).max(100).optional(),
  }),
  output: changedRolloutShape,
  run: resumeRollout,
});

export const approveRolloutOperation = operation({
  name: "rollout.approve",
  method: "POST",
  path: "/prompts/{key}/rollout/approvals",
  tag: "rollouts",
  summary: "Judge what a rollout is to serve everybody with; a later judgement replaces an earlier one.",
  scope: "review",
  where: inPlace,
  targetOf: ofKey,
  input: z.object({
    ...place,
    version: versionNumber.nullable().optional(),
    safety: z.boolean(),
    compliance: z.boolean(),
    style: z.boolean(),
    comment: words.nullable().optional(),
  }),
  output: approvedRolloutShape,
  run: approveRollout,
});

export const abortRolloutOperation = operation({
  name: "rollout.abort",
  method: "POST",
  path: "/prompts/{key}/rollout/abort",
  tag: "rollouts",
  summary: "End a rollout, whatever its state: the live version serves everybody.",
  scope: "release",
  where: inPlace,
  targetOf: ofKey,
  input: z.object({ ...place, reason: words }),
  output: changedRolloutShape,
  run: abortRollout,
});

export const ROLLOUT_OPERATIONS = [
  startRolloutOperation,
  listRolloutsOperation,
  rolloutStatusOperation,
  pauseRolloutOperation,
  resumeRolloutOperation,
  approveRolloutOperation,
  abortRolloutOperation,
] as const;
