/** Reads how many tests passed, failed and were skipped from the test runner's JSON report. */

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface RunnerReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A file that could not be loaded, and a run that ended badly without a failed test, count as one failure each. */
export function countTests(report: unknown, endedWell: boolean): TestCounts {
  if (!isReport(report)) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !endedWell ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function isReport(report: unknown): report is RunnerReport {
  if (typeof report !== "object" || report === null) return false;
  const counts = ["numPassedTests", "numFailedTests", "numPendingTests", "numTodoTests"] as const;
  const candidate = report as Partial<RunnerReport>;
  return counts.every((name) => typeof candidate[name] === "number") && Array.isArray(candidate.testResults);
}
