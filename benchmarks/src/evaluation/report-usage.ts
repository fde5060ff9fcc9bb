/** Preloaded into a process: writes what it used of memory and processor into a file when it ends. */
import { writeFileSync } from "node:fs";

process.once("exit", () => {
  const file = process.env.BENCH_USAGE_FILE;
  if (file === undefined) return;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  // The system counts memory in kilobytes, and time in microseconds.
  writeFileSync(file, JSON.stringify({ peak: maxRSS * 1024, busy: (userCPUTime + systemCPUTime) / 1000 }));
});
