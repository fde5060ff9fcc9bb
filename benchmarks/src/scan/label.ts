/** What a person says of a prompt text in the corpus. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Lines of a file, both from 1 and both inclusive. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

export const LABEL_ROLES = ["system", "user", "assistant"] as const;

/** One outermost text, where it is written. */
export interface Label extends Place {
  /** A piece of another prompt, or a word that is hardly one: need not be found, and is no mistake. */
  readonly optional?: true;
  /** Where the same text may be reported as well: a constant that only one larger text uses. */
  readonly elsewhere?: readonly Place[];
  /** Absent where the code does not say. */
  readonly role?: (typeof LABEL_ROLES)[number];
  /** Absent for a prompt that reaches no client that is known. */
  readonly client?: string;
  readonly model?: string;
  readonly placeholders?: number;
  /** How the text gets to where it is used; absent for optional ones. */
  readonly shape?: string;
  /** What the shape does not say. */
  readonly note?: string;
}

export function readLabels(project: string): readonly Label[] {
  return JSON.parse(readFileSync(join(project, "labels.json"), "utf8")) as readonly Label[];
}
