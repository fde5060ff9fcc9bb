/** What is said in an object: texts and hashes know no field that is undefined, and no empty list where one may be left out. */

type Fields = Readonly<Record<string, unknown>>;

/** An object that is no list, whatever it holds. */
export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, perhaps none, with what `change` makes of each field; where that is undefined it is left out. */
export function mapFields<T, R>(
  fields: Readonly<Record<string, T>> | undefined,
  change: (value: T, name: string) => R,
): Record<string, NonNullable<R>> {
  const changed: (readonly [string, R])[] = [];
  for (const [name, value] of Object.entries(fields ?? {})) {
    const other = change(value, name);
    if (other !== undefined) changed.push([name, other]);
  }
  return Object.fromEntries(changed) as never;
}

/** The object without the fields that are undefined. */
export function saidFields<T extends object>(fields: T): T {
  return mapFields(fields as Fields, (value) => value) as T;
}

/** Undefined for an empty list, or an object without fields. */
export function filled<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

/** A list whose order says nothing, or none: sorted, each once; undefined for an empty one. */
export function sortedSet<T>(
  list: readonly T[] | undefined,
  compare?: (a: T, b: T) => number,
): readonly T[] | undefined {
  return filled([...new Set(list)].sort(compare));
}
