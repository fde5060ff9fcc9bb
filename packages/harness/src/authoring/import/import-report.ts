/** What an import says when it is done. */
import type { ImportRemark } from "@colophon/authoring/convert";

/** A prompt that came in. */
export interface TakenPrompt {
  readonly from: string;
  readonly key: string;
  /** What the source numbers it; null where it does not. */
  readonly number: number | null;
  /** The file that it is in; null for the registry. */
  readonly file: string | null;
  /** Its number in the registry; null for a file, and for what would only be registered. */
  readonly version: number | null;
  /** False for what was there already. */
  readonly created: boolean;
}

/** An eval set that came in. */
export interface TakenSet {
  readonly from: string;
  readonly name: string;
  readonly cases: number;
  readonly file: string | null;
  readonly version: number | null;
  readonly created: boolean;
}

/** Something that was converted and could not be put in its place. */
export interface Refusal {
  readonly from: string;
  readonly reason: string;
}

/** A label that became a release. */
export interface ImportedRelease {
  readonly key: string;
  readonly version: number;
  readonly environment: string;
  readonly label: string;
}

/** What came in, what was changed on the way, and what could not be taken. */
export interface ImportReport {
  readonly source: string;
  readonly prompts: readonly TakenPrompt[];
  readonly sets: readonly TakenSet[];
  readonly releases: readonly ImportedRelease[];
  /** Each conversion that is not literal. */
  readonly changes: readonly ImportRemark[];
  /** What could not be taken, with the reason. */
  readonly left: readonly ImportRemark[];
}
