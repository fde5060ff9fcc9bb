/** Keeps what was opened for all copies of this module in one process to meet in. */
import type { Colophon } from "../colophon.ts";

const PLACE = Symbol.for("colophon.open.1");
const platform = globalThis as typeof globalThis & { [PLACE]?: Map<string, Colophon> };

/**
 * The colophon that was opened under this name and is not closed, else a new one. `open` is given what
 * it has to call as soon as its colophon closes, whoever closes it.
 */
export function reuseOpen(name: string, open: (closing: () => void) => Colophon): Colophon {
  platform[PLACE] ??= new Map();
  const kept = platform[PLACE];
  const known = kept.get(name);
  if (known !== undefined) return known;
  const colophon = open(() => {
    if (kept.get(name) === colophon) kept.delete(name);
  });
  kept.set(name, colophon);
  return colophon;
}
