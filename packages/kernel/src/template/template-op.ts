/** What a body does when it is rendered: partials inlined, every path traced back to a variable. */
import type { Role } from "./message.ts";
import type { BlockName, LoopName } from "./template.ts";

/**
 * A value to look up. `variable` is the variable it comes from, `path` the whole way from there, in
 * which `[]` stands for an item of a list: `items[].name`.
 */
export type ReadOp =
  | {
      readonly from: "frame";
      /** How many lists to step out of; infinity leads to the variables themselves. */
      readonly up: number;
      readonly segments: readonly string[];
      readonly path: string;
      readonly variable: string;
      readonly fenced: boolean;
    }
  | { readonly from: "loop"; readonly name: LoopName; readonly path: string; readonly fenced: false };

export interface OutputOp {
  readonly kind: "value" | "json";
  readonly read: ReadOp;
}

export interface BlockOp {
  readonly kind: BlockName;
  readonly read: ReadOp;
  readonly body: readonly TemplateOp[];
  readonly otherwise: readonly TemplateOp[];
}

/** A place where a medium is put between texts. */
export interface MediaOp {
  readonly kind: "media";
  readonly read: ReadOp;
}

export type TemplateOp =
  | { readonly kind: "text"; readonly text: string }
  | OutputOp
  | MediaOp
  | BlockOp
  | { readonly kind: "indent"; readonly indent: string; readonly body: readonly TemplateOp[] }
  | { readonly kind: "role"; readonly role: Role }
  | { readonly kind: "history" };
