/** Tests of latency as it is drawn. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { findProfile } from "../profiles.ts";
import { createSeededRandom } from "../seeded-random.ts";
import { drawLatency, type LatencySetting } from "./draw-latency.ts";

function draws(setting: LatencySetting, model: string): readonly number[] {
  const profile = findProfile(model);
  return Array.from({ length: 2_000 }, (_, index) => {
    const random = createSeededRandom(model, index);
    return drawLatency(setting, { profile, random, tokens: 0 }).latencyMs;
  }).toSorted((left, right) => left - right);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * sorted.length)] ?? 0;

test("log-normal latency has the median of its model and a long tail to the right", () => {
  const sorted = draws({ kind: "log-normal", median: 100, perToken: 0 }, "gpt-5");
  const { slowness, latencySpread } = findProfile("gpt-5");
  const median = at(sorted, 0.5);
  expect(median / (100 * slowness)).toBeCloseTo(1, 1);
  // One standard deviation up and down are equally far in the logarithm.
  expect(Math.log(at(sorted, 0.841) / median)).toBeCloseTo(latencySpread, 1);
  expect(Math.log(median / at(sorted, 0.159))).toBeCloseTo(latencySpread, 1);
});

test("slower models take longer, and zero stays zero", () => {
  const setting: LatencySetting = { kind: "log-normal", median: 100, perToken: 0 };
  expect(at(draws(setting, "gpt-5"), 0.5)).toBeGreaterThan(at(draws(setting, "gpt-5-nano"), 0.5));
  expect(at(draws({ kind: "range", min: 0, max: 0 }, "gpt-5"), 0.99)).toBe(0);
});

test("the first token never comes after the last", () => {
  const setting = fc.oneof(
    fc.record({
      kind: fc.constant("range" as const),
      min: fc.nat(50),
      max: fc.integer({ min: 50, max: 99 }),
    }),
    fc.record({ kind: fc.constant("log-normal" as const), median: fc.nat(999), perToken: fc.nat(20) }),
  );
  fc.assert(
    fc.property(setting, fc.nat(500), fc.nat(), (each, tokens, seed) => {
      const random = createSeededRandom(seed);
      const { firstTokenMs, latencyMs } = drawLatency(each, {
        profile: findProfile("gpt-5"),
        random,
        tokens,
      });
      expect(firstTokenMs).toBeLessThanOrEqual(latencyMs);
    }),
    { seed: 1 },
  );
});
