/** Applications whose network to the server breaks: none of them waits for it, and what they recorded arrives, each row once. */
import { afterAll, beforeAll, expect, test } from "vitest";
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
} from "./fault-world.fixture.ts";
import { type Network, startNetwork } from "./network.fixture.ts";

interface Broken {
  readonly name: string;
  readonly application: ApplicationProcess;
  readonly network: Network;
}

let world: FaultWorld;
let server: ServerProcess;

beforeAll(async () => {
  world = await openFaultWorld();
  server = await world.startServer();
}, 180_000);
afterAll(() => world.close());

test("A network that is cut, slow or half-open holds up no call, and all rows and the next release come through it when it is mended", async () => {
  const broken: Broken[] = await Promise.all(
    ["cut", "slow", "half-open"].map(async (name) => {
      const network = await startNetwork([server.port]);
      return { name, network, application: await world.startApplication({ url: network.url, name }) };
    }),
  );
  const [cut, slow, halfOpen] = broken as [Broken, Broken, Broken];
  const arrived = async (): Promise<boolean> => (await world.stored()).length > 100;
  await eventually(arrived, () => broken.map(({ application }) => application.notices));

  cut.network.cut();
  slow.network.slow(100);
  halfOpen.network.strand();
  const before = (await world.stored()).length;
  await Promise.all(broken.map(({ application }) => goesOn(application, 300)));
  const release = { version: 2, environment: "production", reason: "better" };
  const { status } = await world.ask(server.url, ["POST", `/prompts/${PROMPT}/releases`, release]);
  expect(status).toBe(200);
  await Promise.all(broken.map(({ application }) => goesOn(application, 300)));
  // The faults were real: of all these calls little more than what was under way has arrived.
  expect((await world.stored()).length - before).toBeLessThan(600);

  for (const { network } of broken) network.mend();
  await Promise.all(
    broken.map(({ application }) =>
      eventually(
        () => application.calls.at(-1)?.version === 2,
        () => application.notices,
      ),
    ),
  );
  for (const { application } of broken) await application.stop();
  for (const { application } of broken) expectReleased(application, [1, 2]);
  await expectEachRowOnce(
    world,
    broken.map(({ application }) => application),
  );
  for (const { network } of broken) await network.close();
}, 240_000);
