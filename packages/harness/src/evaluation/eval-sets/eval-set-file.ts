/** What a file says of an eval set, before anything of it is recorded. */
import type { Complain, ScorerSpec } from "@colophon/evaluation";
import type { DraftSource } from "./draft-source.ts";

export interface EvalSetText {
  /** As people know it, for messages. */
  readonly file: string;
  readonly text: string;
  readonly format: EvalSetFormat;
}

/** A file that is read where it lies, since it may be larger than memory. */
export interface EvalSetPath {
  readonly file: string;
  readonly path: string;
  readonly format: "jsonl";
}

export const EVAL_SET_FORMATS = ["jsonl", "csv", "yaml"] as const;
/** YAML is JSON as well, and has promptfoo's files too. */
export type EvalSetFormat = (typeof EVAL_SET_FORMATS)[number];

/** Something of another tool's file that has no counterpart here, or one that is not quite the same. */
export interface Unmapped {
  /** `test 3 (line 9, refund)`. */
  readonly test: string;
  /** `assertion 2 (javascript)`; null for something of the test itself. */
  readonly assertion: string | null;
  readonly why: string;
  /** The scorer that stands in its place; null where it was left out. */
  readonly instead: string | null;
}

export interface EvalSetFile {
  /** What the file calls itself; null where it does not. */
  readonly name: string | null;
  /** Scorers of all cases; null where the file does not say. */
  readonly scorers: readonly ScorerSpec[] | null;
  readonly owner: string | null;
  readonly refreshDays: number | null;
  readonly drafts: DraftSource;
  /** Whether its cases were proposed by a query of the ledger, to be added to a set. */
  readonly proposed: boolean;
  readonly unmapped: readonly Unmapped[];
}

/** What a reader needs beside the text: its name, and where problems go. */
export interface ReadingFile {
  readonly file: string;
  /** The complaints of one place, such as `line 3`. */
  at(place: string): Complain;
}

export const BARE_FILE = {
  name: null,
  scorers: null,
  owner: null,
  refreshDays: null,
  proposed: false,
  unmapped: [],
} as const;

const ENDINGS: Readonly<Record<string, EvalSetFormat>> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  csv: "csv",
  yaml: "yaml",
  yml: "yaml",
  json: "yaml",
};

/**
 * By the ending of a file's name; undefined for another.
 *
 * @example
 * formatOf("cases.ndjson"); // "jsonl"
 */
export function formatOf(file: string): EvalSetFormat | undefined {
  return ENDINGS[/\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? ""];
}
