/** Tests of `colophon approve`: what lets a version into a protected environment where no rollout asks. */
import type { EvidenceData } from "@colophon/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld, promptFile, type Ran } from "../cli-world.fixture.ts";

let world: CliWorld;
beforeEach(async () => {
  world = openWorld();
  await fillWorld(world);
  await done(["env", "protect", "staging", "--gate", "always", "--approvals", "1"]);
  await ship(2);
});
afterEach(() => world.close());

const WELL = ["--safety", "yes", "--compliance", "yes", "--style", "yes"];

async function done(args: readonly string[]): Promise<Ran> {
  const ran = await world.run(args);
  expect([ran.code, ran.err]).toEqual([0, ""]);
  return ran;
}

/** As a gate records it; nothing is live in staging that it could have been compared with. */
async function ship(version: number): Promise<void> {
  const harness = await world.open();
  const hash = (await harness.records.state()).prompts.get(KEY)?.versions.get(version)?.hash ?? "";
  const data: EvidenceData = {
    ...{
      id: `e${version}`,
      key: KEY,
      challenger: `v${version}`,
      hash,
      model: null,
      baseline: null,
      anchor: null,
    },
    ...{ environment: "staging", judges: [], verdict: "ship", mode: "noninferiority", runs: [] },
    evalSet: { name: "tickets", version: 1, hash: "h", split: "test" },
    ...{ difference: null, anchorDifference: null, margin: 0.02, alpha: 0.05, method: null, ratchet: null },
    ...{ vetoes: [], reasons: [], casesNeeded: null, testLooks: 1, document: "d" },
  };
  await harness.records.append(() => ({
    drafts: [{ kind: "evidence", by: harness.actor, data }],
    result: null,
  }));
  await harness.close();
}

function approve(who: string, version: number, ...flags: readonly string[]): Promise<Ran> {
  const args = ["approve", `${KEY}@v${version}`, "--env", "staging", ...flags];
  return world.run(args, { env: { USER: who } });
}

function release(version: number): Promise<Ran> {
  return world.run(["release", `${KEY}@v${version}`, "--env", "staging", "--reason", "better"]);
}

test("a version is released once somebody else than its author stands by it in all three", async () => {
  const refused = await release(2);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("asks for 1 approvals")]);
  const doubted = await approve("bob", 2, "--safety", "yes", "--compliance", "yes", "--style", "no");
  expect([doubted.code, doubted.out]).toEqual([0, expect.stringContaining("is not approved for staging")]);
  expect(doubted.out).toContain("It is not enough yet: staging asks for 1 approvals");
  expect((await release(2)).code).toBe(1);
  const approved = await approve("bob", 2, ...WELL, "--comment", "the tone is right now", "--json");
  expect(approved.json()).toMatchObject({
    ...{ key: KEY, version: 2, environment: "staging", inFavour: true, lacks: [], warnings: [] },
    revision: expect.any(Number),
  });
  expect((await release(2)).code).toBe(0);
});

test("nobody approves a version of their own", async () => {
  const own = await approve("grace", 2, ...WELL);
  expect([own.code, own.err]).toEqual([2, expect.stringContaining("cannot approve it: ask somebody else")]);
  expect((await release(2)).code).toBe(1);
});

test("another text needs another approval", async () => {
  await approve("bob", 2, ...WELL);
  world.write("three.json", promptFile("Sort this well: {{ticket}}"));
  await done(["register", "three.json"]);
  await ship(3);
  const refused = await release(3);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("asks for 1 approvals")]);
  await approve("bob", 3, ...WELL);
  expect((await release(3)).code).toBe(0);
});

test.each([
  ["all three", ["--safety", "yes", "--compliance", "yes"], "add --style yes"],
  ["a plain answer", ["--safety", "perhaps", "--compliance", "yes", "--style", "yes"], "--safety"],
])("a judgement needs %s", async (_, flags, words) => {
  const ran = await approve("bob", 2, ...flags);
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(words)]);
});

test("a judgement is about one version", async () => {
  const args = ["approve", KEY, "--env", "staging", ...WELL];
  const ran = await world.run(args, { env: { USER: "bob" } });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(`${KEY}@v7`)]);
});
