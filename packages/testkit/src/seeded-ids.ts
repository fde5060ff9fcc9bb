/** Ids that are the same in every run: stamped by the test's clock, random by a seed. */
import { type Clock, createIdSource, type IdSource } from "@colophon/kernel";
import { seededRandom } from "./seeded-random.ts";

export function seededIds(parts: { readonly clock: Clock; readonly seed: number | string }): IdSource {
  return createIdSource({ clock: parts.clock, random: seededRandom(parts.seed) });
}
