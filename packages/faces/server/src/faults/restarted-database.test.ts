/** A PostgreSQL that is stopped, and one that crashes, under two servers, and comes back: no call hears of it, and every row arrives once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PostgresServer, startServer } from "@colophon/storage/postgres/server.fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  eventually,
  expectEachRowOnce,
  expectReleased,
  type FaultWorld,
  goesOn,
  openFaultWorld,
  PROMPT,
  type ServerProcess,
  statusOf,
  takesIn,
} from "./fault-world.fixture.ts";

const TIME = 300_000;

let postgres: PostgresServer;
let end: () => Promise<void>;
let world: FaultWorld;

beforeAll(async () => {
  // What is acknowledged must be in its log: a crash is what is tested.
  const started = await startServer({ settings: ["synchronous_commit=on"] });
  postgres = started.server;
  end = started.end;
  world = await openFaultWorld(postgres.url(await postgres.takeDatabase()));
}, TIME);

afterAll(async () => {
  await world.close();
  await end();
}, TIME);

/** Kills it so that it can write nothing more. */
async function crash(): Promise<void> {
  const [row] = await postgres.run("postgres", "SHOW data_directory");
  const pid = readFileSync(join(String(row?.data_directory), "postmaster.pid"), "utf8").split("\n")[0];
  process.kill(Number(pid), "SIGKILL");
}

/** It does not start as long as a process of the one that crashed is left. */
async function startAgain(): Promise<void> {
  let isUp = false;
  await eventually(
    async () => {
      await postgres.start().then(
        () => {
          isUp = true;
        },
        () => undefined,
      );
      return isUp;
    },
    () => "a database that starts",
  );
}

function ready(servers: readonly ServerProcess[], status: number): Promise<void> {
  return eventually(
    async () => {
      const found = await Promise.all(servers.map(({ url }) => statusOf(`${url}/readyz`)));
      return found.every((one) => one === status);
    },
    () => servers.map(({ log }) => log.at(-1)),
  );
}

test(
  "While the database is gone servers say that they are not ready, calls get what was released, and rows wait",
  async () => {
    const servers = await Promise.all([world.startServer(), world.startServer()]);
    const applications = await Promise.all(
      servers.map(({ url }, at) => world.startApplication({ url, name: `application-${at}` })),
    );
    for (const goAway of [postgres.stop, crash]) {
      for (const application of applications) application.burst(1_000);
      await Promise.all(servers.map(takesIn));
      await goAway();
      await ready(servers, 503);
      for (const application of applications) await goesOn(application, 200);
      await startAgain();
      await ready(servers, 200);
    }
    const release = { version: 2, environment: "production", reason: "better" };
    const [first] = servers;
    const { status } = await world.ask(first.url, ["POST", `/prompts/${PROMPT}/releases`, release]);
    expect(status).toBe(200);
    for (const application of applications) {
      await eventually(
        () => application.calls.at(-1)?.version === 2,
        () => application.notices,
      );
    }
    await Promise.all(applications.map((application) => application.stop()));
    for (const application of applications) expectReleased(application, [1, 2]);
    await expectEachRowOnce(world, applications);
  },
  TIME,
);
