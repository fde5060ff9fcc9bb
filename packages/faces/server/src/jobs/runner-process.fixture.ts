/** A server of which nothing but the job runner is there, to be killed. */
import { systemClock } from "@colophon/kernel";
import { JobRunner } from "./job-runner.ts";
import { openJobsDesk, serverParts } from "./jobs-desk.fixture.ts";

const [folder = "", allow = "", leaseMs = ""] = process.argv.slice(2);
const { parts, stop } = serverParts(await openJobsDesk(folder, systemClock));
const lease = Number(leaseMs);
const runner = new JobRunner(parts, { allow: [allow], lookMs: 20, leaseMs: lease, renewMs: lease / 4 });
process.stdin.on("end", () => stop.abort());
process.stdin.resume();
await runner.run();
await parts.desk.close();
