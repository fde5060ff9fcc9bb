/** Tests which slips of the pen are understood. */
import { expect, it } from "vitest";
import { nearestName } from "./nearest-name.ts";

const KEYS = ["support.triage", "support.reply", "billing.refund"];

it.each([
  ["support.triag", "support.triage"],
  ["SUPPORT.REPLY", "support.reply"],
  ["triage", "support.triage"],
  ["biling.refnd", "billing.refund"],
  ["quite.something.else", undefined],
  ["", undefined],
])("%j means %j", (name, meant) => {
  expect(nearestName(name, KEYS)).toBe(meant);
});

it("does not take a short name for any other short name", () => {
  expect(nearestName("dev", ["qa", "uat"])).toBeUndefined();
});
