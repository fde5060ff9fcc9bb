/** Sends away whom a server that shuts down cannot serve any more. */
import { HarnessError } from "@colophon/kernel";
import type { RuntimeParts } from "./runtime-service.ts";

/** Seconds after which another server, or this one, is there. */
const RETRY_AFTER = 1;

/** @throws HarnessError `store-unavailable` once the server has begun to shut down. */
export function refuseWhileStopping({ stopping }: Pick<RuntimeParts, "stopping">): void {
  if (!stopping.aborted) return;
  throw new HarnessError("store-unavailable", "This server is shutting down; ask again.", {
    details: { retryAfter: RETRY_AFTER },
  });
}
