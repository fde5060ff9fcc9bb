/** Takes candidates through the house on SQLite: proposed, judged like versions, promoted, and never served. */
import { listVersions } from "@colophon/authoring";
import { getPrompt } from "@colophon/kernel";
import { triageBodies } from "@colophon/simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type EvaluationHouse,
  KEY,
  openEvaluationHouse,
} from "../evaluation/runs/evaluation-house.fixture.ts";
import { listEvidence } from "../evaluation/runs/gate-challenger.ts";
import { evaluate, gateChallenger, listLedger, protectEnvironment, releaseVersion } from "../index.ts";
import { addCandidate } from "./add-candidate.ts";
import { listCandidates } from "./list-candidates.ts";
import { promoteCandidate } from "./promote-candidate.ts";

let house: EvaluationHouse;
beforeEach(async () => {
  house = await openEvaluationHouse({ cases: 90 });
  await house.register("bare");
});
afterEach(() => house.close());

const ENVIRONMENT = "production";
const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const QUALITY = { guards: { cost: null, latencyP50: null, latencyP95: null, length: null } } as const;

function add(body: string, more: Partial<Parameters<typeof addCandidate>[1]> = {}) {
  const value = { owner: "somebody", model: "gpt-5-mini", input: INPUT, body };
  const command = { key: KEY, value, file: "idea.yaml", rationale: "an example helps", ...more };
  return addCandidate(house.harness, command);
}

async function release(version: number): Promise<void> {
  await releaseVersion(house.harness, { key: KEY, version, environment: ENVIRONMENT, reason: "try" });
}

describe("A candidate", () => {
  test("is a text alone: what its file says of the prompt is not taken over", async () => {
    expect(await add(triageBodies.exemplified)).toMatchObject({ candidate: 1, created: true });
    const state = await house.harness.records.state();
    expect(getPrompt(state, KEY).metadata?.owner).toBe("support");
    expect(await add(triageBodies.exemplified)).toMatchObject({ candidate: 1, created: false });
    expect(await add(triageBodies.bare)).toMatchObject({ candidate: null, version: 1, created: false });
  });

  test("is refused as a registration is, and under another prompt's name", async () => {
    const refused = (code: string) => expect.objectContaining({ code });
    await expect(add("{{#if}}")).rejects.toThrow(refused("template-syntax"));
    await expect(add("Sort {{tiket}}.")).rejects.toThrow(refused("misfit"));
    await expect(add("{{> nowhere@v3}} {{ticket}}")).rejects.toThrow(refused("partial-missing"));
    await expect(add("x {{ticket}}", { key: "support.trage" })).rejects.toThrow(refused("key-unknown"));
    const other = { key: "support.reply", model: "gpt-5-mini", input: INPUT, body: "{{ticket}}" };
    await expect(add("", { value: other })).rejects.toThrow("is about support.reply, not support.triage");
    expect(await listCandidates(house.harness, KEY)).toEqual([]);
  });

  test("is evaluated and gated like a version, in rows and records that name it", async () => {
    await release(1);
    await add(triageBodies.exemplified);
    const about = { key: KEY, candidate: 1, set: "tickets", environment: ENVIRONMENT } as const;
    expect(await evaluate(house.harness, about, house.parts)).toMatchObject({ subject: "c1", version: null });
    const answer = await gateChallenger(house.harness, { ...about, ...QUALITY }, house.parts);
    expect(answer).toMatchObject({ challenger: "c1", baseline: "v1" });
    const [evidence] = await listEvidence(house.harness, KEY);
    expect(evidence).toMatchObject({ challenger: "c1", id: answer.evidenceId });
    const runs = await house.harness.records.listRecords({ key: KEY, kinds: ["run"] });
    const subjects = runs.flatMap(({ kind, data }) => (kind === "run" ? [data.subject] : []));
    expect(subjects).toEqual(["c1", "v1", "c1"]);
    await house.harness.spools.drain();
    const rows = await listLedger(house.harness, { prompt: KEY, limit: 500 });
    const own = rows.filter(({ hash }) => hash === evidence?.hash);
    expect(own.length).toBeGreaterThanOrEqual(90);
    expect(own.every(({ version, purpose }) => version === null && purpose === "eval")).toBe(true);
    expect(await listCandidates(house.harness, KEY)).toMatchObject([
      { candidate: 1, verdict: answer.verdict, decision: null, version: null },
    ]);
    await expect(gateChallenger(house.harness, { ...about, candidate: 2 }, house.parts)).rejects.toThrow(
      "has no candidate c2: its newest is c1",
    );
  });
});

describe("A promotion", () => {
  test("makes a version of the candidate, with source, author, parent and message, and releases nothing", async () => {
    await release(1);
    await add(triageBodies.exemplified);
    await add(triageBodies.defined, { parent: "c1", origin: "external", rationale: "shorter" });
    const before = await house.harness.records.revision();
    expect(await promoteCandidate(house.harness, { key: KEY, candidate: 2 })).toMatchObject({
      version: 2,
      unchanged: false,
    });
    const written = await house.harness.records.listRecords({ after: before });
    expect(written.map(({ kind }) => kind)).toEqual(["version", "decision"]);
    const [newest] = listVersions(await house.harness.records.state(), KEY);
    expect(newest).toMatchObject({ version: 2, source: "candidate", parent: 1, message: "shorter" });
    expect(newest).toMatchObject({ author: house.harness.actor.id, releases: [] });
    const again = await promoteCandidate(house.harness, { key: KEY, candidate: 2 });
    expect(again).toMatchObject({ version: 2, unchanged: true });
    expect(await house.harness.records.revision()).toBe(before + 2);
  });

  test("opens no environment by what the gate said of the candidate; the version is asked from kept answers", async () => {
    await release(1);
    await protectEnvironment(house.harness, { name: ENVIRONMENT, gate: "always" });
    await add(triageBodies.exemplified);
    const about = { key: KEY, set: "tickets", environment: ENVIRONMENT, ...QUALITY } as const;
    const proposed = await gateChallenger(house.harness, { ...about, candidate: 1 }, house.parts);
    expect(proposed.verdict).toBe("ship");
    const { version } = await promoteCandidate(house.harness, { key: KEY, candidate: 1 });
    await expect(release(version)).rejects.toThrow("no ship evidence");
    const calls = house.simulator.served().length;
    const own = await gateChallenger(house.harness, { ...about, version }, house.parts);
    expect(own).toMatchObject({ verdict: "ship", challenger: "v2", unchanged: false, testLooks: 1 });
    expect(own.evidenceId).not.toBe(proposed.evidenceId);
    expect(house.simulator.served()).toHaveLength(calls);
    const evidence = await listEvidence(house.harness, KEY);
    expect(evidence.map(({ challenger }) => challenger)).toEqual(["c1", "v2"]);
    expect(new Set(evidence.map(({ hash }) => hash)).size).toBe(1);
  });
});
