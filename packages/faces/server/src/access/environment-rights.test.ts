/** What a right in one environment must not do to another one, where a request names both. */
import { registerPrompt, releaseVersion, setGuard } from "@colophon/harness";
import { buildText, type Scope } from "@colophon/kernel";
import { anExecution, anOutcome, seededIds } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openServerWorld, type ServerWorld } from "../server-world.fixture.ts";

const KEY = "support.triage";
const PROJECT = "/v1/projects/main";

let world: ServerWorld;
beforeEach(async () => {
  world = await openServerWorld();
});
afterEach(() => world.close());

function keyIn(environment: string, scopes: readonly Scope[]): Promise<string> {
  return world.key({ scopes, environments: [environment] });
}

async function liveInProduction() {
  const harness = await world.desk.project("main");
  const value = { key: KEY, owner: "support", model: "gpt-5-mini", body: "Sort the ticket." };
  await registerPrompt(harness, { value, file: "triage.yaml" });
  await releaseVersion(harness, { key: KEY, version: 1, environment: "production", reason: "first" });
  return harness;
}

describe("a right in staging", () => {
  it("takes no guard of production away, by its id either", async () => {
    const harness = await liveInProduction();
    const { guard } = await setGuard(harness, {
      ...{ key: KEY, environment: "production", metric: "schemaOk", direction: "below", limit: 0.95 },
      ...{ against: "limit", measure: "mean", minimum: 50, window: 3_600_000, action: "rollback" },
      reason: "answers have to be JSON",
    });
    const key = await keyIn("staging", ["release"]);
    const remove = (environment: string | undefined) =>
      world.ask("POST", `${PROJECT}/prompts/${KEY}/guards/remove`, {
        key,
        body: { guard: guard.id, reason: "in the way", ...(environment && { environment }) },
      });
    expect((await remove(undefined)).status).toBe(403);
    expect((await remove("production")).status).toBe(403);
    const answer = await remove("staging");
    expect([answer.status, answer.text.includes("no standing guard")]).toEqual([400, true]);
    const { prompts } = await harness.records.state();
    expect([...(prompts.get(KEY)?.guards.keys() ?? [])]).toEqual([guard.id]);
  });

  it("says of no judge how far it is to be trusted, which counts everywhere", async () => {
    const body = { judge: "colophon.judge.rubric", labelled: [], environment: "staging" };
    const limited = await keyIn("staging", ["evaluate"]);
    const answer = await world.ask("POST", `${PROJECT}/judges/calibrations`, { key: limited, body });
    expect(answer.status).toBe(403);
    const whole = await world.key({ scopes: ["evaluate"] });
    expect((await world.ask("POST", `${PROJECT}/judges/calibrations`, { key: whole, body })).status).toBe(
      202,
    );
  });

  it("changes no metadata of a prompt that is there, which holds everywhere, and says that it did not", async () => {
    const harness = await liveInProduction();
    const metadata = {
      risk: "low",
      owner: "me",
      evalSet: null,
      backup: [{ provider: "openai", id: "other" }],
    };
    const text = buildText({ model: "gpt-5-mini", body: "Sort it." });
    const declared = { key: KEY, text, bound: [], providers: ["openai"], tools: [], metadata };
    const body = {
      application: null,
      environment: "staging",
      number: false,
      declarations: [declared],
      commit: null,
    };
    const declare = async (key: string) =>
      (await world.ask("POST", `${PROJECT}/declarations`, { key, body })).json();
    expect(await declare(await keyIn("staging", ["record"]))).toMatchObject([{ keptMetadata: true }]);
    const owner = async () => (await harness.records.state()).prompts.get(KEY)?.metadata?.owner;
    expect(await owner()).toBe("support");
    expect(await declare(await world.key({ scopes: ["record"] }))).toMatchObject([{ changed: true }]);
    expect(await owner()).toBe("me");
  });

  it("speaks for no process of production", async () => {
    const harness = await world.desk.project("main");
    const follower = { application: "shop", environment: "production", revision: 0, appliedAt: 0 };
    await harness.coordination.follow({ id: "process-1", ...follower });
    const key = await keyIn("staging", ["resolve"]);
    const place = `${PROJECT}/followers/process-1`;
    expect((await world.ask("DELETE", place, { key })).status).toBe(403);
    const body = { ...follower, environment: "staging" };
    expect((await world.ask("PUT", place, { key, body })).status).toBe(403);
    expect(await harness.coordination.listFollowers(0)).toMatchObject([follower]);
    expect((await world.ask("PUT", `${PROJECT}/followers/process-2`, { key, body })).status).toBe(204);
    expect((await world.ask("DELETE", `${PROJECT}/followers/process-2`, { key })).status).toBe(204);
  });

  it("says nothing of a call of production, and goes on saying what it may", async () => {
    const harness = await world.desk.project("main");
    const ids = seededIds({ clock: world.clock, seed: "environment-rights" });
    const theirs = anExecution(ids, { environment: "production" });
    const own = anExecution(ids, { environment: "staging" });
    await harness.ledger.append([theirs, own]);
    const send = async (key: string) => {
      const rows = [anOutcome(ids, theirs.id), anOutcome(ids, own.id), anOutcome(ids, ids.next() as never)];
      const body = rows.map((row) => ({ kind: "outcome", row }));
      return (await world.ask("POST", `${PROJECT}/ledger`, { key, body })).json();
    };
    expect(await send(await keyIn("staging", ["record"]))).toMatchObject({
      stored: 2,
      refused: [{ index: 0, code: "not-allowed" }],
    });
    expect(await harness.ledger.listOutcomes([theirs.id])).toEqual([]);
    expect(await send(await world.key({ scopes: ["record"] }))).toMatchObject({ stored: 3, refused: [] });
  });
});
