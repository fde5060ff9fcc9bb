/** What the registry says of a prompt to whoever keeps its file. */
import type { VersionText } from "@colophon/kernel";
import type { PromptFacts } from "../prompt-metadata.ts";

export interface KnownVersion {
  readonly version: number;
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
  readonly author: string;
  readonly message: string | null;
  readonly source: string;
  readonly commit: string | null;
  readonly withdrawn: { readonly at: string; readonly by: string; readonly reason: string } | null;
}

export interface VersionWithText extends KnownVersion {
  readonly text: VersionText;
}

/** One prompt as it stands, and what became of it since its file last had something in common with it. */
export interface RegistrySide {
  readonly key: string;
  /** The newest number, of a withdrawn version too; 0 before the first. */
  readonly newest: number;
  /** The newest version that is not withdrawn. */
  readonly head: VersionWithText | null;
  /** The version whose hash was asked about; null where this prompt has none of that hash. */
  readonly base: VersionWithText | null;
  readonly facts: PromptFacts;
  /** The facts whose hash was asked about; null where this prompt never had them. */
  readonly baseFacts: PromptFacts | null;
  /** Versions newer than the one that was asked about, oldest first. */
  readonly later: readonly KnownVersion[];
}
