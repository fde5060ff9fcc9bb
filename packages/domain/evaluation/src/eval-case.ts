/** A case of an eval set: variables, and what is expected of the answer. */

export const SPLITS = ["dev", "test"] as const;
/** `dev` is tuned against, `test` is for the gate. */
export type Split = (typeof SPLITS)[number];

/** What a good answer is, as far as somebody said. */
export type Expectation =
  | { readonly kind: "none" }
  | { readonly kind: "label"; readonly value: string }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "reference"; readonly value: string }
  | { readonly kind: "rubric"; readonly value: string };

/** Where a case comes from. */
export interface Provenance {
  readonly source: "import" | "human" | "execution" | "generated";
  /** A file and line, or the execution that it was made from. */
  readonly ref: string | null;
}

/** A scorer as a set or case names it; what else it takes depends on the scorer. */
export interface ScorerSpec {
  readonly scorer: string;
  /** The name under which its score is reported; the scorer's own when left out. */
  readonly metric?: string;
  /** Share in the case's aggregate; 1 when left out, 0 for a metric that is only reported. */
  readonly weight?: number;
  /** A case on which it fails (a score below 0.5) is a veto. */
  readonly required?: boolean;
  readonly negate?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface EvalCase {
  /** Unique in its set. */
  readonly id: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expected: Expectation;
  readonly split: Split;
  /** Slices that the case belongs to. */
  readonly tags: readonly string[];
  /** Source conversation, document or template: cases of one cluster are not independent. */
  readonly cluster: string | null;
  readonly provenance: Provenance;
  /** Scorers of this case beside those of the set. */
  readonly scorers: readonly ScorerSpec[];
}

/** The content of a version of an eval set, kept under its hash (SHA-256 over its canonical JSON). */
export interface EvalSetContent {
  readonly format: 1;
  readonly name: string;
  readonly scorers: readonly ScorerSpec[];
  readonly cases: readonly EvalCase[];
}
