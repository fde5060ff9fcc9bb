/** Tests which outcomes are taken. */
import { describe, expect, it } from "vitest";
import { checkOutcome, type OutcomeDraft, STANDARD_OUTCOMES } from "./outcome.ts";

type Checked = Pick<OutcomeDraft, "name" | "value" | "source">;
const outcome = (name: unknown, value: unknown, source: unknown = "user"): Checked =>
  ({ name, value, source }) as Checked;

describe("checkOutcome", () => {
  it.each([
    ["accepted", true],
    ["thumbs", false],
    ["editDistance", 0],
    ["quality", 1],
    ["latency", 12_000.5],
    ["our.own-name_1", "any text"],
    ["ours", -3],
    ["constructor", true],
    ["toString", 1],
  ])("takes %s: %j", (name, value) => {
    expect(() => checkOutcome(outcome(name, value))).not.toThrow();
  });

  it.each([
    ["a boolean name with a number", outcome("accepted", 1)],
    ["a boolean name with a text", outcome("thumbs", "up")],
    ["a share above one", outcome("quality", 1.01)],
    ["a share below none", outcome("editDistance", -0.1)],
    ["a share that is a boolean", outcome("quality", true)],
    ["a number that is a text", outcome("latency", "12")],
    ["a number that is none", outcome("latency", Number.NaN)],
    ["an infinite value of a free name", outcome("ours", Number.POSITIVE_INFINITY)],
    ["no value", outcome("ours", undefined)],
    ["null, which is no outcome", outcome("ours", null)],
    ["an object", outcome("ours", { a: 1 })],
    ["an empty name", outcome("", 1)],
    ["a name with spaces", outcome("my score", 1)],
    ["a name too long", outcome("a".repeat(65), 1)],
    ["no name", outcome(undefined, 1)],
    ["a source of another word", outcome("ours", 1, "robot")],
  ])("refuses %s", (_, given) => {
    expect(() => checkOutcome(given)).toThrowError(expect.objectContaining({ code: "outcome-invalid" }));
  });

  it("has a type for every standard name, and refuses the wrong one", () => {
    for (const [name, { type }] of Object.entries(STANDARD_OUTCOMES)) {
      const wrong = type === "boolean" ? 0.5 : true;
      expect(() => checkOutcome(outcome(name, wrong))).toThrowError(name);
    }
  });
});
