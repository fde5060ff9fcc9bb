/** Gathers what several prompts bring to the gate. */
import type { GatePasses } from "@colophon/delivery";
import { gatePass } from "../gate-pass.ts";
import type { Harness } from "../harness.ts";

export async function gatePasses(harness: Harness, keys: readonly string[]): Promise<GatePasses> {
  const passes = keys.map(async (key) => [key, await gatePass(harness, key, null)] as const);
  return new Map(await Promise.all(passes));
}
