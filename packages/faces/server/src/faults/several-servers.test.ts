/** Two servers on one PostgreSQL: what one does reaches the applications of the other, and one that dies or ends loses nothing. */
import type { Job, JobEvent } from "@colophon/kernel";
import { startSimulator } from "@colophon/simulator";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { expect, type TestContext, test } from "vitest";
import { fillProject, KEY, nameModels } from "../jobs/jobs-desk.fixture.ts";
import {
  type ApplicationProcess,
  eventually,
  expectEachRowOnce,
  expectReleased,
  type FaultWorld,
  goesOn,
  openFaultWorld,
  PROMPT,
  type ServerProcess,
  takesIn,
} from "./fault-world.fixture.ts";
import { startNetwork } from "./network.fixture.ts";

const postgres = usePostgres();
/** Processes start slowly on a busy machine, and a lease is half a minute. */
const TIME = 300_000;

async function openWorld({ onTestFinished }: Pick<TestContext, "onTestFinished">): Promise<FaultWorld> {
  const world = await openFaultWorld(postgres().url(await postgres().takeDatabase()));
  onTestFinished(() => world.close());
  return world;
}

function serves(application: ApplicationProcess, version: number): Promise<void> {
  return eventually(
    () => application.calls.at(-1)?.version === version,
    () => [application.calls.at(-1), application.notices],
  );
}

async function change(
  world: FaultWorld,
  url: string,
  [what, body]: readonly [string, object],
): Promise<void> {
  const asked = { environment: "production", reason: "test", ...body };
  expect(await world.ask(url, ["POST", `/prompts/${PROMPT}/${what}`, asked])).toMatchObject({ status: 200 });
}

// Side by side: one of them waits for half a minute.
test.concurrent(
  "A release and a rollback at one server reach an application of the other",
  async (context) => {
    const world = await openWorld(context);
    const [here, there] = await Promise.all([world.startServer(), world.startServer()]);
    const application = await world.startApplication({ url: there.url, name: "far" });
    await change(world, here.url, ["releases", { version: 2 }]);
    await serves(application, 2);
    await change(world, here.url, ["rollbacks", {}]);
    await serves(application, 1);
    await application.stop();
    expectReleased(application, [1, 2]);
    await expectEachRowOnce(world, [application]);
  },
  TIME,
);

test.concurrent(
  "Servers that are killed while applications send lose no row and store none twice",
  async (context) => {
    const world = await openWorld(context);
    let server = await world.startServer();
    const applications = await Promise.all(
      ["one", "two", "three"].map((name) => world.startApplication({ url: server.url, name })),
    );
    for (let times = 0; times < 2; times++) {
      for (const application of applications) application.burst(1_500);
      await takesIn(server);
      await server.kill();
      for (const application of applications) await goesOn(application, 20);
      server = await world.startServer({ port: server.port });
    }
    await Promise.all(applications.map((application) => application.stop()));
    for (const application of applications) expectReleased(application, [1]);
    await expectEachRowOnce(world, applications);
  },
  TIME,
);

test.concurrent(
  "A server that is told to end under load loses no row, and its applications move over to the other",
  async (context) => {
    const world = await openWorld(context);
    const [leaving, staying] = await Promise.all([world.startServer(), world.startServer()]);
    const network = await startNetwork([leaving.port, staying.port]);
    const applications = await Promise.all(
      ["one", "two"].map((name) => world.startApplication({ url: network.url, name })),
    );
    for (const application of applications) application.burst(2_000);
    await takesIn(leaving);
    expect(await leaving.terminate()).toBe(0);
    for (const application of applications) await goesOn(application, 50);
    await change(world, staying.url, ["releases", { version: 2 }]);
    await Promise.all(applications.map((application) => serves(application, 2)));
    await Promise.all(applications.map((application) => application.stop()));
    for (const application of applications) expectReleased(application, [1, 2]);
    await expectEachRowOnce(world, applications);
    await network.close();
  },
  TIME,
);

test.concurrent(
  "A job whose server is killed in the middle is done once by the other, which goes on telling of it",
  async (context) => {
    const world = await openWorld(context);
    const simulator = await startSimulator({ latencyMs: 200 });
    context.onTestFinished(() => simulator.close());
    await fillProject(world.harness, 60);
    await nameModels(world.desk, simulator.baseUrl);
    const flags = ["--allow-host", new URL(simulator.baseUrl).host];
    const servers = await Promise.all([world.startServer({ flags }), world.startServer({ flags })]);
    const input = { key: KEY, version: 1, environment: "staging", concurrency: 1 };
    const asked = await world.ask(servers[0].url, ["POST", "/evaluations", input]);
    expect(asked.status).toBe(202);
    const { id } = asked.said as Job;
    await eventually(
      () => simulator.served().length > 4,
      () => servers.map(({ log }) => log.at(-1)),
    );
    const [doing, other] = begun(servers[0], id) ? servers : [servers[1], servers[0]];
    await doing.kill();
    const before = await eventsOf(world, other.url, id);
    expect(before.length).toBeGreaterThan(0);
    const jobs = async (): Promise<Job> => (await world.ask(other.url, ["GET", `/jobs/${id}`])).said as Job;
    expect(await jobs()).toMatchObject({ state: "running", tries: 1 });
    await eventually(
      async () => (await jobs()).state === "done",
      () => other.log.slice(-5),
    );
    expect(begun(other, id)).toBe(true);
    expect(await jobs()).toMatchObject({ tries: 2, output: { end: { kind: "complete" }, lines: 20 } });
    const events = await eventsOf(world, other.url, id);
    expect(events.map(({ n }) => n)).toEqual(events.map((_, at) => at + 1));
    expect(events.slice(0, before.length)).toEqual(before);
    expect(events.length).toBeGreaterThan(before.length);
    expect(await world.harness.records.listRecords({ kinds: ["run"] })).toHaveLength(1);
    // The one call that was under way when its server was killed may be paid for again.
    expect(simulator.served().length).toBeLessThanOrEqual(21);
  },
  TIME,
);

function begun({ log }: ServerProcess, id: string): boolean {
  return log.some((line) => line.includes("a job begins") && line.includes(id));
}

async function eventsOf(world: FaultWorld, url: string, id: string): Promise<readonly JobEvent[]> {
  return (await world.ask(url, ["GET", `/jobs/${id}/events?after=0`])).said as readonly JobEvent[];
}
