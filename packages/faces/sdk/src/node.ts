/** The SDK under Node: the core, and `open` on the embedded store. */
import type { Colophon } from "./colophon.ts";
import { type EmbeddedOptions, openEmbedded } from "./embedded/open-embedded.ts";

export { editDistance, STANDARD_OUTCOMES } from "@colophon/kernel";
// Everything but `open`, which is its own here.
export * from "./edge.ts";
export type { EmbeddedOptions } from "./embedded/open-embedded.ts";

/**
 * Opens the store: the one named, else COLOPHON_STORE or COLOPHON_URL, else the nearest `.colophon/`
 * upward, else a new one here with the first write. Synchronous.
 *
 * @throws HarnessError `node-too-old`, or `store-unsupported` for an address this version cannot open.
 * @example
 * import { open } from "colophon";
 *
 * const colophon = open();
 * await colophon.ready({ timeoutMs: 1_000 });
 */
export function open(options: EmbeddedOptions = {}): Colophon {
  return openEmbedded(options);
}
