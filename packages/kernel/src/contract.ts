/** Fit: whether a body, a model and tools are ones that the calling code can serve. */
import { canonicalJson } from "./canonical-json.ts";
import type { JsonSchema } from "./json-schema.ts";
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

interface SchemaView {
  readonly properties: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required: readonly string[];
  readonly items: JsonSchema | undefined;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function viewOf(schema: JsonSchema, root: JsonSchema): SchemaView {
  const { properties, required, items } = soleMember(followReference(schema, root), root);
  return {
    properties: isSchema(properties) ? (properties as Readonly<Record<string, JsonSchema>>) : undefined,
    required: Array.isArray(required) ? required.filter((name) => typeof name === "string") : [],
    items: isSchema(items) ? items : undefined,
  };
}

/** `anyOf` of null and one other is how libraries write "may be null": the other says what there is. */
function soleMember(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const members = membersOf(schema).filter((member) => isSchema(member) && !isNull(member));
  const [only] = members;
  return members.length === 1 && schema.properties === undefined && isSchema(only)
    ? followReference(only, root)
    : schema;
}

function membersOf(schema: JsonSchema): readonly unknown[] {
  const members = schema.anyOf ?? schema.oneOf;
  return Array.isArray(members) ? members : [];
}

function isNull(schema: JsonSchema): boolean {
  return schema.type === "null" || schema.const === null;
}

function followReference(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema {
  const reference = schema.$ref;
  if (typeof reference !== "string" || !reference.startsWith("#") || depth > 8) return schema;
  let target: unknown = root;
  for (const step of reference.slice(1).split("/").filter(Boolean)) {
    target = isSchema(target) ? target[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return isSchema(target) ? followReference(target, root, depth + 1) : schema;
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

/** Whether a value of this schema may be null; `root` is where its references point into. */
export function allowsNull(schema: JsonSchema, root: JsonSchema = schema): boolean {
  return mayBeNull(schema, root, 0);
}

function mayBeNull(given: JsonSchema, root: JsonSchema, depth: number): boolean {
  const schema = followReference(given, root);
  const { type } = schema;
  if (type === "null" || (Array.isArray(type) && type.includes("null"))) return true;
  if (type === undefined && (schema.const === null || isNullListed(schema.enum))) return true;
  return (
    depth < 8 && membersOf(schema).some((member) => isSchema(member) && mayBeNull(member, root, depth + 1))
  );
}

function isNullListed(values: unknown): boolean {
  return Array.isArray(values) && values.includes(null);
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
 * @throws HarnessError `template-syntax` or `template-unsupported` for a body that is no template.
 */
export function bodyMisfits(
  bodies: readonly Body[],
  input: JsonSchema,
  partials?: PartialSource,
): readonly string[] {
  const misfits = new Set<string>();
  for (const body of bodies) {
    for (const use of templateVariables(body, { partials })) {
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
  const paths = bodies.flatMap((body) => templateVariables(body, { partials }).map((use) => use.path));
  const used = new Set(paths.map((path) => path.split(/[.[]/)[0]));
  return contractVariables(input).required.filter((name) => !used.has(name));
}

/** Why a text cannot be served to this caller, in words; empty when it fits. */
export function textMisfits(
  text: VersionText,
  caller: CallerContract,
  partials?: PartialSource,
): readonly string[] {
  const misfits = [...bodyMisfits(bodiesOf(text), caller.input, partials)];
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
