/** Starts jobs with inputs that no client would send, and lets a runner do them: each ends, in known words. */
import { type AnyOperation, OPERATIONS } from "@colophon/harness";
import { ERROR_CODES, type Job } from "@colophon/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { JobRunner } from "../jobs/job-runner.ts";
import { type FuzzWorld, judgeLog, MARK, openFuzzWorld, runs } from "./fuzz-world.fixture.ts";
import { mutated, textOf } from "./hostile-json.fixture.ts";
import { knownValues } from "./known-values.fixture.ts";
import { type JsonSchema, ShapeArbitraries } from "./shape-arbitrary.fixture.ts";

const operations: readonly AnyOperation[] = OPERATIONS;
/** A drill waits for processes by the clock, which stands still here. */
const started = operations.filter(({ kind, name }) => kind === "job" && !name.startsWith("drill."));

let world: FuzzWorld;
beforeAll(async () => {
  world = await openFuzzWorld();
  const { secrets } = world.desk.installation;
  // Nothing listens there, and nobody may ask.
  const base = { project: "main", name: "OPENAI_BASE_URL", value: "http://127.0.0.1:9", by: "grace" };
  await secrets.set(base);
});
afterAll(() => world.close());

async function allJobs(): Promise<readonly Job[]> {
  return world.desk.installation.jobs.list({ limit: 10_000 });
}

it("Every job that was taken in ends, with nothing of the other project and no fault of the server", async () => {
  for (const operation of started) {
    const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" }) as JsonSchema;
    const sound = new ShapeArbitraries(schema, knownValues(operation.name, world)).root;
    const property = fc.asyncProperty(mutated(sound), async (value) => {
      const headers = { "content-type": "application/json" };
      const body = textOf(value);
      await world.send({ method: "POST", path: `/v1/projects/main${operation.path}`, body, headers });
    });
    await fc.assert(property, runs(12));
  }
  const taken = await allJobs();
  expect(taken.length).toBeGreaterThan(started.length);
  world.watchdog.begin(`${taken.length} jobs`);
  const done = new JobRunner(world.parts, { lookMs: 5, renewMs: 50, graceMs: 100 }).run();
  const open = async () => (await allJobs()).filter(({ state }) => state === "queued" || state === "running");
  await expect.poll(open, { timeout: 25_000, interval: 100 }).toEqual([]);
  world.stop.abort();
  await done;
  for (const { project, operation, input, state, error, output } of await allJobs()) {
    const said = `${operation} ${JSON.stringify(input).slice(0, 1000)} ${JSON.stringify(error)}`;
    if (project === "main") expect(JSON.stringify([error, output ?? null])).not.toContain(MARK);
    if (state === "failed") expect(ERROR_CODES, said).toContain(error?.code);
  }
  judgeLog(world);
});
