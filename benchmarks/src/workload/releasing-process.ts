/** Another process that releases versions when it is told to, as a person at a terminal would. */
import { openHarness, releaseVersion } from "@colophon/harness";
import { ENVIRONMENT } from "./prompt-registry.ts";
import { ACTOR } from "./store-registry.ts";

export interface ReleaseOrder {
  readonly key: string;
  readonly version: number;
}

/** When the release was asked for, in milliseconds since the epoch with their fraction. */
export interface ReleaseDone {
  readonly asked: number;
}

const [store = ""] = process.argv.slice(2);
const harness = await openHarness({ store, cwd: process.cwd(), mode: "write", actor: ACTOR });

process.on("message", (order: ReleaseOrder) => void release(order));
process.on("disconnect", () => void harness.close().then(() => process.exit(0)));
process.send?.({ asked: 0 } satisfies ReleaseDone);

async function release({ key, version }: ReleaseOrder): Promise<void> {
  const asked = performance.timeOrigin + performance.now();
  await releaseVersion(harness, { key, version, environment: ENVIRONMENT, reason: "measured" });
  process.send?.({ asked } satisfies ReleaseDone);
}
