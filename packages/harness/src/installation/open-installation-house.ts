/** Opens the installation that is named: one whose database is at hand, or one behind a server. */
import type { InstallationHouse } from "../operations/offered-installation.ts";
import { isServer, openRemoteHouse } from "../remote/open-remote-house.ts";
import { type InstallationOptions, openInstallation } from "./open-installation.ts";

export interface InstallationHouseOptions extends InstallationOptions {
  /** Opens the door of a server; none is needed for a database at hand. */
  readonly apiKey?: string | undefined;
}

/**
 * @throws HarnessError as `openInstallation`, and `usage` for a server without a key.
 * @example
 * const installation = await openInstallationHouse({
 *   store: "https://prompts.example.com",
 *   apiKey: process.env.COLOPHON_API_KEY,
 *   cwd: process.cwd(),
 *   mode: "read",
 *   actor: { id: "ada", via: "cli" },
 * });
 */
export async function openInstallationHouse(options: InstallationHouseOptions): Promise<InstallationHouse> {
  const { store, apiKey, actor, clock } = options;
  if (!isServer(store)) return openInstallation(options);
  return openRemoteHouse({ url: store, apiKey, actor, ...(clock === undefined ? {} : { clock }) });
}
