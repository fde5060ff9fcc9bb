/** Fit: whether a body, a model and tools are ones that the calling code can serve. */
import { canonicalJson } from "./canonical-json.ts";
import type { JsonSchema } from "./json-schema.ts";
import { sha256 } from "./sha256.ts";
import type { Body } from "./template/body.ts";
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

interface SchemaView {
  readonly properties: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required: readonly string[];
  readonly items: JsonSchema | undefined;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function viewOf(schema: JsonSchema, root: JsonSchema): SchemaView {
  const resolved = followReference(schema, root);
  const { properties, required, items } = resolved;
  return {
    properties: isSchema(properties) ? (properties as Readonly<Record<string, JsonSchema>>) : undefined,
    required: Array.isArray(required) ? required.filter((name) => typeof name === "string") : [],
    items: isSchema(items) ? items : undefined,
  };
}

function followReference(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema {
  const reference = schema["$ref"];
  if (typeof reference !== "string" || !reference.startsWith("#") || depth > 8) return schema;
  let target: unknown = root;
  for (const step of reference.slice(1).split("/").filter(Boolean)) {
    target = isSchema(target) ? target[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return isSchema(target) ? followReference(target, root, depth + 1) : schema;
}

/** Top-level variables of a contract. */
export function contractVariables(input: JsonSchema): { readonly all: readonly string[]; readonly required: readonly string[] } {
  const view = viewOf(input, input);
  const all = Object.keys(view.properties ?? {});
  return { all, required: all.filter((name) => alwaysThere(view, name)) };
}

function alwaysThere(view: SchemaView, name: string): boolean {
  const property = view.properties?.[name];
  return view.required.includes(name) || (property !== undefined && "default" in property);
}

function mayBeNull(schema: JsonSchema): boolean {
  const { type } = schema;
  if (type === "null" || (Array.isArray(type) && type.includes("null"))) return true;
  const members = schema["anyOf"] ?? schema["oneOf"];
  return Array.isArray(members) && members.some((member) => isSchema(member) && mayBeNull(member));
}

/** Why a path does not fit, or undefined. Where a schema says nothing of its properties, anything fits. */
function pathMisfit(path: string, guarded: boolean, input: JsonSchema): string | undefined {
  let schema = input;
  for (const step of path.split(".")) {
    const list = step.endsWith("[]");
    const name = list ? step.slice(0, -2) : step;
    const view = viewOf(schema, input);
    if (view.properties === undefined) return undefined;
    const property = Object.hasOwn(view.properties, name) ? view.properties[name] : undefined;
    if (property === undefined) return `{{${path}}} is not in the contract`;
    if (!guarded && (!alwaysThere(view, name) || mayBeNull(property))) {
      return `{{${path}}} is optional in the contract and stands outside {{#if ${path}}}`;
    }
    if (!list) {
      schema = followReference(property, input);
      continue;
    }
    const { items } = viewOf(property, input);
    if (items === undefined) return undefined;
    schema = items;
  }
  return undefined;
}

/** Every body of a text: the default one and its translations. */
export function bodiesOf(text: Pick<VersionText, "body" | "locales">): readonly Body[] {
  return [text.body, ...Object.values(text.locales ?? {})];
}

/**
 * Why these bodies cannot be rendered from variables of this contract: one sentence per placeholder;
 * empty when they fit.
 *
 * @throws HarnessError `template-syntax` or `template-unsupported` for a body that is no template.
 */
export function bodyMisfits(bodies: readonly Body[], input: JsonSchema): readonly string[] {
  const misfits = new Set<string>();
  for (const body of bodies) {
    for (const use of templateVariables(body)) {
      const misfit = pathMisfit(use.path, use.guarded, input);
      if (misfit !== undefined) misfits.add(misfit);
    }
  }
  return [...misfits];
}

/** Required variables that no placeholder of any body reads. */
export function unusedVariables(bodies: readonly Body[], input: JsonSchema): readonly string[] {
  const used = new Set(bodies.flatMap((body) => templateVariables(body).map((use) => use.path.split(/[.[]/)[0])));
  return contractVariables(input).required.filter((name) => !used.has(name));
}

/**
 * Why a text cannot be served to this caller, in words; empty when it fits. `partials` are the
 * bodies of its partials, which read the same variables.
 */
export function textMisfits(
  text: VersionText,
  caller: CallerContract,
  partials: readonly Body[] = [],
): readonly string[] {
  const misfits = [...bodyMisfits([...bodiesOf(text), ...partials], caller.input)];
  if (!caller.providers.includes(text.model.provider)) {
    misfits.push(
      `model ${text.model.id} is served by ${text.model.provider}, the code calls ${caller.providers.join(", ") || "nobody"}`,
    );
  }
  for (const tool of text.tools ?? []) {
    if (!caller.tools.includes(tool.name)) misfits.push(`tool ${tool.name} is not one the code has`);
  }
  return misfits;
}
