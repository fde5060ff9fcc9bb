/** A call that becomes a prompt, with all that is written for it. */
import type { VersionText } from "@colophon/kernel";
import type { DraftCall } from "./javascript/read-call.ts";
import type { ProposedName } from "./propose-names.ts";
import type { WrittenBody } from "./write-body.ts";

export interface CallPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly endLine: number;
  readonly id: string;
}

export interface AcceptedCall extends WrittenBody, ProposedName {
  readonly draft: DraftCall;
  readonly place: CallPlace;
  readonly text: VersionText;
  /** Whether its declaration is written for it, and not for an equal call before it. */
  readonly isFirst: boolean;
}
