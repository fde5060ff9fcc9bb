/** Tests `colophon simulator`: what it says, and that its flags reach the server. */
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, openWorld } from "../cli-world.fixture.ts";

let world: CliWorld;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

test("says that it is a simulation, and what to set for each client", async () => {
  const { out, code } = await world.run(["simulator"]);
  expect(code).toBe(0);
  expect(out).toContain("SIMULATION");
  expect(out).toMatch(/OPENAI_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/v1\n/);
  expect(out).toMatch(/ANTHROPIC_BASE_URL=http:\/\/127\.0\.0\.1:\d+\n/);
  expect(out).toMatch(/Google's baseURL: http:\/\/127\.0\.0\.1:\d+\/v1beta/);
});

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

/** Runs the command until the visit is over, with what it printed as JSON. */
async function visit(
  flags: readonly string[],
  visitor: (addresses: { readonly baseUrl: string; readonly url: string }) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = world.run(["simulator", "--port", String(port), ...flags], { signal: ending.signal });
  try {
    await expect
      .poll(
        () =>
          fetch(url).then(
            (page) => page.status,
            () => 0,
          ),
        { timeout: 5_000 },
      )
      .toBe(200);
    await visitor({ baseUrl: `${url}/v1`, url });
  } finally {
    ending.abort();
    await running;
  }
}

async function ask(
  baseUrl: string,
  model: string,
): Promise<{ readonly status: number; readonly fingerprint: unknown }> {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Is this a or b?\n\nx" }] });
  const response = await fetch(`${baseUrl}/chat/completions`, { method: "POST", body });
  const answer = (await response.json()) as { readonly system_fingerprint?: unknown };
  return { status: response.status, fingerprint: answer.system_fingerprint };
}

test("a rate of faults is handed on", async () => {
  await visit(["--latency", "0", "--fault-rate", "503=1"], async ({ baseUrl }) => {
    expect((await ask(baseUrl, "gpt-5")).status).toBe(503);
  });
});

test("faults, drift, new names and retirements are handed on", async () => {
  const flags = [
    ...["--latency", "0", "--fault", "429;times=2", "--fault", "500"],
    ...["--drift", "gpt-5-mini@2026-01-01=gpt-5-nano", "--model", "gpt-6=gpt-5"],
    ...["--retire", "gpt-5@2026-01-01T00:00:00Z"],
  ];
  await visit(flags, async ({ baseUrl, url }) => {
    const statuses: number[] = [];
    for (let request = 0; request < 4; request++) statuses.push((await ask(baseUrl, "gpt-6")).status);
    expect(statuses).toEqual([429, 429, 500, 200]);
    expect(await ask(baseUrl, "gpt-5-mini")).toMatchObject({
      fingerprint: expect.stringMatching(/^sim-gpt-5-nano-/),
    });
    expect((await ask(baseUrl, "gpt-5")).status).toBe(404);
    const served = (await (await fetch(`${url}/simulator/served`)).json()) as {
      readonly served: readonly object[];
    };
    expect(served.served).toHaveLength(6);
  });
});

describe("is refused in one sentence with", () => {
  test.each([
    ["an unreadable drift", ["--drift", "gpt-5-mini=gpt-5"], "MODEL@TIME=PROFILE"],
    ["a profile there is not", ["--drift", "gpt-5-mini@2026-01-01=gpt-9"], "gpt-9"],
    ["a time that is none", ["--retire", "gpt-5@soon"], "soon"],
    ["an unreadable fault", ["--fault", "gremlins"], "gremlins"],
    ["an unreadable rate", ["--fault-rate", "429=often"], "429=often"],
    ["an unreadable latency", ["--latency", "slow"], "slow"],
    ["a name without its profile", ["--model", "gpt-6"], "NAME=PROFILE"],
  ])("%s", async (_name, flags, words) => {
    const { err, code } = await world.run(["simulator", ...flags]);
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});
