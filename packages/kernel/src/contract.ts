/** Fit: whether a body, a model and tools are ones that the calling code can serve. */
import { canonicalJson } from "./canonical-json.ts";
import type { JsonSchema } from "./json-schema.ts";
import { mediaByName, pathsOf } from "./media-contract.ts";
import { allowsNull, FILLED_KEYWORD, propertiesOf, type SchemaView, viewOf } from "./schema-view.ts";
import { sha256 } from "./sha256.ts";
import type { Body } from "./template/body.ts";
import type { VariableUse } from "./template/note-use.ts";
import type { PartialSource, ReadOptions } from "./template/reading.ts";
import { templateVariables } from "./template/template-variables.ts";
import type { VersionText } from "./version-text.ts";

/** What the calling code declares: the variables it passes, the providers and tools it can call. */
export interface CallerContract {
  readonly input: JsonSchema;
  readonly providers: readonly string[];
  readonly tools: readonly string[];
}

/** Names a caller's contract by its content (64 hex digits). */
export function hashCaller(caller: CallerContract): string {
  const { input, providers, tools } = caller;
  return sha256(canonicalJson({ input, providers: [...providers].sort(), tools: [...tools].sort() }));
}

/** Top-level variables of a contract. */
export function contractVariables(input: JsonSchema): {
  readonly all: readonly string[];
  readonly required: readonly string[];
} {
  const view = viewOf(input, input);
  const all = Object.keys(propertiesOf(input));
  return { all, required: all.filter((name) => isAlwaysThere(name, view)) };
}

function isAlwaysThere(name: string, { required, properties }: SchemaView): boolean {
  if (Array.isArray(required) && required.includes(name)) return true;
  const property = Object(properties?.[name]) as JsonSchema;
  return "default" in property || !!property[FILLED_KEYWORD];
}

/** Why a path does not fit, or undefined. Where a schema says nothing of its properties, anything fits. */
function pathMisfit(use: VariableUse, input: JsonSchema): string | undefined {
  const { path, guarded, json } = use;
  const steps: readonly string[] = path.match(/\[\]|[^.[\]]+/g) ?? [];
  // What leads to a list is guarded by its {{#each}}: it shows nothing when the list is not there.
  const inList = steps.lastIndexOf("[]");
  let schema = input;
  for (const [index, step] of steps.entries()) {
    const view = viewOf(schema, input);
    const isItem = step === "[]";
    const below = isItem ? { [step]: view.items } : view.properties;
    if (below == null) return undefined;
    if (!Object.hasOwn(below, step)) return `{{${path}}} is not in the contract`;
    schema = Object(below[step]);
    const writesNull = json && index === steps.length - 1;
    const mayBeNull = !writesNull && !schema[FILLED_KEYWORD] && allowsNull(schema, input);
    const mayMiss = mayBeNull || !(isItem || isAlwaysThere(step, view));
    if (mayMiss && !guarded && index >= inList) {
      return isItem
        ? `{{${path}}} reads items that may be null and stands outside an {{#if}} of the item`
        : `{{${path}}} is optional in the contract and stands outside {{#if ${path}}}`;
    }
  }
  return undefined;
}

/** Every body of a text: the default one and its translations. */
export function bodiesOf(text: Pick<VersionText, "body" | "locales">): readonly Body[] {
  return [text.body, ...Object.values(text.locales ?? {})];
}

/**
 * Why these bodies cannot be rendered from variables of this contract: one sentence per placeholder;
 * empty when they fit. Partials are read where they stand; one that is not given is passed over.
 *
 * @throws HarnessError `template-syntax` for a body that is no template, or
 * has a medium where none can stand.
 */
export function bodyMisfits(
  bodies: readonly Body[],
  input: JsonSchema,
  partials?: PartialSource,
): readonly string[] {
  return misfitsOf(bodies, [input, input], partials);
}

function usesOf(bodies: readonly Body[], options: ReadOptions): readonly VariableUse[] {
  return bodies.flatMap((body) => templateVariables(body, options));
}

function nameOf({ path }: VariableUse): string {
  return path.split(/[.[]/)[0] as string;
}

/** Why bodies do not fit a contract; `own` is that of their own text. */
function misfitsOf(
  bodies: readonly Body[],
  [input, own]: readonly [JsonSchema, JsonSchema],
  partials: PartialSource | undefined,
): readonly string[] {
  const passed = mediaByName(input);
  const held = own === input ? passed : mediaByName(own);
  // The version says what its variables hold; of one that it does not name, the code says it.
  const media = pathsOf(passed, held);
  const misfits = usesOf(bodies, { partials, media }).flatMap((use) => {
    const name = nameOf(use);
    const is = held.get(name);
    const isThere = passed.get(name) ?? is;
    // What a placeholder may do depends on what it holds, so the rest is asked only where that is agreed.
    return is !== undefined && is !== isThere
      ? `{{${name}}} is ${formOf(name, is)} in the version and ${formOf(name, isThere)} in the code`
      : (pathMisfit(use, input) ?? []);
  });
  return [...new Set(misfits)];
}

function formOf(name: string, path: string | undefined): string {
  return path === name ? "a medium" : path ? "a list of media" : "no medium";
}

/** Required variables that no placeholder of any body reads. */
export function unusedVariables(
  bodies: readonly Body[],
  input: JsonSchema,
  partials?: PartialSource,
): readonly string[] {
  const used = new Set(usesOf(bodies, { partials }).map(nameOf));
  const view = viewOf(input, input);
  return Object.keys(propertiesOf(input)).filter((name) => isAlwaysThere(name, view) && !used.has(name));
}

/** Why a text cannot be served to this caller, in words; empty when it fits. */
export function textMisfits(
  text: VersionText,
  { input, providers, tools }: CallerContract,
  partials?: PartialSource,
): readonly string[] {
  const { id, provider } = text.model;
  return [
    ...misfitsOf(bodiesOf(text), [input, text.input], partials),
    ...(providers.includes(provider)
      ? []
      : [`model ${id} is served by ${provider}, the code calls ${providers.join(", ") || "nobody"}`]),
    ...(text.tools ?? []).flatMap(({ name }) =>
      tools.includes(name) ? [] : `tool ${name} is not one the code has`,
    ),
  ];
}
