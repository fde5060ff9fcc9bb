/** What the rows of a rendered call keep of it: variables without media, and the parts that the messages were put together from. */
import type { Part, Sha256 } from "@colophon/kernel";
import type { RenderedCall } from "./begin-call.ts";
import type { BoundValue } from "./declaration.ts";
import { type RenderedMedia, renderedMedia } from "./rendered-media.ts";

type Variables = Readonly<Record<string, unknown>>;

/** A rendered call as records may keep it. */
export interface KeptCall {
  /** Media by hash. */
  readonly variables: Variables;
  /** Null where the contract has none. */
  readonly media: RenderedMedia | null;
  readonly parts: readonly Part[];
}

export interface KeepOptions {
  /** What `bind` fetched; undefined without it. */
  readonly bound: Readonly<Record<string, BoundValue>> | undefined;
  readonly sha256: Sha256;
}

export function keptCall(rendered: RenderedCall, { bound, sha256 }: KeepOptions): KeptCall {
  const { servable, variables, messages, history } = rendered;
  const parts = bound === undefined ? servable.parts : [...servable.parts, ...boundParts(bound, sha256)];
  // The row is written when the call ends, and the application may write into its object until then.
  if (servable.media.size === 0) return { variables: { ...variables }, media: null, parts };
  const media = renderedMedia({ variables, messages, history: history ?? [], paths: servable.media }, sha256);
  return { variables: media.kept, media, parts: [...parts, ...media.parts] };
}

function boundParts(bound: Readonly<Record<string, BoundValue>>, sha256: Sha256): readonly Part[] {
  return Object.entries(bound).map(([name, { value, choice }]) => ({
    kind: "bound",
    name,
    version: null,
    hash: sha256(typeof value === "string" ? value : jsonOf(value)),
    ...(choice === undefined ? {} : { choice: choice.toWellFormed() }),
  }));
}

/** What cannot be written as JSON was refused by the render already, unless the body never reads it. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}
