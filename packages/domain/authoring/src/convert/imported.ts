/** What an import makes of another tool's prompts, before anything of it is written. */
import type { PromptSpec } from "../read-prompt-spec.ts";

/** Something that an import has to say of its source. */
export interface ImportRemark {
  /** A file, or a prompt with its version: `greeting.prompt`, `support/triage v3`. */
  readonly from: string;
  /** Of the file, or of the prompt's own text; counted from 1, null where it is about the whole. */
  readonly line: number | null;
  readonly sentence: string;
}

/** One text that came in. */
export interface ImportedVersion {
  /** As in the remarks. */
  readonly from: string;
  readonly spec: PromptSpec;
  /** What the source numbers it; null where it does not. */
  readonly number: number | null;
  readonly author: string | null;
  readonly message: string | null;
  /** When it was made or last changed there, as the source writes it; null where it does not say. */
  readonly at: string | null;
  /** What the source calls this version, such as `production`. */
  readonly labels: readonly string[];
}

/** Cases that came in, as the file of an eval set holds them. */
export interface ImportedSet {
  readonly from: string;
  readonly name: string;
  readonly cases: readonly Readonly<Record<string, unknown>>[];
}

export interface Imported {
  /** Versions of one prompt in the order of their numbers; what is a partial of another goes before it. */
  readonly versions: readonly ImportedVersion[];
  readonly sets: readonly ImportedSet[];
  /** Each conversion that is not literal. */
  readonly changes: readonly ImportRemark[];
  /** What could not be taken, with the reason. */
  readonly left: readonly ImportRemark[];
}

/** Gathers remarks on one prompt or file. */
export class Remarks {
  readonly changes: ImportRemark[] = [];
  readonly left: ImportRemark[] = [];

  /** Each sentence once for a line. */
  changed(from: string, sentence: string, line: number | null = null): void {
    push(this.changes, { from, line, sentence });
  }

  leave(from: string, sentence: string, line: number | null = null): void {
    push(this.left, { from, line, sentence });
  }
}

function push(list: ImportRemark[], remark: ImportRemark): void {
  const last = list.at(-1);
  const { from, line, sentence } = remark;
  if (last?.from === from && last.line === line && last.sentence === sentence) return;
  list.push(remark);
}
