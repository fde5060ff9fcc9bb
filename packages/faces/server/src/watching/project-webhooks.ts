/** Reads where a project's alerts are sent. */
import { readWebhook, type Webhook } from "@colophon/harness";
import { errorCodeOf } from "@colophon/kernel";
import type { ServerParts } from "../server-parts.ts";

/** An address, and what alerts to it are signed with: secrets of the project. */
export const WEBHOOK_SECRETS = ["WEBHOOK_URL", "WEBHOOK_SECRET"] as const;
const [ADDRESS, SIGNING] = WEBHOOK_SECRETS;

/** None where the secrets cannot be read or name no address: guards act all the same, and the log says so. */
export async function projectWebhooks(
  { desk, log }: Pick<ServerParts, "desk" | "log">,
  project: string,
): Promise<readonly Webhook[]> {
  const { secrets } = desk.installation;
  try {
    const isSet = (await secrets.list(project)).some(({ name }) => name === ADDRESS);
    if (!isSet) return [];
    const values = await secrets.readAll(project);
    const address = values.get(ADDRESS);
    return address === undefined ? [] : [readWebhook(address, values.get(SIGNING) ?? null)];
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    log.error({ err: error }, "alerts are sent nowhere, since the project's webhook cannot be read");
    return [];
  }
}
