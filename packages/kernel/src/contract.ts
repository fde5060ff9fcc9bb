/** Fit: whether a body, a model and tools are ones that the calling code can serve. */
import { canonicalJson } from "./canonical-json.ts";
import type { JsonSchema } from "./json-schema.ts";
import { mediaPaths } from "./media-contract.ts";
import { allowsNull, followReference, isSchema, type SchemaView, viewOf } from "./schema-view.ts";
import { sha256 } from "./sha256.ts";
import type { Body } from "./template/body.ts";
import type { PartialSource } from "./template/link-template.ts";
import { templateVariables, type VariableUse } from "./template/template-variables.ts";
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
  const all = Object.keys(view.properties ?? {});
  return { all, required: all.filter((name) => alwaysThere(view, name)) };
}

/** Marks a variable that the calling code fills in itself when it is left out. */
export const FILLED_KEYWORD = "x-filled";

function alwaysThere(view: SchemaView, name: string): boolean {
  const property = view.properties?.[name];
  if (view.required.includes(name)) return true;
  return isSchema(property) && ("default" in property || property[FILLED_KEYWORD] === true);
}

function isNullThere(schema: JsonSchema, root: JsonSchema): boolean {
  return isSchema(schema) && schema[FILLED_KEYWORD] !== true && allowsNull(schema, root);
}

/** Why a path does not fit, or undefined. Where a schema says nothing of its properties, anything fits. */
function pathMisfit({ path, guarded, json }: VariableUse, input: JsonSchema): string | undefined {
  const steps: readonly string[] = path.match(/\[\]|[^.[\]]+/g) ?? [];
  // What leads to a list is guarded by its {{#each}}: it shows nothing when the list is not there.
  const inList = steps.lastIndexOf("[]");
  let schema = input;
  for (const [index, step] of steps.entries()) {
    const view = viewOf(schema, input);
    const { properties, items } = view;
    const writesNull = json === true && index === steps.length - 1;
    if (step === "[]") {
      if (!items) return undefined;
      schema = followReference(items, input);
      if (index === inList && !writesNull && !guarded && allowsNull(schema, input)) {
        return `{{${path}}} reads items that may be null and stands outside an {{#if}} of the item`;
      }
    } else {
      if (!properties) return undefined;
      const property = Object.hasOwn(properties, step) ? properties[step] : undefined;
      if (property === undefined) return `{{${path}}} is not in the contract`;
      const mayMiss = !alwaysThere(view, step) || (!writesNull && isNullThere(property, input));
      if (mayMiss && !guarded && index > inList) {
        return `{{${path}}} is optional in the contract and stands outside {{#if ${path}}}`;
      }
      // A property may be declared by true alone, which says nothing of it.
      schema = isSchema(property) ? followReference(property, input) : {};
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
 * @throws HarnessError `template-syntax` or `template-unsupported` for a body that is no template, or
 * has a medium where none can stand.
 */
export function bodyMisfits(
  bodies: readonly Body[],
  input: JsonSchema,
  partials?: PartialSource,
): readonly string[] {
  const misfits = new Set<string>();
  const media = mediaPaths(input);
  for (const body of bodies) {
    for (const use of templateVariables(body, { partials, media })) {
      const misfit = pathMisfit(use, input);
      if (misfit !== undefined) misfits.add(misfit);
    }
  }
  return [...misfits];
}

/** Required variables that no placeholder of any body reads. */
export function unusedVariables(
  bodies: readonly Body[],
  input: JsonSchema,
  partials?: PartialSource,
): readonly string[] {
  const used = variablesRead(bodies, partials);
  return contractVariables(input).required.filter((name) => !used.has(name));
}

function variablesRead(bodies: readonly Body[], partials?: PartialSource): ReadonlySet<string> {
  const uses = bodies.flatMap((body) => templateVariables(body, { partials }));
  return new Set(uses.map(({ path }) => path.split(/[.[]/)[0] as string));
}

/** Variables that one contract takes for media and the other does not. */
function mediaMisfits(
  text: VersionText,
  input: JsonSchema,
  partials: PartialSource | undefined,
): readonly string[] {
  const [own, theirs] = [mediaPaths(text.input), mediaPaths(input)];
  if (own.size + theirs.size === 0) return [];
  const [known, passed] = [contractVariables(text.input).all, contractVariables(input).all];
  return [...variablesRead(bodiesOf(text), partials)].flatMap((name) => {
    const [is, isThere] = [formOf(name, own), formOf(name, theirs)];
    return is === isThere || !known.includes(name) || !passed.includes(name)
      ? []
      : `{{${name}}} is ${is} in the version and ${isThere} in the code`;
  });
}

function formOf(name: string, media: ReadonlySet<string>): string {
  return media.has(name) ? "a medium" : media.has(`${name}[]`) ? "a list of media" : "no medium";
}

/** Why a text cannot be served to this caller, in words; empty when it fits. */
export function textMisfits(
  text: VersionText,
  { input, providers, tools }: CallerContract,
  partials?: PartialSource,
): readonly string[] {
  const clashes = mediaMisfits(text, input, partials);
  // What a placeholder may do depends on what it holds, so the rest is asked only where that is agreed.
  const misfits = clashes.length > 0 ? [...clashes] : [...bodyMisfits(bodiesOf(text), input, partials)];
  const { id, provider } = text.model;
  if (!providers.includes(provider)) {
    const calls = providers.join(", ") || "nobody";
    misfits.push(`model ${id} is served by ${provider}, the code calls ${calls}`);
  }
  for (const { name } of text.tools ?? []) {
    if (!tools.includes(name)) misfits.push(`tool ${name} is not one the code has`);
  }
  return misfits;
}
