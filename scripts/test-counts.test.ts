/** Feeds the counts with reports as the test runner writes them. */
import { expect, test } from "vitest";
import { countTests } from "./test-counts.ts";

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 2, testResults: [] };

test("The counts are those of the runner's report", () => {
  expect(countTests(report, true)).toEqual({ passed: 5, failed: 0, skipped: 3 });
});

test("A file that could not be loaded counts as one failure, a file with failed tests as those tests", () => {
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] },
    { status: "passed", assertionResults: [{ status: "passed" }] },
  ];
  expect(countTests({ ...report, numFailedTests: 1, testResults }, false)).toEqual({
    passed: 5,
    failed: 2,
    skipped: 3,
  });
});

test("A run that ends badly without a failed test is a failure all the same", () => {
  expect(countTests(report, false)).toEqual({ passed: 5, failed: 1, skipped: 3 });
});

test("A missing or misshapen report is a failure", () => {
  expect(countTests(undefined, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countTests({ numPassedTests: 5 }, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
