/** Writes into a body what Dotprompt does by itself: defaults, and nothing for an optional text that is missing. */
import { bodyMisfits, type JsonSchema, type PartialSource, templateVariables } from "@colophon/kernel";
import { type Fields, isFields } from "../../field-reader.ts";
import { CannotConvert } from "../cannot-convert.ts";
import type { Remarks } from "../imported.ts";
import { printPieces } from "../template/print-pieces.ts";
import { rewriteTags } from "../template/rewrite-tags.ts";

export interface FillableBody {
  readonly body: string;
  readonly input: JsonSchema;
}

/** More are no prompt, and each is looked for in the whole body. */
const MOST_DEFAULTS = 200;

interface Saying {
  readonly name: string;
  readonly remarks: Remarks;
}

/** @throws CannotConvert for a default that no condition of the template language can stand for. */
export function fillDefaults(
  { body, input, defaults }: FillableBody & { readonly defaults: Fields },
  { name, remarks }: Saying,
): FillableBody {
  const count = Object.keys(defaults).length;
  if (count > MOST_DEFAULTS) {
    throw new CannotConvert(
      `it has ${count} defaults, and at most ${MOST_DEFAULTS} are read; pass the values in code.`,
    );
  }
  let filled = body;
  let contract = input;
  for (const [variable, value] of Object.entries(defaults)) {
    const uses = usesOf(filled, variable);
    const isNothing = value === null || value === false || value === "" || value === 0 || isEmptyList(value);
    const text =
      typeof value === "string" || (typeof value === "number" && value !== 0) ? String(value) : null;
    if (uses.printed && text === null) throw cannot(variable, value, "it is printed");
    if (uses.asked && !isNothing)
      throw cannot(variable, value, "it is asked for in a condition, list or path");
    contract = optional(contract, variable);
    if (!uses.printed) continue;
    const otherwise = text === "" || text === null ? [] : [{ kind: "text", text } as const];
    const piece = {
      kind: "if",
      path: variable,
      body: [{ kind: "value", path: variable }],
      otherwise,
    } as const;
    const { text: printed } = printPieces([piece]);
    filled = rewriteTags(filled, ({ inner, depth }) =>
      inner === variable && depth === 0 ? printed : undefined,
    );
    remarks.changed(
      name,
      `its default of ${variable} is {{else}} of an {{#if ${variable}}}: an empty text or 0 that is passed counts as missing, too.`,
    );
  }
  return { body: filled, input: contract };
}

/** Texts that may be missing print nothing then; whatever else may be missing and is printed is refused. */
export function guardOptional(
  { body, input }: FillableBody,
  { name, remarks, partials }: Saying & { readonly partials: PartialSource },
): string {
  const loose = templateVariables(body)
    .filter(({ path, guarded, json }) => !guarded && json !== true && !path.includes("[]"))
    .map(({ path }) => path)
    .filter((path) => bodyMisfits([`{{this.${path}}}`], input).length > 0 && isText(input, path));
  const guarded = rewriteTags(body, ({ inner, depth }) =>
    depth === 0 && loose.includes(inner) ? `{{#if ${inner}}}{{${inner}}}{{/if}}` : undefined,
  );
  if (loose.length > 0) {
    remarks.changed(
      name,
      `${loose.join(", ")} may be missing, and stands in an {{#if}} now, which prints nothing then.`,
    );
  }
  const [misfit] = bodyMisfits([guarded], input, partials);
  if (misfit === undefined) return guarded;
  throw new CannotConvert(`${misfit}; correct input.schema or the body, where Dotprompt prints nothing.`);
}

function usesOf(body: string, variable: string): { readonly printed: boolean; readonly asked: boolean } {
  let printed = false;
  let asked = false;
  const name = variable.replace(/[$]/g, "\\$&");
  const anywhere = new RegExp(`(?:^|[\\s/])(?:this\\.|@root\\.)?${name}(?![\\w$-])`);
  rewriteTags(body, ({ inner, depth }) => {
    if (inner === variable && depth === 0) printed = true;
    else if (
      /^[#/]/.test(inner) ? /^#/.test(inner) && anywhere.test(inner) : isOutside(inner, { depth, anywhere })
    ) {
      asked = true;
    }
    return undefined;
  });
  return { printed, asked };
}

/** A plain name inside of `{{#each}}` is a field of the item. */
function isOutside(
  inner: string,
  { depth, anywhere }: { readonly depth: number; readonly anywhere: RegExp },
): boolean {
  return anywhere.test(inner) && (depth === 0 || /(?:\.\.\/|@root\.)/.test(inner));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function cannot(variable: string, value: unknown, why: string): CannotConvert {
  return new CannotConvert(
    `its default of ${variable}, ${JSON.stringify(value)?.slice(0, 40)}, has no counterpart, since ${why}; pass the value in code, and take it out of input.default.`,
  );
}

function optional(input: JsonSchema, variable: string): JsonSchema {
  const { properties, required, ...rest } = input;
  if (!isFields(properties) || !Object.hasOwn(properties, variable)) return input;
  const property = properties[variable];
  const needed = Array.isArray(required) ? required.filter((one) => one !== variable) : [];
  const { default: _, ...bare } = isFields(property) ? property : {};
  const type = typeof bare.type === "string" && bare.type !== "null" ? { type: [bare.type, "null"] } : {};
  return {
    ...rest,
    properties: { ...properties, [variable]: { ...bare, ...type } },
    ...(needed.length > 0 && { required: needed }),
  };
}

function isText(input: JsonSchema, path: string): boolean {
  let at: unknown = input;
  for (const step of path.split(".")) {
    const properties = isFields(at) ? at.properties : undefined;
    at = isFields(properties) ? properties[step] : undefined;
  }
  if (!isFields(at)) return false;
  const types: readonly unknown[] = Array.isArray(at.type) ? at.type : [at.type];
  return types.includes("string") && types.every((type) => type === "string" || type === "null");
}
