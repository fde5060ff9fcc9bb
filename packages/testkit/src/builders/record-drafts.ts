/** Builds drafts of the registry's records, with what matters to a test given and the rest plain. */
import {
  type DeclarationData,
  type EnvironmentData,
  type EvalSetData,
  hashBody,
  hashDocument,
  hashText,
  type MetadataData,
  type OverrideData,
  type Pseudonym,
  type RecordDraft,
  type RecordKind,
  type RegistryRecords,
  type ReleaseData,
  type RolloutData,
  sha256,
  type VersionData,
  type VersionText,
  type WithdrawalData,
} from "@colophon/kernel";
import { aText } from "./a-text.ts";
import { anActor } from "./an-actor.ts";

type Draft<K extends RecordKind> = Extract<RecordDraft, { readonly kind: K }>;

const KEY = "support.triage";

function draft<K extends RecordKind>(kind: K, data: RegistryRecords[K]): Draft<K> {
  return { kind, by: anActor(), data } as unknown as Draft<K>;
}

export function anEnvironmentDraft(fields: Partial<EnvironmentData> = {}): Draft<"environment"> {
  return draft("environment", {
    name: "preview",
    inherits: null,
    gate: "never",
    approvals: 0,
    modes: null,
    ...fields,
  });
}

/** The declaration of this text; hashes follow from it. */
export function aDeclarationDraft(
  text: VersionText = aText(),
  fields: Partial<DeclarationData> = {},
): Draft<"declaration"> {
  return draft("declaration", {
    key: KEY,
    environment: "production",
    hash: hashText(text),
    bodyHash: hashBody(text),
    caller: sha256("caller"),
    input: text.input,
    bound: [],
    providers: ["openai"],
    tools: [],
    ...fields,
  });
}

export function aMetadataDraft(fields: Partial<MetadataData> = {}): Draft<"metadata"> {
  return draft("metadata", {
    key: KEY,
    purpose: null,
    owner: null,
    risk: "medium",
    tags: [],
    evalSet: null,
    backup: [],
    routes: {},
    ...fields,
  });
}

/** The version of this text; hashes follow from it. */
export function aVersionDraft(
  text: VersionText = aText(),
  fields: Partial<VersionData> = {},
): Draft<"version"> {
  return draft("version", {
    key: KEY,
    version: 1,
    hash: hashText(text),
    bodyHash: hashBody(text),
    author: "grace",
    message: null,
    parent: null,
    source: "code",
    commit: null,
    ...fields,
  });
}

export function aReleaseDraft(fields: Partial<ReleaseData> = {}): Draft<"release"> {
  return draft("release", {
    key: KEY,
    environment: "production",
    lane: "live",
    version: 1,
    model: null,
    fingerprint: null,
    reason: "first release",
    evidence: [],
    breakGlass: null,
    rollbackFrom: null,
    set: null,
    ...fields,
  });
}

export function aWithdrawalDraft(fields: Partial<WithdrawalData> = {}): Draft<"withdrawal"> {
  return draft("withdrawal", { key: KEY, version: 1, reason: "it insults people", ...fields });
}

export function anOverrideDraft(
  subject: Pseudonym,
  fields: Partial<Omit<OverrideData, "subject">> = {},
): Draft<"override"> {
  return draft("override", {
    key: KEY,
    version: 1,
    kind: "user",
    environment: null,
    expires: null,
    reason: null,
    evidence: [],
    breakGlass: null,
    ...fields,
    subject,
  });
}

export function aRolloutDraft(fields: Partial<RolloutData> = {}): Draft<"rollout"> {
  return draft("rollout", {
    id: "rollout-1",
    key: KEY,
    environment: "production",
    state: "ramping",
    salt: "salt-1",
    arms: [{ version: 2, share: 0.1 }],
    control: 0.1,
    draws: "unit",
    shadow: null,
    where: null,
    step: 1,
    since: 0,
    set: null,
    plan: sha256("plan"),
    baseline: 1,
    cause: "step",
    heldFrom: null,
    accepted: [],
    readings: [],
    evidence: [],
    breakGlass: null,
    reason: "try the shorter one",
    ...fields,
  });
}

/** The record of an eval set with this content; its hash follows from it. */
export function anEvalSetDraft(content: object, fields: Partial<EvalSetData> = {}): Draft<"eval-set"> {
  return draft("eval-set", {
    name: "triage",
    version: 1,
    hash: hashDocument(content),
    cases: { dev: 0, test: 1 },
    owner: null,
    refreshDays: null,
    ...fields,
  });
}
