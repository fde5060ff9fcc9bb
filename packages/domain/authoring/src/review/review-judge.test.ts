/** Tests of what is taken from a judge's answer. */
import { expect, it } from "vitest";
import { readJudgeFindings } from "./review-judge.ts";

it("A judge that quotes a secret does not bring it into the log", () => {
  const secret = `AKIA${"Q3EGZ7XN4TBWVK2M"}`;
  const said = { name: "leaks a key", severity: "high", place: "line 1", advice: "Mend it." };
  const found = readJudgeFindings({ findings: [{ ...said, message: `The key ${secret} stands there.` }] });
  expect(found).toMatchObject([
    { severity: "medium", message: "The key [an access key of AWS] stands there." },
  ]);
});
