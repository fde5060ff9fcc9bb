/** Counts the jobs that wait or run, when somebody asks. */
import { JOB_STATES, type JobState, type Jobs } from "@colophon/kernel";
import { Gauge, type Registry } from "prom-client";

const OPEN: readonly JobState[] = JOB_STATES.filter((state) => state === "queued" || state === "running");

export function addJobMetrics(registry: Registry, jobs: Pick<Jobs, "count">): void {
  new Gauge({
    name: "colophon_jobs",
    help: "Jobs of all projects that wait or run.",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      // What cannot be counted is not there, and keeps no other figure from being read.
      this.reset();
      for (const state of OPEN) {
        const count = await jobs.count({ states: [state] }).catch(() => undefined);
        if (count !== undefined) this.set({ state }, count);
      }
    },
  });
}
