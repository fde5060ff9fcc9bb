/** A registry as large as a company's, as the snapshot document that resolvers are fed with. */
import { hash } from "node:crypto";
import {
  type AssignmentPlan,
  type Body,
  buildText,
  canonicalJson,
  type SnapshotDocument,
  type SnapshotOverride,
  type SnapshotPrompt,
  type VersionText,
} from "@colophon/kernel";
import { z } from "zod";
import { promptBody, promptInput } from "./prompt-body.ts";

export const ENVIRONMENT = "production";
export const MODEL = "gpt-5-mini";

/** Prompts of one kind. */
export interface PromptGroup {
  readonly name: string;
  readonly prompts: number;
  readonly versions: number;
  /** Overrides of users, which go round the prompts and name the last version. */
  readonly overrides?: number;
  /** The body by its seed; 600 words of Latin letters when left out. */
  readonly body?: (seed: number) => Body;
  /** A canary of the last version beside the live one. */
  readonly canary?: boolean;
}

export function promptKey(group: string, index: number): string {
  return `team.${group}.prompt-${index}`;
}

/** The user of an override; it is of the prompt with this index, modulo the number of prompts. */
export function overriddenUser(index: number): string {
  return `user-${index}`;
}

/** The text of a version as the registry keeps it. */
export function versionText(body: Body): VersionText {
  const part = typeof body === "string" ? { body } : { messages: body };
  return buildText({ ...part, model: MODEL, input: z.toJSONSchema(promptInput) as Record<string, unknown> });
}

/** The same hash as the kernel takes, by the platform's faster function. */
export function textHash(text: VersionText): string {
  return hash("sha256", canonicalJson(text));
}

/** Of every prompt version 1 is live. */
export function registrySnapshot(groups: readonly PromptGroup[]): SnapshotDocument {
  const texts: Record<string, VersionText> = {};
  const prompts: Record<string, SnapshotPrompt> = {};
  for (const group of groups) {
    const overrides = overridesByPrompt(group);
    for (let index = 0; index < group.prompts; index += 1) {
      const plan = group.canary === true ? canaryPlan(index, group.versions) : null;
      prompts[promptKey(group.name, index)] = {
        risk: "medium",
        versions: addVersions(texts, group, index),
        releases: { [ENVIRONMENT]: { version: 1, model: null, inherited: null, plan } },
        overrides: overrides[index] ?? [],
      };
    }
  }
  const environments = ["development", "staging", ENVIRONMENT];
  return { format: 1, revision: 1, at: Date.now(), environments, prompts, texts };
}

function addVersions(
  texts: Record<string, VersionText>,
  { versions, body = promptBody }: PromptGroup,
  index: number,
): SnapshotPrompt["versions"] {
  const added: Record<number, { readonly hash: string; readonly withdrawn: boolean }> = {};
  for (let version = 1; version <= versions; version += 1) {
    const text = versionText(body(index * versions + version));
    const digest = textHash(text);
    texts[digest] = text;
    added[version] = { hash: digest, withdrawn: false };
  }
  return added;
}

function canaryPlan(index: number, version: number): AssignmentPlan {
  const salt = `salt-${index}`;
  return { rollout: `rollout-${index}`, salt, arms: [{ version, share: 0.05 }], control: 0.05, where: null };
}

function overridesByPrompt({ prompts, versions, overrides = 0 }: PromptGroup): readonly SnapshotOverride[][] {
  const lists: SnapshotOverride[][] = Array.from({ length: prompts }, () => []);
  for (let index = 0; index < overrides; index += 1) {
    lists[index % prompts]?.push({
      kind: "user",
      subject: overriddenUser(index),
      version: versions,
      environment: ENVIRONMENT,
      expires: null,
    });
  }
  return lists;
}
