/** Starts a suite in a fresh process and waits for its report. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SuiteJob, SuiteMessage } from "./run-suite.ts";
import type { SuiteReport } from "./suite.ts";

const FILE = fileURLToPath(new URL("./run-suite.ts", import.meta.url));

/** Rejects when the process ends without a report. */
export function startSuite(job: SuiteJob, say: (message: string) => void): Promise<SuiteReport> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_NO_WARNINGS: "1" };
    const child = fork(FILE, [JSON.stringify(job)], { execArgv: ["--expose-gc"], env });
    let report: SuiteReport | undefined;
    child.on("message", (message: SuiteMessage) => {
      if (message.kind === "said") say(message.message);
      else report = message.report;
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (report !== undefined) resolve(report);
      else reject(new Error(`The suite ${job.name} ended without a report (${signal ?? `exit ${code}`}).`));
    });
  });
}
