/** Tests of metrics, guards and drills at the command line: what people read, what scripts get, what is refused. */
import { anExecution, anOutcome } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld } from "../cli-world.fixture.ts";
import { durationWords } from "./guard-table.ts";

const ENV = ["--env", "production"];

let world: CliWorld;
beforeEach(async () => {
  world = openWorld();
  await fillWorld(world);
});
afterEach(() => world.close());

async function serve(calls: number, fields: Parameters<typeof anExecution>[1] = {}): Promise<void> {
  const harness = await world.open();
  try {
    const rows = Array.from({ length: calls }, (_, at) =>
      anExecution(harness.ids, { prompt: KEY, schemaOk: at > 0, ...fields }),
    );
    await harness.ledger.append(rows);
    const thumbs = rows.map((row, at) =>
      anOutcome(harness.ids, row.id, { name: "thumbs", value: at % 2 === 0 }),
    );
    await harness.ledger.appendOutcomes(thumbs);
  } finally {
    await harness.close();
  }
}

describe("metrics", () => {
  test("shows people each figure with its interval and count, and a dash with the reason where there is none", async () => {
    await serve(20);
    const { code, out } = await world.run(["metrics", KEY, ...ENV]);
    expect(code).toBe(0);
    const line = (metric: string) => out.split("\n").find((one) => one.includes(` ${metric} `));
    expect(line("schemaOk")).toMatch(/production +v1 +schemaOk +95 % +76 % to 99 % +20/);
    expect(line("thumbsDown")).toMatch(/50 % +30 % to 70 % +20/);
    expect(line("quality")).toMatch(/quality +– +– +0 .*nobody has said it/);
    expect(line("latency")).toMatch(/640 +640 to 640 +20 +6\d\d +6\d\d +6\d\d/);
    expect(line("cost")).toMatch(/\$0\.\d+ in all/);
    expect(out).toContain("read from the newest 20 calls");
    expect((await world.run(["metrics", KEY, "--env", "staging"])).out).toContain("No served calls.");
  });

  test("gives scripts a row for each place, and shadowed calls only where they are asked for", async () => {
    await serve(3);
    await serve(2, { purpose: "shadow", lane: "shadow", version: 2 });
    const rows = (await world.run(["metrics", KEY, "--by", "lane,day", "--json"])).rows();
    expect(rows).toMatchObject([
      { environment: "production", lane: "live", day: "2026-03-16T00:00:00.000Z", calls: 3, shadow: null },
    ]);
    const shadow = await world.run(["metrics", KEY, "--lane", "shadow"]);
    expect(shadow.out).toMatch(
      /differs from live +– .*insufficient: contents not captured|nothing was shadowed/,
    );
    expect(shadow.out).toMatch(/v2 +calls +2/);
  });

  test("off-policy says what it cannot know, and reads shares from a line or a file", async () => {
    await serve(5);
    const none = await world.run(["metrics", "off-policy", KEY, ...ENV]);
    expect(none.out).toContain("No call was drawn by a rollout");
    world.write("policy.yaml", "v1: 0.5\nv2: 50%\n");
    for (const policy of ["v1=0.5,v2=0.5", "policy.yaml"]) {
      const asked = await world.run(["metrics", "off-policy", KEY, ...ENV, "--policy", policy, "--json"]);
      expect(asked.rows()).toMatchObject([{ status: "insufficient", ips: null, undrawn: 5 }]);
    }
    const people = await world.run(["metrics", "off-policy", KEY, ...ENV, "--policy", "v1=1"]);
    expect(people.out).toMatch(/v1 100 % +– .*insufficient: No scored draw served v1/);
  });

  test.each([
    [["metrics", KEY, "--by", "versoin"], /did you mean version/],
    [["metrics", `${KEY}@v1`], /names a version/],
    [["metrics", KEY, "--lane", "dark"], /--lane dark is unknown/],
    [["metrics", "off-policy", KEY, "--lane", "live"], /takes no --lane/],
    [["metrics", "off-policy", KEY, "--best", "1"], /both --best and --worst/],
    [["metrics", "off-policy", KEY, "--policy", "v1=0.4"], /add up to 0.4/],
    [["guards", "set", KEY, "errors", "--reason", "x"], /one of --above and --below/],
    [["guards", "set", KEY, "errors", "--above", "0.1", "--below", "0.2"], /one of --above and --below/],
    [["guards", "set", KEY, "errors", "--against", "predecessor", "--above", "1"], /takes --ratio/],
    [["guards", "set", KEY, "errors", "--above", "0.1"], /needs a written reason/],
    [["guards", "set", KEY, "errors", "--above", "much", "--reason", "x"], /--above takes a number/],
    [
      ["guards", "set", KEY, "errors", "--above", "0.1", "--window", "long", "--reason", "x"],
      /--window takes/,
    ],
    [["guards", "remove", KEY, "nothing", "--reason", "x"], /has no standing guard nothing/],
    [["guards", "tune", KEY, "--metric", "bought"], /which way is worse/],
    [["watch", "--once", "--score-sample", "300%"], /--score-sample takes a share above 0/],
    [["watch", "--once", "--score-sample", "0"], /--score-sample takes a share above 0/],
    [["watch", "--once", "--score-budget", "3"], /--score-budget takes amounts/],
    [
      ["watch", "--once", ...ENV, "--drill-every", "7d", "--drill-share", "500%"],
      /--drill-share takes a share/,
    ],
    [["watch", "--once", "--env", "prodution", "--drill-every", "7d"], /did you mean production/],
    [
      ["rollout", "start", `${KEY}@v2`, ...ENV, "--where", "tenant=a,tenant=b", "--reason", "x"],
      /names tenant twice/,
    ],
    [["drill"], /Nothing is named/],
    [["drill", KEY, "--all"], /given at once/],
    [["drill", KEY, ...ENV, "--share", "2"], /for a share of 2/],
    [["drill", KEY, ...ENV], /has nothing to go back to in production/],
  ])("%j is refused in one sentence", async (args, sentence) => {
    const { code, err, out } = await world.run(args);
    expect([code === 0, out]).toEqual([false, ""]);
    expect(err).toMatch(sentence);
  });
});

describe("guards", () => {
  const SET = ["guards", "set", KEY, "schemaOk", "--below", "96%", ...ENV, "--minimum", "10"];

  test("are set, listed with where they stand, and taken away", async () => {
    const set = await world.run([...SET, "--action", "rollback", "--reason", "JSON or nothing", "--json"]);
    expect(set.json()).toMatchObject({ limit: 0.96, window: 3_600_000, measure: "mean", unchanged: false });
    const again = await world.run([...SET, "--action", "rollback", "--reason", "JSON or nothing"]);
    expect(again.out).toContain("like that already");
    const ratio = ["--against", "predecessor", "--ratio", "1.5", "--window", "1d", "--reason", "slow"];
    await world.run(["guards", "set", KEY, "latency", ...ENV, ...ratio]);
    await serve(20);
    const { out } = await world.run(["guards", KEY, ...ENV]);
    expect(out).toMatch(/schemaOk below 96 % +1h +10 +rollback +breached +v1 +95 % +20/);
    expect(out).toMatch(/latency above 1.5 × predecessor's +1d +30 +alert +no-data/);
    expect(out).toContain("Set because: JSON or nothing");
    const rows = (await world.run(["guards", KEY, "--json"])).rows<{ id: string; state: string }>();
    expect(rows.map(({ state }) => state)).toEqual(["breached", "no-data"]);
    const removed = await world.run([
      "guards",
      "remove",
      KEY,
      rows[0]?.id ?? "",
      "--reason",
      "gone",
      "--json",
    ]);
    expect(removed.json()).toMatchObject({ id: rows[0]?.id, metric: "schemaOk", reason: "gone" });
    expect((await world.run(["guards", KEY, "--json"])).rows()).toHaveLength(1);
  });

  test("are not proposed from a day's calls, and none is set", async () => {
    await serve(20);
    const { out, code } = await world.run(["guards", "tune", KEY, ...ENV, "--accept"]);
    expect(code).toBe(0);
    expect(out).toMatch(/errors +– .*insufficient: 0 windows on 0 days/);
    expect(out).toContain("Nothing was recorded.");
    expect((await world.run(["guards", KEY])).out).toContain("No standing guards");
  });

  test("say windows in the longest unit that is whole", () => {
    expect([86_400_000, 5_400_000, 1_000, 1_500].map(durationWords)).toEqual(["1d", "90m", "1s", "1500ms"]);
  });
});

describe("drill", () => {
  test("shows nothing without a process, which is no success", async () => {
    await world.run(["release", `${KEY}@v2`, ...ENV, "--reason", "better"]);
    const { code, out } = await world.run(["drill", KEY, ...ENV]);
    expect(code).toBe(1);
    expect(out).toContain("No drill of support.triage in production: no process is connected");
    const all = await world.run(["drill", "--all", ...ENV, "--json"]);
    expect([all.code, all.rows()]).toMatchObject([1, [{ key: KEY, status: "insufficient" }]]);
    expect((await world.run(["drill", "--all", "--env", "staging"])).out).toContain("Nothing there");
  });

  test("is what the doctor asks for once there is something to go back to", async () => {
    await world.run(["release", `${KEY}@v2`, ...ENV, "--reason", "better"]);
    const { code, out } = await world.run(["doctor"]);
    expect(code).toBe(0);
    expect(out).toContain("The rollback of support.triage in production was never rehearsed.");
  });
});
