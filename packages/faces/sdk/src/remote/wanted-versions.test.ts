/** What is remembered of versions that have not come. */
import { systemRandom } from "@colophon/kernel";
import { expect, test } from "vitest";
import { QUICK } from "./quick-pace.fixture.ts";
import { KEY, startServer } from "./server.fixture.ts";
import { ServerCalls } from "./server-calls.ts";
import { serverPlace } from "./server-place.ts";
import { WantedVersions } from "./wanted-versions.ts";

test("Of versions that have not come only so many are remembered: those that were asked for last, and what the code needs before pins of calls", async ({
  onTestFinished,
}) => {
  const server = await startServer();
  const calls = new ServerCalls(serverPlace(server.url, KEY));
  const wanted = new WantedVersions({
    ...{ calls, environment: "production", random: systemRandom, pace: QUICK, found: () => undefined },
    mostMissing: 2,
  });
  onTestFinished(async () => {
    wanted.close();
    calls.close();
    await server.stop();
  });
  const ask = (version: number, isPassing: boolean): boolean => {
    wanted.add({ key: "a.prompt", version, isPassing }, undefined);
    return wanted.isComing("a.prompt", version);
  };
  // Nothing has been said of any yet, as while the server is away.
  expect([ask(1, false), ask(2, true), ask(3, true)]).toEqual([true, true, true]);
  expect([1, 2, 3].map((version) => wanted.isComing("a.prompt", version))).toEqual([true, false, true]);
  expect(await wanted.wait({ timeoutMs: 60_000, patient: true })).toEqual([]);
  // Only what was forgotten is as new.
  expect([ask(1, false), ask(3, true), ask(2, true)]).toEqual([false, false, true]);
});
