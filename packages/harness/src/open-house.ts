/** Opens the house that is named: a store at hand, or one behind a server. */
import type { House } from "./house.ts";
import { type HarnessOptions, openHarness } from "./open-harness.ts";
import { isServer, openRemoteHouse } from "./remote/open-remote-house.ts";

export interface HouseOptions extends HarnessOptions {
  /** Opens the door of a server; none is needed for a store at hand. */
  readonly apiKey?: string | undefined;
}

/**
 * @throws HarnessError as `openHarness`, and `usage` for a server without a key.
 * @example
 * const opened = await openHouse({
 *   store: "https://prompts.example.com",
 *   apiKey: process.env.COLOPHON_API_KEY,
 *   cwd: process.cwd(),
 *   mode: "read",
 *   actor: { id: "ada", via: "cli" },
 * });
 */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { store, apiKey } = options;
  return isServer(store) ? openRemoteHouse({ ...options, url: store, apiKey }) : openHarness(options);
}
