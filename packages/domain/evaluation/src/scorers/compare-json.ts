/** Compares JSON values deeply, numbers within a tolerance, and says how much of one is in the other. */

/** Leaves of the expected value that are as expected, and leaves of both together. */
export interface JsonAgreement {
  readonly equal: number;
  readonly all: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Leaves are texts, numbers, booleans, null, empty lists and empty objects. A leaf that one side lacks
 * counts as one that differs. Order matters in lists, not in objects. `tolerance` is absolute.
 */
export function compareJson(said: unknown, wanted: unknown, tolerance: number): JsonAgreement {
  if (Array.isArray(said) && Array.isArray(wanted) && said.length + wanted.length > 0) {
    const places = Array.from({ length: Math.max(said.length, wanted.length) }, (_, at) => at);
    return sumOf(places.map((at) => compareJson(said[at], wanted[at], tolerance)));
  }
  if (isObject(said) && isObject(wanted) && Object.keys(said).length + Object.keys(wanted).length > 0) {
    const names = new Set([...Object.keys(said), ...Object.keys(wanted)]);
    return sumOf([...names].map((name) => compareJson(own(said, name), own(wanted, name), tolerance)));
  }
  if (isBranch(said) || isBranch(wanted)) {
    return { equal: 0, all: Math.max(leavesOf(said), leavesOf(wanted)) };
  }
  return { equal: isSameLeaf(said, wanted, tolerance) ? 1 : 0, all: 1 };
}

/** True where every part of `wanted` is in `said`; objects may have more, lists may not. */
export function holdsJson(said: unknown, wanted: unknown, tolerance: number): boolean {
  if (isObject(said) && isObject(wanted)) {
    return Object.keys(wanted).every(
      (name) => Object.hasOwn(said, name) && holdsJson(said[name], wanted[name], tolerance),
    );
  }
  if (Array.isArray(said) && Array.isArray(wanted)) {
    return said.length === wanted.length && wanted.every((item, at) => holdsJson(said[at], item, tolerance));
  }
  const { equal, all } = compareJson(said, wanted, tolerance);
  return equal === all;
}

function own(value: JsonObject, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isBranch(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function leavesOf(value: unknown): number {
  if (!isBranch(value)) return value === undefined ? 0 : 1;
  return Object.values(value as object).reduce((sum: number, item) => sum + leavesOf(item), 0);
}

function isSameLeaf(said: unknown, wanted: unknown, tolerance: number): boolean {
  if (typeof said === "number" && typeof wanted === "number") {
    return said === wanted || Math.abs(said - wanted) <= tolerance;
  }
  // What is left of lists and objects here is empty.
  if (typeof said === "object" && typeof wanted === "object" && said !== null && wanted !== null) {
    return Array.isArray(said) === Array.isArray(wanted);
  }
  return said === wanted;
}

function sumOf(parts: readonly JsonAgreement[]): JsonAgreement {
  return parts.reduce((sum, part) => ({ equal: sum.equal + part.equal, all: sum.all + part.all }), {
    equal: 0,
    all: 0,
  });
}
