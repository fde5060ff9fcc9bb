/** The SDK under Node: the core, and `open` on the embedded store or on a server. */
import type { Colophon } from "./colophon.ts";
import { type EmbeddedOptions, openEmbedded } from "./embedded/open-embedded.ts";
import { openRemote, type RemoteOptions } from "./remote/open-remote.ts";
import { isServerAddress } from "./remote/server-place.ts";

export { editDistance, STANDARD_OUTCOMES } from "@colophon/kernel";
// Everything but `open`, which is its own here.
export * from "./edge.ts";
export type { EmbeddedOptions } from "./embedded/open-embedded.ts";
export type { NodeOptions } from "./embedded/open-node-core.ts";
export type { RemoteOptions } from "./remote/open-remote.ts";

/** What `open` takes under Node; those of a server count where one is opened. */
export interface NodeOpenOptions extends EmbeddedOptions, RemoteOptions {}

/**
 * Opens the store: the one named, else COLOPHON_STORE or COLOPHON_URL, else the nearest `.colophon/`
 * upward, else a new one here with the first write. `https://host` is a server, which opens with
 * COLOPHON_API_KEY. Synchronous.
 *
 * @throws HarnessError `node-too-old`, `store-unsupported` for an address that cannot be opened, or `usage`.
 * @example
 * import { open } from "colophon";
 *
 * const colophon = open();
 * await colophon.ready({ timeoutMs: 1_000 });
 */
export function open(options: NodeOpenOptions = {}): Colophon {
  const { COLOPHON_STORE, COLOPHON_URL } = process.env;
  const address = options.url ?? options.store ?? (COLOPHON_STORE || COLOPHON_URL);
  if (!isServerAddress(address)) return openEmbedded(options);
  return openRemote({ address, options, variables: process.env });
}
