/** What a rule of a review is: what it looks for, why that matters and how to mend it. */
import type { ReviewSeverity } from "@colophon/kernel";
import type { ReviewedText, TextPart } from "./reviewed-text.ts";

/** Where something was found: in a part of the text, or in a field of the file such as `model`. */
export type FindingSpot =
  | { readonly part: TextPart; readonly offset: number }
  | {
      readonly field: string;
      /** What people call the place; the field's name unless given. */
      readonly words?: string;
    };

/** Something that a rule found. */
export interface RuleHit {
  /** The rule's own unless given. */
  readonly severity?: ReviewSeverity;
  /** What is there, and why it matters: whole sentences, no secrets. */
  readonly message: string;
  /** The rule's own unless given. */
  readonly advice?: string;
  /** What it is about, so that it is known again in another version of the text; no secrets. */
  readonly about: string;
  readonly spot: FindingSpot;
}

export interface ReviewRule {
  /** Such as `untrusted-in-system`. */
  readonly id: string;
  /** Of what it finds, unless a finding says its own. */
  readonly severity: ReviewSeverity;
  /** What it finds, as one sentence. */
  readonly summary: string;
  /** How to mend it, as one sentence. */
  readonly advice: string;
  find(text: ReviewedText): readonly RuleHit[];
}
