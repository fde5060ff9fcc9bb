/** Writes a large registry into a store, through the store's own append. */
import {
  type Actor,
  hashBody,
  type Pseudonym,
  type RecordDraft,
  type RecordStore,
  type SubjectKind,
  type VersionText,
} from "@colophon/kernel";
import { promptBody } from "./prompt-body.ts";
import { ENVIRONMENT, overriddenUser, promptKey, textHash, versionText } from "./prompt-registry.ts";

export const ACTOR: Actor = { id: "bench", via: "system" };

export interface StoredRegistry {
  readonly group: string;
  readonly prompts: number;
  /** Each is released after the other, so that the last one is live. */
  readonly versions: number;
  readonly overrides: number;
}

/** Records in one transaction; larger ones would only hold more memory. */
const PROMPTS_AT_ONCE = 500;
const OVERRIDES_AT_ONCE = 5_000;

export async function storeRegistry(records: RecordStore, shape: StoredRegistry): Promise<void> {
  for (let from = 0; from < shape.prompts; from += PROMPTS_AT_ONCE) {
    const until = Math.min(from + PROMPTS_AT_ONCE, shape.prompts);
    await records.append(() => promptRecords(shape, from, until));
  }
  for (let from = 0; from < shape.overrides; from += OVERRIDES_AT_ONCE) {
    const subjects: Pseudonym[] = [];
    for (let index = from; index < Math.min(from + OVERRIDES_AT_ONCE, shape.overrides); index += 1) {
      subjects.push(await makePseudonym(records, "user", overriddenUser(index)));
    }
    const drafts = subjects.map((subject, offset) => overrideRecord(shape, from + offset, subject));
    await records.append(() => ({ drafts, result: undefined }));
  }
}

export async function makePseudonym(
  records: RecordStore,
  kind: SubjectKind,
  value: string,
): Promise<Pseudonym> {
  return (await records.findPseudonym({ kind, value }, { create: true })) as Pseudonym;
}

function promptRecords({ group, versions }: StoredRegistry, from: number, until: number) {
  const drafts: RecordDraft[] = [];
  const texts: VersionText[] = [];
  for (let index = from; index < until; index += 1) {
    for (let version = 1; version <= versions; version += 1) {
      const text = versionText(promptBody(index * versions + version));
      texts.push(text);
      const key = promptKey(group, index);
      drafts.push(versionRecord(key, version, text), releaseRecord(key, version));
    }
  }
  return { drafts, texts, result: undefined };
}

export function versionRecord(key: string, version: number, text: VersionText): RecordDraft {
  const parent = version === 1 ? null : version - 1;
  const what = { key, version, hash: textHash(text), bodyHash: hashBody(text), author: ACTOR.id, parent };
  return { kind: "version", by: ACTOR, data: { ...what, message: null, source: "file", commit: null } };
}

export function releaseRecord(key: string, version: number): RecordDraft {
  const nothing = {
    model: null,
    fingerprint: null,
    evidence: [],
    breakGlass: null,
    rollbackFrom: null,
    set: null,
  };
  const data = {
    key,
    environment: ENVIRONMENT,
    lane: "live",
    version,
    reason: "measured",
    ...nothing,
  } as const;
  return { kind: "release", by: ACTOR, data };
}

function overrideRecord({ group, prompts }: StoredRegistry, index: number, subject: Pseudonym): RecordDraft {
  const key = promptKey(group, index % prompts);
  const more = { environment: ENVIRONMENT, expires: null, reason: null, evidence: [], breakGlass: null };
  return { kind: "override", by: ACTOR, data: { key, version: 1, kind: "user", subject, ...more } };
}
