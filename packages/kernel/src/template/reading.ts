/** What a template is read for, and where it stands. */
import type { ErrorCode, HarnessError } from "../errors.ts";
import type { Body } from "./body.ts";
import type { Role } from "./message.ts";
import type { Scope } from "./scope.ts";
import type { Part } from "./tag-error.ts";
import type { PartialRef } from "./template.ts";

/** Where partials come from: by the reference as it is written, `name` or `name@vN`. */
export type PartialSource = ReadonlyMap<string, Body> | ((ref: PartialRef) => string | undefined);

export interface ReadOptions {
  readonly partials?: PartialSource | undefined;
  /** Variables whose values, and whatever is read below them, are fenced. */
  readonly untrusted?: readonly string[] | undefined;
  /** Where media are in the variables, as `mediaPaths` of the contract says: `photo`, `pages[]`. */
  readonly media?: ReadonlySet<string> | undefined;
}

export interface Reading extends ReadOptions {
  readonly part?: Part;
  readonly scope: Scope;
  /** Who speaks; nobody behind the history. */
  readonly role: Role | undefined;
  /** How many blocks are around it. */
  readonly depth: number;
  /** References of the partials being included, outermost first. */
  readonly inside: readonly string[];
  /** What all partials of the body come to. */
  readonly count: { units: number };
}

/** Makes the error of a tag: `rest` continues the sentence "{{tag}} at line 1, column 1 …". */
export type Refuse = (rest: string, code?: ErrorCode) => HarnessError;

/** Where one tag stands, and what refuses it. */
export interface Place extends Reading {
  readonly at: number;
  readonly indent: string | undefined;
  readonly refuse: Refuse;
}
