/** What every registry log asks of the records appended to it. */
import {
  applyRecord,
  canonicalJson,
  type EpochMs,
  emptyRegistryState,
  HarnessError,
  hashDocument,
  type RecordDecision,
  type RecordDraft,
  type RegistryRecord,
  type RegistryState,
  type Revision,
} from "@colophon/kernel";

/** The prompt a record is about; null for records of the whole store. */
export function recordKey(draft: RecordDraft): string | null {
  const { data } = draft;
  return "key" in data && typeof data.key === "string" ? data.key : null;
}

/** The hash of the text or document that a record promises to be kept, if it does. */
export function promisedText(draft: RecordDraft): string | null {
  switch (draft.kind) {
    case "version":
    case "declaration":
    case "eval-set":
      return draft.data.hash;
    default:
      return null;
  }
}

/**
 * Texts and documents by the hash they are kept under, as JSON in the order they were given: the hash
 * does not see the order of a schema's fields, but a model that fills them in does.
 */
export function textsByHash({
  texts = [],
  documents = [],
}: Pick<RecordDecision<unknown>, "texts" | "documents">): ReadonlyMap<string, string> {
  return new Map([...texts, ...documents].map((text) => [hashDocument(text), JSON.stringify(text)]));
}

/**
 * @throws HarnessError `input-malformed` when a draft names a text that is neither given nor kept.
 */
export function checkPromisedTexts(
  drafts: readonly RecordDraft[],
  given: ReadonlyMap<string, string>,
  isKept: (hash: string) => boolean,
): void {
  for (const draft of drafts) {
    const hash = promisedText(draft);
    if (hash === null || given.has(hash) || isKept(hash)) continue;
    throw new HarnessError(
      "input-malformed",
      `The ${draft.kind} record of "${draft.kind === "eval-set" ? draft.data.name : recordKey(draft)}" names text ${hash.slice(0, 12)}, which the store does not have; append it with its text.`,
    );
  }
}

/** The record as it reads back from the store: plain JSON, nothing undefined. */
export function placeRecord(draft: RecordDraft, place: { revision: Revision; at: EpochMs }): RegistryRecord {
  const { by, data } = JSON.parse(canonicalJson({ by: draft.by, data: draft.data })) as RecordDraft;
  return { kind: draft.kind, by, data, ...place } as RegistryRecord;
}

/** The state of these records, said to stand at the given end of the log. */
export function stateOf(
  records: Iterable<RegistryRecord>,
  end: { readonly revision: Revision; readonly at: EpochMs },
): RegistryState {
  const state = emptyRegistryState();
  for (const record of records) applyRecord(state, record);
  state.revision = end.revision;
  state.at = end.at;
  return state;
}
