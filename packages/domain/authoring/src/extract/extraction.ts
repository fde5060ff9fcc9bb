/** What extract proposes: prompts to be taken out of code, what stays, and the files that would change. */
import type { Body, VersionText } from "@colophon/kernel";
import type { SourceFile, SourceLanguage } from "../scan/source/source-module.ts";
import type { PathAlias } from "../scan/trace/find-module.ts";
import type { TakenLines } from "./javascript/piece.ts";
import type { EndingOf } from "./lay-out-files.ts";
import type { ExtractedVariable } from "./write-body.ts";

export interface ExtractionProposal {
  /** Stable across moves of lines: of the file and the call. */
  readonly id: string;
  readonly file: string;
  /** Of the call, from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly language: SourceLanguage;
  readonly client: string;
  readonly key: string;
  /** The name that code imports it by; null where it becomes a file alone. */
  readonly name: string | null;
  readonly text: VersionText;
  readonly body: Body;
  readonly variables: readonly ExtractedVariable[];
  readonly remarks: readonly string[];
  /** What to put in the call's place by hand; null where the call is rewritten. */
  readonly snippet: string | null;
}

/** A prompt that stays where it is. */
export interface LeftAlone {
  readonly file: string;
  readonly line: number;
  readonly client: string | null;
  readonly reason: string;
}

export interface FileChange {
  readonly file: string;
  /** Null for a new file. */
  readonly before: string | null;
  /** Null where nothing is left of it. */
  readonly after: string | null;
}

export interface Extraction {
  readonly proposals: readonly ExtractionProposal[];
  readonly left: readonly LeftAlone[];
  /** In the order of their names. */
  readonly changes: readonly FileChange[];
  /** Where words stood that are part of the proposals now. */
  readonly taken: readonly TakenLines[];
  /** Packages that the written code imports. */
  readonly packages: readonly string[];
}

/** What a person says of a proposal. */
export interface ProposalChoice {
  readonly id: string;
  readonly extract: boolean;
  readonly key: string;
  readonly name: string | null;
}

export interface ExtractionRequest {
  /** All files of the application: constants are followed through them, and what they use stays. */
  readonly files: readonly SourceFile[];
  /** From tsconfig files; none without. */
  readonly aliases?: readonly PathAlias[];
  /** Texts of other kinds, such as components in markup: what they name stays. */
  readonly unread?: readonly string[];
  /** What imports of own files end in by the settings around a file; none say so without. */
  readonly endingOf?: EndingOf;
  /** Whether modules are evaluated again after an edit, as frameworks do; no without. */
  readonly isReevaluated?: boolean;
  /** Of the application, for keys; null where it has none. */
  readonly application: string | null;
  /** Whether calls of this file, and this line, are to be extracted. */
  readonly isWanted: (place: {
    readonly file: string;
    readonly line: number;
    readonly endLine: number;
    readonly id: string;
  }) => boolean;
  /** From a plan; everything is extracted as proposed without one. */
  readonly choices?: readonly ProposalChoice[];
}
