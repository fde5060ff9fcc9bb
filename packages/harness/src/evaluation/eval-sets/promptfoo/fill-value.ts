/** Fills the variables of a promptfoo test into the texts of its assertions. */

const TAG = /\{\{\s*([A-Za-z_][\w.]*)\s*\}\}/g;
const OTHER = /\{\{|\{%/;

/** The value with every text in it filled; undefined where one asks for more than variables of the test. */
export function fillValue(value: unknown, variables: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === "string") return fillText(value, variables);
  if (typeof value !== "object" || value === null) return value;
  const filled = Object.entries(value).map(([name, inside]) => [name, fillValue(inside, variables)] as const);
  if (filled.some(([, inside]) => inside === undefined)) return undefined;
  return Array.isArray(value) ? filled.map(([, inside]) => inside) : Object.fromEntries(filled);
}

/** Undefined for a template that asks for more than variables of the test. */
function fillText(text: string, variables: Readonly<Record<string, unknown>>): string | undefined {
  let isWhole = true;
  const filled = text.replaceAll(TAG, (_, path: string) => {
    const value = path.split(".").reduce<unknown>((at, name) => {
      const fields = at ?? {};
      return Object.hasOwn(fields, name) ? (fields as Readonly<Record<string, unknown>>)[name] : undefined;
    }, variables);
    if (value === undefined || value === null) isWhole = false;
    return typeof value === "string" ? value : JSON.stringify(value);
  });
  return isWhole && !OTHER.test(text.replaceAll(TAG, "")) ? filled : undefined;
}
