/** Gathers what several prompts bring to the gate. */
import type { GatePasses } from "@colophon/delivery";
import { type GateAsked, gatePass } from "../gate-pass.ts";
import type { Harness } from "../harness.ts";

export async function gatePasses(harness: Harness, asked: readonly GateAsked[]): Promise<GatePasses> {
  const passes = asked.map(async (one) => [one.key, await gatePass(harness, one)] as const);
  return new Map(await Promise.all(passes));
}
