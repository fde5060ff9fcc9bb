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

interface PathStep {
  readonly name: string;
  /** How many lists stand one in another behind the name: `rows[][]` has two. */
  readonly lists: number;
}

function stepsOf(path: string): readonly PathStep[] {
  return path.split(".").map((step) => {
    const lists = step.split("[]").length - 1;
    return { name: lists === 0 ? step : step.slice(0, step.indexOf("[]")), lists };
  });
}

/** Why a path does not fit, or undefined. Where a schema says nothing of its properties, anything fits. */
function pathMisfit(use: VariableUse, input: JsonSchema): string | undefined {
  const { path, guarded } = use;
  const steps = stepsOf(path);
  // What leads to a list is guarded by its {{#each}}: it shows nothing when the list is not there.
  const inList = steps.findLastIndex((step) => step.lists > 0);
  let schema = input;
  for (const [index, { name, lists }] of steps.entries()) {
    const writesNull = use.json === true && index === steps.length - 1;
    // The items themselves, read as {{this.x}} of a list of lists.
    if (name !== "") {
      const view = viewOf(schema, input);
      if (view.properties === undefined) return undefined;
      const property = Object.hasOwn(view.properties, name) ? view.properties[name] : undefined;
      if (property === undefined) return `{{${path}}} is not in the contract`;
      const mayMiss = !alwaysThere(view, name) || (!writesNull && isNullThere(property, input));
      if (mayMiss && !guarded && index > inList) {
        return `{{${path}}} is optional in the contract and stands outside {{#if ${path}}}`;
      }
      // A property may be declared by true alone, which says nothing of it.
      schema = isSchema(property) ? followReference(property, input) : {};
    }
    for (let list = 0; list < lists; list++) {
      const { items } = viewOf(schema, input);
      if (items === undefined) return undefined;
      schema = followReference(items, input);
      const isItem = index === inList && list === lists - 1;
      if (isItem && !writesNull && !guarded && allowsNull(schema, input)) {
        return `{{${path}}} reads items that may be null and stands outside an {{#if}} of the item`;
      }
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

function variablesRead(bodies: readonly Body[], partials?: PartialSource): ReadonlySet<string | undefined> {
  const paths = bodies.flatMap((body) => templateVariables(body, { partials }).map((use) => use.path));
  return new Set(paths.map((path) => path.split(/[.[]/)[0]));
}

/** Variables that one contract takes for media and the other does not. */
function mediaMisfits(
  text: VersionText,
  caller: CallerContract,
  partials: PartialSource | undefined,
): readonly string[] {
  const [own, theirs] = [mediaPaths(text.input), mediaPaths(caller.input)];
  const differing = [...own, ...theirs].filter((path) => own.has(path) !== theirs.has(path));
  if (differing.length === 0) return [];
  const [known, passed] = [contractVariables(text.input).all, contractVariables(caller.input).all];
  const read = variablesRead(bodiesOf(text), partials);
  const names = new Set(differing.map((path) => path.replace("[]", "")));
  return [...names]
    .filter((name) => read.has(name) && known.includes(name) && passed.includes(name))
    .map(
      (name) => `{{${name}}} is ${formOf(name, own)} in the version and ${formOf(name, theirs)} in the code`,
    );
}

function formOf(name: string, media: ReadonlySet<string>): string {
  return media.has(name) ? "a medium" : media.has(`${name}[]`) ? "a list of media" : "no medium";
}

/** Why a text cannot be served to this caller, in words; empty when it fits. */
export function textMisfits(
  text: VersionText,
  caller: CallerContract,
  partials?: PartialSource,
): readonly string[] {
  const clashes = mediaMisfits(text, caller, partials);
  // What a placeholder may do depends on what it holds, so the rest is asked only where that is agreed.
  const misfits =
    clashes.length > 0 ? [...clashes] : [...bodyMisfits(bodiesOf(text), caller.input, partials)];
  if (!caller.providers.includes(text.model.provider)) {
    const { id, provider } = text.model;
    const calls = caller.providers.join(", ") || "nobody";
    misfits.push(`model ${id} is served by ${provider}, the code calls ${calls}`);
  }
  for (const tool of text.tools ?? []) {
    if (!caller.tools.includes(tool.name)) misfits.push(`tool ${tool.name} is not one the code has`);
  }
  return misfits;
}
