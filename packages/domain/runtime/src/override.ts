/** Puts a method of our own over one of a client's object, unseen by whoever lists its properties. */
export function override(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
