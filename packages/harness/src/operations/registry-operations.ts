/** Operations on the registry: prompts, their versions, and texts that are proposed. */
import { CANDIDATE_ORIGINS, HarnessError } from "@colophon/kernel";
import { z } from "zod";
import { type DiffSides, diffVersions } from "../diff-versions.ts";
import type { Harness } from "../harness.ts";
import { addCandidate } from "../learning/add-candidate.ts";
import { listCandidates } from "../learning/list-candidates.ts";
import { promoteCandidate } from "../learning/promote-candidate.ts";
import { listPrompts } from "../list-prompts.ts";
import { registerDeclared, registerPrompt } from "../register-prompt.ts";
import { showPrompt } from "../show-prompt.ts";
import { versionLog } from "../version-log.ts";
import { operation } from "./operation.ts";
import {
  addedCandidateShape,
  candidateShape,
  loggedVersionShape,
  promotedShape,
  promptSummaryShape,
  registeredVersionShape,
  shownPromptShape,
  versionDiffShape,
} from "./registry-shapes.ts";
import { environmentName, promptKey, versionNumber, words } from "./shapes.ts";

/** A file's name, a commit, or what a text was made from. */
const name = z.string().max(1_000);
const candidateNumber = z.int().min(1);

export const listPromptsOperation = operation({
  name: "prompt.list",
  method: "GET",
  path: "/prompts",
  tag: "registry",
  summary: "Every prompt with what is live and what code declares, in the order of their keys.",
  scope: "read",
  where: "registry",
  input: z.object({}),
  output: z.array(promptSummaryShape),
  run: listPrompts,
});

export const showPromptOperation = operation({
  name: "prompt.show",
  method: "GET",
  path: "/prompts/{key}",
  tag: "registry",
  summary: "A prompt, and one version with its text and the five answers about it.",
  scope: "read",
  where: "registry",
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    version: versionNumber.nullable().default(null),
    environment: environmentName,
  }),
  output: shownPromptShape,
  run: showPrompt,
});

export const versionLogOperation = operation({
  name: "version.list",
  method: "GET",
  path: "/prompts/{key}/versions",
  tag: "registry",
  summary: "The versions of a prompt with their releases, newest first.",
  scope: "read",
  where: "registry",
  targetOf: ({ key }) => key,
  input: z.object({ key: promptKey }),
  output: z.array(loggedVersionShape),
  run: (harness: Harness, { key }: { readonly key: string }) => versionLog(harness, key),
});

/** Two versions, or two environments whose live ones are compared. */
export interface DiffQuery {
  readonly key: string;
  readonly versions?: readonly number[];
  readonly environments?: readonly string[];
}

export const diffVersionsOperation = operation({
  name: "version.diff",
  method: "GET",
  path: "/prompts/{key}/diff",
  tag: "registry",
  summary: "What differs between two versions, or between what is live in two environments.",
  scope: "read",
  where: "registry",
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    versions: z.array(versionNumber).length(2).exactOptional(),
    environments: z.array(environmentName).length(2).exactOptional(),
  }),
  output: versionDiffShape,
  run: (harness: Harness, query: DiffQuery) => diffVersions(harness, query.key, sidesOf(query)),
});

/** @throws HarnessError `usage` unless just one pair is named. */
function sidesOf({ versions, environments }: DiffQuery): DiffSides {
  const [v1, v2] = versions ?? [];
  const [e1, e2] = environments ?? [];
  if (v1 !== undefined && v2 !== undefined && environments === undefined) return { versions: [v1, v2] };
  if (e1 !== undefined && e2 !== undefined && versions === undefined) return { environments: [e1, e2] };
  throw new HarnessError("usage", "Two sides are needed; give either two versions or two environments.");
}

export const registerPromptOperation = operation({
  name: "version.register",
  method: "POST",
  path: "/versions",
  tag: "registry",
  summary: "Make a version of what a prompt file says; the same content again makes none.",
  scope: "author",
  targetOf: ({ file }) => file,
  input: z.object({
    value: z.unknown(),
    file: name,
    message: words.nullable().optional(),
    commit: name.nullable().optional(),
  }),
  output: registeredVersionShape,
  run: registerPrompt,
});

export const registerDeclaredOperation = operation({
  name: "declaration.register",
  method: "POST",
  path: "/environments/{environment}/versions",
  tag: "registry",
  summary: "Number the texts that code declared last in an environment.",
  scope: "author",
  targetOf: ({ key }) => key ?? null,
  input: z.object({
    environment: environmentName,
    key: promptKey.optional(),
    message: words.nullable().optional(),
    commit: name.nullable().optional(),
  }),
  output: z.array(registeredVersionShape),
  run: registerDeclared,
});

export const addCandidateOperation = operation({
  name: "candidate.add",
  method: "POST",
  path: "/prompts/{key}/candidates",
  tag: "registry",
  summary: "Propose a text, which nothing serves.",
  scope: "author",
  targetOf: ({ key }) => key,
  input: z.object({
    key: promptKey,
    value: z.unknown(),
    file: name,
    rationale: words,
    origin: z.enum(CANDIDATE_ORIGINS).optional(),
    parent: name.nullable().optional(),
  }),
  output: addedCandidateShape,
  run: addCandidate,
});

export const listCandidatesOperation = operation({
  name: "candidate.list",
  method: "GET",
  path: "/prompts/{key}/candidates",
  tag: "registry",
  summary: "The candidates of a prompt, newest first, with what became of each.",
  scope: "read",
  where: "registry",
  targetOf: ({ key }) => key,
  input: z.object({ key: promptKey }),
  output: z.array(candidateShape),
  run: (harness: Harness, { key }: { readonly key: string }) => listCandidates(harness, key),
});

export const promoteCandidateOperation = operation({
  name: "candidate.promote",
  method: "POST",
  path: "/prompts/{key}/candidates/{candidate}/promotions",
  tag: "registry",
  summary: "Make a version of a candidate; to serve it is a release.",
  scope: "author",
  targetOf: ({ key }) => key,
  input: z.object({ key: promptKey, candidate: candidateNumber, message: words.optional() }),
  output: promotedShape,
  run: promoteCandidate,
});

export const REGISTRY_OPERATIONS = [
  listPromptsOperation,
  showPromptOperation,
  versionLogOperation,
  diffVersionsOperation,
  registerPromptOperation,
  registerDeclaredOperation,
  addCandidateOperation,
  listCandidatesOperation,
  promoteCandidateOperation,
] as const;
