/** Counts the jobs that wait or run, when somebody asks. */
import { JOB_STATES, type JobState, type Jobs } from "@colophon/kernel";
import { Gauge, type Registry } from "prom-client";

const OPEN: readonly JobState[] = JOB_STATES.filter((state) => state === "queued" || state === "running");
/** More than that is not told apart. */
const MOST = 1000;

export function addJobMetrics(registry: Registry, jobs: Pick<Jobs, "list">): void {
  new Gauge({
    name: "colophon_jobs",
    help: `Jobs of all projects that wait or run, up to ${MOST} of each.`,
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      // What cannot be counted is not there, and keeps no other figure from being read.
      this.reset();
      for (const state of OPEN) {
        const listed = await jobs.list({ states: [state], limit: MOST }).catch(() => undefined);
        if (listed !== undefined) this.set({ state }, listed.length);
      }
    },
  });
}
