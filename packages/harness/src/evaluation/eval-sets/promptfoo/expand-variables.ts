/** Expands the variables of a promptfoo test: a list stands for one test with each of its values. */

/** A test that stands for more says something else than its author meant. */
export const MOST_EXPANSIONS = 1_000;

/** How many tests its lists stand for. */
export function countExpansions(given: Readonly<Record<string, unknown>>): number {
  return Object.values(given).reduce<number>(
    (count, value) => count * (Array.isArray(value) ? value.length : 1),
    1,
  );
}

/** Every combination, the first variable slowest. */
export function expandVariables(
  given: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] {
  let all: readonly Readonly<Record<string, unknown>>[] = [{}];
  for (const [name, value] of Object.entries(given)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    all = all.flatMap((before) => values.map((one) => ({ ...before, [name]: one })));
  }
  return all;
}
