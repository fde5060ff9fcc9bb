/** Subjects: who a call was for, in plain words inside the application and as pseudonyms in records. */
import type { SubjectKind } from "./vocabulary.ts";

declare const brand: unique symbol;

/** 32 hex digits: a keyed hash of the id under a key of its own; erasing the key leaves the pseudonym mute. */
export type Pseudonym = string & { readonly [brand]: "Pseudonym" };

/** A subject as the application names it. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly value: string;
}
