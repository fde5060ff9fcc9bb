/** Puts the names in a value into the order that another value has them in, so that the two print alike. */

type Fields = Readonly<Record<string, unknown>>;

/** Names that the other value lacks come after those that it has, in alphabetical order. */
export function arrangeLike<T>(value: T, like: unknown): T {
  return arrange(value, like) as T;
}

function arrange(value: unknown, like: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = Array.isArray(like) ? like : [];
    return value.map((item, index) => arrange(item, items[index]));
  }
  if (!isFields(value)) return value;
  const order = isFields(like) ? like : {};
  const first = Object.keys(order).filter((name) => Object.hasOwn(value, name));
  const others = Object.keys(value)
    .filter((name) => !Object.hasOwn(order, name))
    .sort();
  return Object.fromEntries([...first, ...others].map((name) => [name, arrange(value[name], order[name])]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
