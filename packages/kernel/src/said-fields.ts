/** What is said in an object: texts and hashes know no field that is undefined, and no empty list where one may be left out. */

/** The object without the fields that are undefined. */
export function saidFields<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** Undefined for an empty list, or an object without fields. */
export function filled<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}
