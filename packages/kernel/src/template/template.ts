/** The parsed form of a template: plain data, whitespace of standalone tags already taken out. */
import type { Role } from "./message.ts";

/** Where a tag begins; both count from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a tag reads. `text` is the path as it was written. */
export type TemplatePath =
  | {
      readonly from: "context";
      /** How many lists to step out of; `@root` steps out of all, by infinity. */
      readonly up: number;
      readonly segments: readonly string[];
      readonly text: string;
    }
  | { readonly from: "loop"; readonly name: LoopName; readonly text: string };

export type LoopName = "index" | "first" | "last";

export type BlockName = "if" | "unless" | "each";

/** A partial as it was written: `ref` is `name` or `name@vN`. */
export interface PartialRef {
  readonly name: string;
  readonly version: number | null;
  readonly ref: string;
}

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly path: TemplatePath; readonly at: Position }
  | { readonly kind: "json"; readonly path: TemplatePath; readonly at: Position }
  | {
      readonly kind: BlockName;
      readonly path: TemplatePath;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
      readonly at: Position;
    }
  | {
      readonly kind: "partial";
      readonly partial: PartialRef;
      /** The blanks before a partial that stands alone on its line: they indent every line of its output. */
      readonly indent: string;
      readonly at: Position;
    }
  | { readonly kind: "role"; readonly role: Role; readonly at: Position }
  | { readonly kind: "history"; readonly at: Position };

export interface Template {
  readonly kind: "template";
  readonly nodes: readonly TemplateNode[];
}
