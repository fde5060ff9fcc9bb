/** A harness opened with the same clock and chance does the same. */
import { expect, test } from "vitest";
import { HOUSES } from "./opened-house.fixture.ts";

test.each(HOUSES)("On $name the keys of subjects come from the injected chance", async (house) => {
  const pseudonym = async () => {
    const { harness, close } = await house.open();
    try {
      return await harness.records.findPseudonym({ kind: "user", value: "ada" }, { create: true });
    } finally {
      await close();
    }
  };
  expect(await pseudonym()).toBe(await pseudonym());
});
