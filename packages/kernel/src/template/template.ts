/** The parsed form of a template: plain data, whitespace of standalone tags already taken out. */
import type { Role } from "./message.ts";

export type LoopName = "index" | "first" | "last";

export type BlockName = "if" | "unless" | "each";

/** A partial as it was written: `ref` is `name` or `name@vN`. */
export interface PartialRef {
  readonly name: string;
  readonly version: number | null;
  readonly ref: string;
}

/** A tag that reads a variable. */
export interface ReadNode {
  readonly kind: "value" | "json" | BlockName;
  /** Where the tag begins, in UTF-16 units from the start of its text. */
  readonly at: number;
  /** The path as it was written: `../name`. */
  readonly written: string;
  /** The whole way from the variables, in which `[]` stands for an item of a list: `items[].name`. */
  readonly path: string;
  /** What is read instead of a variable: where the `{{#each}}` around it stands. */
  readonly loop: LoopName | undefined;
  /** How many lists to step out of; infinity leads to the variables themselves. */
  readonly up: number;
  readonly steps: readonly string[];
  readonly fenced: boolean;
  /** Whether a medium stands there. */
  readonly medium: boolean;
  /** What a block says, and what it says otherwise; empty where the tag is no block. */
  readonly body: TemplateNode[];
  readonly otherwise: TemplateNode[];
}

/** A partial that is not at hand, or one that stands indented; `body` is what it says. */
export interface PartialNode {
  readonly kind: "partial";
  readonly at: number;
  readonly partial: PartialRef;
  /** The blanks before a partial that stands alone on its line: they indent every line of its output. */
  readonly indent: string;
  readonly body: TemplateNode[];
  readonly otherwise: TemplateNode[];
}

/** Where somebody begins to speak, or earlier turns are spliced in. */
type TurnNode =
  | { readonly kind: "role"; readonly role: Role; readonly at: number }
  | { readonly kind: "history"; readonly role: "history"; readonly at: number };

/** A text stands for itself; no two of them are neighbours. */
export type TemplateNode = string | ReadNode | PartialNode | TurnNode;

export interface Template {
  readonly kind: "template";
  readonly nodes: readonly TemplateNode[];
}
