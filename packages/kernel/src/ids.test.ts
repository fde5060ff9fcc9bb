/** Tests the form and order of ids. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIdSource, parseExecutionId, timeOfId } from "./ids.ts";
import { systemRandom } from "./random.ts";

const clock = { now: () => 1_700_000_000_000, elapsed: () => 0 };
/** The longest time that a UUIDv7 can hold. */
const LAST = 2 ** 48 - 1;

describe("createIdSource", () => {
  it("writes the time and the given random bytes where RFC 9562 puts them", () => {
    const random = { fill: (bytes: Uint8Array) => bytes.fill(0xff) };
    expect(createIdSource({ clock, random }).next(0x017f22e279b0)).toBe(
      "017f22e2-79b0-7fff-bfff-ffffffffffff",
    );
    const zero = { fill: (bytes: Uint8Array) => bytes.fill(0) };
    expect(createIdSource({ clock, random: zero }).next(0)).toBe("00000000-0000-7000-8000-000000000000");
  });

  it("stamps ids with its clock when no time is given", () => {
    expect(timeOfId(createIdSource({ clock, random: systemRandom }).next())).toBe(clock.now());
  });

  it("gives back the millisecond an id was stamped with", () => {
    const ids = createIdSource({ clock, random: systemRandom });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST }), (at) => {
        const id = ids.next(at);
        expect(timeOfId(id)).toBe(at);
        expect(parseExecutionId(id)).toBe(id);
      }),
    );
  });

  it("sorts ids of different milliseconds by time", () => {
    const ids = createIdSource({ clock, random: systemRandom });
    const time = fc.integer({ min: 0, max: LAST });
    fc.assert(
      fc.property(time, time, (a, b) => {
        fc.pre(a !== b);
        expect(ids.next(a) < ids.next(b)).toBe(a < b);
      }),
    );
  });

  it("repeats no id within one millisecond, across many refills of its pool", () => {
    const ids = createIdSource({ clock, random: systemRandom });
    const made = new Set(Array.from({ length: 20_000 }, () => ids.next()));
    expect(made.size).toBe(20_000);
  });

  it("uses each random byte once", () => {
    let next = 0;
    const random = {
      fill: (bytes: Uint8Array) => bytes.map((_, index, all) => (all[index] = next++ & 0xff)),
    };
    const ids = createIdSource({ clock, random });
    expect(ids.next().slice(-12)).toBe("040506070809");
    expect(ids.next().slice(-12)).toBe("0e0f10111213");
  });
});

describe("parseExecutionId", () => {
  it("takes an id as a person pastes it", () => {
    const id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
    expect(parseExecutionId(`  ${id.toUpperCase()}\n`)).toBe(id);
  });

  it.each(["", "7", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-18c4-dc0c0c07398f"])(
    "refuses %j, which is no UUIDv7",
    (text) => {
      expect(() => parseExecutionId(text)).toThrowError(expect.objectContaining({ code: "input-malformed" }));
    },
  );
});
