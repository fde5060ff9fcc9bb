/** Expands the variables of a promptfoo test: a list stands for one test with each of its values. */

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
