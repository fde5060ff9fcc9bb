/** The immutable content of a version and the two hashes taken over it. */
import { canonicalJson } from "./canonical-json.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { ModelChoice } from "./model-choice.ts";
import { sha256 } from "./sha256.ts";
import type { Body } from "./template/body.ts";

/** A function the model may call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly input: JsonSchema;
}

export type ToolChoice = "auto" | "none" | "required" | { readonly tool: string };

/** Where a provider's prompt cache may end: after the message of this index, or after the system part. */
export type CacheBreakpoint = number | "system";

/** Everything that makes a version what it is; two equal texts are one version. */
export interface VersionText {
  readonly body: Body;
  /** Translations by locale (BCP 47); `body` is the text of `defaultLocale`. */
  readonly locales?: Readonly<Record<string, Body>>;
  readonly defaultLocale?: string;
  readonly model: ModelChoice;
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  /** The contract of the variables. */
  readonly input: JsonSchema;
  /** Top-level variables that are fenced when rendered. */
  readonly untrusted?: readonly string[];
  /** The contract of the answer. */
  readonly output?: JsonSchema;
  readonly cache?: readonly CacheBreakpoint[];
  /** Pinned partials, as `name@vN` to the hash of that version. */
  readonly partials?: Readonly<Record<string, string>>;
}

/** SHA-256 (64 hex digits) over the canonical JSON of the whole text. */
export function hashText(text: VersionText): string {
  return sha256(canonicalJson(text));
}

/** SHA-256 (64 hex digits) over the words alone: body and translations, a stable key for stage caches. */
export function hashBody(text: VersionText): string {
  return sha256(canonicalJson({ body: text.body, defaultLocale: text.defaultLocale, locales: text.locales }));
}

/** The versions of other prompts that a text pins as its partials. */
export function pinnedPartials(
  text: VersionText,
): readonly { readonly name: string; readonly version: number }[] {
  return Object.keys(text.partials ?? {}).map((ref) => {
    const at = ref.lastIndexOf("@v");
    return { name: ref.slice(0, at), version: Number(ref.slice(at + 2)) };
  });
}
