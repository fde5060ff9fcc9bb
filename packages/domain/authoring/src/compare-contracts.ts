/** What differs between two contracts, property by property. */
import { canonicalJson, type JsonSchema } from "@colophon/kernel";

/** A property as a contract describes it, without the properties below it. */
export interface PropertyView {
  readonly schema: unknown;
  readonly required: boolean;
}

/** `path` is dotted, `items[].name` a field of the items of a list; empty for the contract itself. */
export type ContractChange =
  | { readonly path: string; readonly change: "added"; readonly before: null; readonly after: PropertyView }
  | { readonly path: string; readonly change: "removed"; readonly before: PropertyView; readonly after: null }
  | {
      readonly path: string;
      readonly change: "changed";
      readonly before: PropertyView;
      readonly after: PropertyView;
      /** Whether the property became required or optional. */
      readonly requirednessChanged: boolean;
    };

/** An absent contract has no properties at all. */
export function compareContracts(
  before: JsonSchema | undefined,
  after: JsonSchema | undefined,
): readonly ContractChange[] {
  const a = flatten(before);
  const b = flatten(after);
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((path): readonly ContractChange[] => {
    const one = a.get(path);
    const other = b.get(path);
    if (one === undefined)
      return other === undefined ? [] : [{ path, change: "added", before: null, after: other }];
    if (other === undefined) return [{ path, change: "removed", before: one, after: null }];
    if (canonicalJson(one) === canonicalJson(other)) return [];
    const requirednessChanged = one.required !== other.required;
    return [{ path, change: "changed", before: one, after: other, requirednessChanged }];
  });
}

function flatten(schema: JsonSchema | undefined): ReadonlyMap<string, PropertyView> {
  const views = new Map<string, PropertyView>();
  if (schema !== undefined) collect({ schema, path: "", required: true }, views);
  return views;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function collect(
  at: { readonly schema: unknown; readonly path: string; readonly required: boolean },
  views: Map<string, PropertyView>,
): void {
  const { schema, path, required } = at;
  if (!isSchema(schema)) {
    views.set(path, { schema, required });
    return;
  }
  const { properties, required: names, items, ...own } = schema;
  const listed = isSchema(items) && isSchema(items.properties);
  views.set(path, { schema: listed || items === undefined ? own : { ...own, items }, required });
  const needed = Array.isArray(names) ? names : [];
  for (const [name, property] of Object.entries(isSchema(properties) ? properties : {})) {
    const below = path === "" ? name : `${path}.${name}`;
    collect({ schema: property, path: below, required: needed.includes(name) }, views);
  }
  if (listed) collect({ schema: items, path: `${path}[]`, required: true }, views);
}
