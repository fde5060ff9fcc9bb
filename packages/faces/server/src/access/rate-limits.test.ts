/** How often strangers may ask, whatever address of theirs they ask from. */
import { describe, expect, it } from "vitest";
import { RateLimits } from "./rate-limits.ts";

async function untilRefused(rates: RateLimits, addressOf: (turn: number) => string): Promise<number> {
  for (let turn = 0; turn < 200; turn += 1) {
    const isRefused = await rates.countStranger(addressOf(turn)).then(
      () => false,
      () => true,
    );
    if (isRefused) return turn;
  }
  return 200;
}

describe("an address that nobody answers for", () => {
  it("is one with all that are given out along with it", async () => {
    const rates = new RateLimits(1_000);
    expect(await untilRefused(rates, (turn) => `2001:db8:7:9::${turn.toString(16)}`)).toBe(60);
    expect(await untilRefused(rates, (turn) => `2001:db8:7:a:${turn.toString(16)}::1%eth0`)).toBe(60);
    expect(await untilRefused(rates, () => "192.0.2.7")).toBe(60);
    await expect(rates.countStranger("::ffff:192.0.2.7")).rejects.toMatchObject({
      code: "too-many-requests",
    });
    await rates.countStranger("192.0.2.8");
    await rates.countStranger("2001:db8:7:b::1");
  });

  it("is taken as it stands where it is none", async () => {
    const rates = new RateLimits(1_000);
    expect(await untilRefused(rates, () => "unknown")).toBe(60);
    await rates.countStranger("unknown too");
  });
});
