/** An application that asks for versions by number, on `colophon serve` in a process that is killed and comes back. */
import { join } from "node:path";
import { registerPrompt } from "@colophon/harness";
import { FIRST_PROJECT } from "@colophon/kernel";
import { type Colophon, open } from "colophon";
import { expect, test } from "vitest";
import { type FaultWorld, openFaultWorld, PROMPT } from "./fault-world.fixture.ts";

const TIME = 180_000;
const WAIT = { timeoutMs: 60_000 };

async function makeKey({ desk }: FaultWorld): Promise<string> {
  const { secret } = await desk.installation.keys.create({
    ...{ name: "pins", project: FIRST_PROJECT, environments: null, scopes: ["resolve", "record"] },
    ...{ expires: null, by: "grace" },
  });
  return secret;
}

async function register({ harness }: FaultWorld, body: string): Promise<void> {
  const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
  const value = { key: PROMPT, owner: "support", model: "gpt-5-mini", input, body };
  await registerPrompt(harness, { value, file: "triage.yaml" });
}

const words = (colophon: Colophon, version: `v${bigint}`): string =>
  colophon.resolve(colophon.get(PROMPT, { version })).render({ ticket: "t" }).text;

test("A version that was never released is served after ready, by the disk while the server is gone, and a new one when it is back", {
  timeout: TIME,
}, async ({ onTestFinished }) => {
  const world = await openFaultWorld();
  onTestFinished(() => world.close());
  const server = await world.startServer();
  const apiKey = await makeKey(world);
  const openHere = (): Colophon => {
    const folder = join(world.folder, "pins");
    const place = { url: server.url, apiKey, folder, environment: "production" };
    const colophon = open({ ...place, application: "pins", mirror: false, onNotice: () => undefined });
    onTestFinished(() => colophon.close());
    return colophon;
  };
  const first = openHere();
  const second = first.get(PROMPT, { version: "v2" });
  expect(() => first.resolve(second).render({ ticket: "t" })).toThrowError(
    /pin v2 unknown-version not fetched yet; .*await colophon\.ready\(\)/,
  );
  expect(await first.ready(WAIT)).toMatchObject({ ready: true });
  expect(first.resolve(second).render({ ticket: "t" }).text).toBe("Second: t");
  expect(() => words(first, "v3")).toThrowError(/not fetched yet/);
  await first.prefetch([`${PROMPT}@v3`]);
  expect(() => words(first, "v3")).toThrowError(/\(pin v3 unknown-version\); ask for a version that exists/);
  await first.close();

  await server.kill();
  await register(world, "Third: {{ticket}}");
  const later = openHere();
  expect(words(later, "v2")).toBe("Second: t");
  await later.prefetch([`${PROMPT}@v3`]);
  expect(() => words(later, "v3")).toThrowError(/not fetched yet/);

  const ready = later.ready(WAIT);
  await world.startServer({ port: server.port });
  expect(await ready).toMatchObject({ ready: true });
  expect(words(later, "v3")).toBe("Third: t");
});
