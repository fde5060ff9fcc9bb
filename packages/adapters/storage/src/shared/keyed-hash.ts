/** Keyed hashes: pseudonyms of subjects and sessions, and fingerprints of contents that turn mute with their keys. */
import type { CallSubjects, ExecutionDraft, Part, Pseudonym, Sha256, Subject } from "@colophon/kernel";

/**
 * 128 bits (32 hex digits) of SHA-256 over a key of fixed length and a message. Half of the digest is
 * kept back, so nobody can extend a message without the key, and the ledger's hot path pays for one
 * hash where HMAC takes two.
 */
function keyedHash(hash: Sha256, key: string, message: string): string {
  return hash(`${key}\n${message}`).slice(0, 32);
}

export function subjectPseudonym(hash: Sha256, key: string, { kind, value }: Subject): Pseudonym {
  return keyedHash(hash, key, `${kind}:${value}`) as Pseudonym;
}

/** A session is known under its user's key where there is a user, else under the store's secret. */
export function sessionPseudonym(hash: Sha256, key: string, session: string): Pseudonym {
  return keyedHash(hash, key, `session:${session}`) as Pseudonym;
}

/** The keys of a row's subjects, by kind; null where the row names none. */
export type SubjectKeys = { readonly [K in Exclude<keyof CallSubjects, "session">]: string | null };

/**
 * One key over the store's secret and the keys of all subjects of a row, in a fixed order: whichever
 * of them is destroyed, the hashes made with it say nothing any more.
 */
export function contentKey(secret: string, keys: SubjectKeys): string {
  return `${secret}\n${keys.user ?? "-"}\n${keys.tenant ?? "-"}\n${keys.document ?? "-"}\n${keys.documentType ?? "-"}`;
}

/** What a row keeps of its contents: hashes that say nothing once a subject of the row is erased. */
export interface HiddenContents {
  readonly inputHash: string | null;
  readonly outputHash: string | null;
  readonly renderedHash: string | null;
  readonly parts: readonly Part[];
}

/** Whether a row says anything of its contents at all. */
export function hasContents({ contents, renderedHash, parts }: ExecutionDraft): boolean {
  return contents !== null || renderedHash !== null || parts.some(isOfCall);
}

/** A partial's hash is that of a text; those of the others are of contents. */
function isOfCall(part: Part): boolean {
  return part.kind !== "partial";
}

/** A row without contents: its parts are partials, whose hashes are those of versions. */
export function nothingHidden(draft: ExecutionDraft): HiddenContents {
  return { inputHash: null, outputHash: null, renderedHash: null, parts: draft.parts };
}

/** Keys every digest of a row's contents: of its input, output, messages, bound values and media. */
export function hideContents(hash: Sha256, key: string, draft: ExecutionDraft): HiddenContents {
  const hide = (digest: string | null | undefined): string | null =>
    digest === null || digest === undefined ? null : keyedHash(hash, key, digest);
  return {
    inputHash: hide(draft.contents?.inputDigest),
    outputHash: hide(draft.contents?.outputDigest),
    renderedHash: hide(draft.renderedHash),
    parts: draft.parts.map((part) =>
      isOfCall(part) ? { ...part, hash: keyedHash(hash, key, part.hash) } : part,
    ),
  };
}
