/** Tests of `colophon rollout` and `colophon watch` on a store of their own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { anExecution } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld, promptFile, type Ran } from "../cli-world.fixture.ts";

const PROD = ["--env", "production"];
const PLAN = {
  steps: ["50%", "100%"],
  dwell: "1s",
  units: 1,
  guards: [
    { metric: "errors" },
    { metric: "errors", above: "50%", minimum: 5 },
    { metric: "cost", action: "hold" },
  ],
  clearing: [],
};

/** Without an amount that people would have to weigh before everybody is served. */
const UNWEIGHED = { ...PLAN, guards: [{ metric: "errors" }] };

let world: CliWorld;
beforeEach(async () => {
  world = openWorld();
  await fillWorld(world);
  world.write("plan.json", PLAN);
});
afterEach(() => world.close());

const start = (...more: readonly string[]): Promise<Ran> =>
  world.run([
    ...["rollout", "start", `${KEY}@v2`, ...PROD, "--plan", "plan.json", "--reason", "clearer", "--json"],
    ...more,
  ]);
const status = async () => (await world.run(["rollout", "status", KEY, ...PROD, "--json"])).json();
const rollout = (...words: readonly string[]): Promise<Ran> =>
  world.run(["rollout", words[0] as string, KEY, ...PROD, ...words.slice(1), "--json"]);

/** Calls of the rollout's challenger and its control, in turn. */
async function serve(calls: number, failing: (version: number) => boolean): Promise<void> {
  const harness = await world.open();
  const records = await harness.records.listRecords({ key: KEY, kinds: ["rollout"] });
  const last = records.at(-1);
  if (last?.kind !== "rollout") throw new Error("There is no rollout.");
  const rows = Array.from({ length: calls }, (_, at) => {
    const draw = ((at + 0.5) * 0.618_033_988_749_895) % 1;
    const canary = draw < 0.5;
    const version = canary ? 2 : 1;
    return anExecution(harness.ids, {
      version,
      lane: canary ? "canary" : "control",
      revision: last.revision,
      assignment: { salt: last.data.salt, draw, probability: 0.5 },
      ...(failing(version) ? { status: "error", error: "server 500" } : {}),
    });
  });
  await harness.ledger.append(rows);
  await harness.close();
}

describe("colophon rollout", () => {
  test("starts by its plan, and warns that nobody watches", async () => {
    const started = await start();
    expect(started.json()).toMatchObject({
      state: "ramping",
      step: 0,
      share: 0.5,
      members: [{ key: KEY, versions: [2], baseline: 1 }],
    });
    expect(started.err).toContain("Nobody watches");
    expect(started.err).toContain("colophon watch");
  });

  test("tells where it stands without a watcher", async () => {
    await start();
    await serve(40, () => false);
    const told = await status();
    expect(told).toMatchObject({ state: "ramping", step: 0, share: 0.5, watched: false });
    expect(told).toMatchObject({ mismatch: { state: "watching", units: 40 }, next: { moves: false } });
    const guards = told.guards as readonly object[];
    expect(guards).toHaveLength(3);
    expect(guards[0]).toMatchObject({ metric: "errors", state: "watching", units: 20 });
    for (const field of ["evidence", "limit"]) expect(guards[0]).toHaveProperty(field);
    const people = await world.run(["rollout", "status", KEY, ...PROD]);
    expect(people.out).toContain("step 1 of 2");
    expect(people.err).toContain("Nobody watches");
    expect((await world.run(["doctor", "--json"])).out).toContain('"unwatched"');
  });

  test("is held, goes on and ends as people say, each with a reason", async () => {
    await start();
    expect((await rollout("pause")).code).toBe(2);
    expect((await rollout("pause", "--reason", "wait")).json()).toMatchObject({ state: "holding" });
    expect((await rollout("resume", "--reason", "on", "--accept", "refused")).err).toContain("cost");
    expect((await rollout("resume", "--reason", "on")).json()).toMatchObject({ state: "ramping" });
    expect((await rollout("abort", "--reason", "no")).json()).toMatchObject({
      state: "rolled-back",
      share: 0,
    });
    expect(await status()).toMatchObject({ state: "rolled-back", next: null, warnings: [] });
    const listed = (await world.run(["rollout", "list", "--json"])).rows();
    expect(listed).toMatchObject([{ key: KEY, versions: [2], state: "rolled-back", by: "grace" }]);
    expect((await world.run(["rollout", "list", "--open", "--json"])).rows()).toEqual([]);
  });

  test("an approval says all three, by somebody else than the author", async () => {
    world.write("plan.json", { ...PLAN, approvals: 1 });
    await start();
    const yes = ["--safety", "yes", "--compliance", "yes", "--style", "yes"];
    expect((await rollout("approve", "--safety", "yes")).err).toContain("--compliance");
    expect((await rollout("approve", ...yes)).err).toContain("grace made");
    const said = await world.run(["rollout", "approve", KEY, ...PROD, ...yes, "--json"], {
      env: { USER: "ada" },
    });
    expect(said.json()).toMatchObject({ inFavour: true, versions: [{ key: KEY, version: 2 }] });
  });

  test("takes part of the traffic, sampling, and several prompts or arms", async () => {
    world.write("three.json", promptFile("Which one? {{ticket}}"));
    await world.run(["register", "three.json"]);
    expect((await start("--where", "tenannt=acme")).err).toContain("tenant=");
    const named = `${KEY}@v2,${KEY}@v3`;
    const command = ["rollout", "start", named, ...PROD, "--reason", "which", "--json"];
    const started = await world.run([
      ...command,
      "--policy",
      "mol-ts",
      "--where",
      "tenant=acme,documentType=mail",
    ]);
    expect(started.json()).toMatchObject({
      members: [{ versions: [2, 3] }],
      plan: { policy: { kind: "mol-ts", objectives: [{ metric: "errors" }] } },
    });
    expect((await rollout("approve", "--safety", "yes", "--compliance", "yes", "--style", "yes")).code).toBe(
      2,
    );
  });

  test.each([
    [["rollout", "start", KEY, "--reason", "x"], "names no version"],
    [["rollout", "status", KEY], "never had a rollout in development"],
    [["rollout", "pause", KEY, "--reason", "x"], "no open rollout"],
    [["watch", "--webhook", "ftp://example.com/x"], "no http or https address"],
    [["watch", "--drill-every", "7d"], "add --env production"],
  ])("%s is refused", async (args, said) => {
    const { code, err } = await world.run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  });
});

describe("colophon watch --once", () => {
  const once = (...more: readonly string[]) => world.run(["watch", "--once", "--json", ...more]);

  test("moves a rollout on when it may, and says so", async () => {
    world.write("plan.json", UNWEIGHED);
    await start();
    await serve(40, () => false);
    world.clock.advance(1_000);
    const moved = (await once()).json();
    expect(moved).toMatchObject({
      standby: false,
      problems: [],
      rollouts: [{ advanced: { moved: true, step: 1 } }],
    });
    world.clock.advance(1_000);
    await once();
    expect((await world.run(["resolve", KEY, ...PROD, "--json"])).json()).toMatchObject({ version: 1 });
  });

  test("rolls back what fails, alerts on stderr, and brings the alert to a webhook", async () => {
    const bodies: string[] = [];
    const receiver = createServer(async (request, response) => {
      bodies.push(await text(request));
      response.end();
    });
    await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
    await start();
    await serve(40, (version) => version === 2);
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const ran = await once("--webhook", url);
    await new Promise((done) => receiver.close(done));
    expect(ran.err).toContain("ALERT");
    const iso = expect.stringMatching(/^2026-.*Z$/);
    expect(ran.json()).toMatchObject({
      alerts: [{ since: iso, at: iso }],
      rollouts: [{ advanced: { until: null, alert: { since: iso } } }],
    });
    expect(ran.err).toContain("errors is 100 %");
    expect(await status()).toMatchObject({ state: "rolled-back", cause: "guard" });
    expect(bodies.map((body) => JSON.parse(body))).toMatchObject([{ key: KEY, action: "rolled-back" }]);
    const told = (await once("--webhook", url)).json();
    expect(told).toMatchObject({ alerts: [], rollouts: [] });
    expect(bodies).toHaveLength(1);
  });
});

test("watching tells what it does in lines until it is interrupted, and another stands by", async () => {
  world.write("plan.json", UNWEIGHED);
  await start();
  await serve(40, () => false);
  world.clock.advance(1_000);
  const ends = new AbortController();
  const first = world.run(["watch", "--json"], { signal: ends.signal });
  await expect.poll(async () => (await status()).step, { timeout: 20_000 }).toBe(1);
  expect((await world.run(["watch", "--once"])).out).toContain("stands by");
  ends.abort();
  const { code, out } = await first;
  expect(code).toBe(0);
  const events = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toMatchObject([{ event: "watching" }, { event: "rollout", key: KEY, step: 1 }]);
  expect((await world.run(["watch", "--once"])).out).toContain("Watching.");
});
